/* SPDX-License-Identifier: MIT */
/*
 * Events: a rendezvous that carries one word from thread to thread (the seed is HOS). Each thread is
 * its own address. Sender and receiver wait for each other; the word passes when both are there,
 * and it passes exactly once: a sender whose wait timed out was never heard.
 */
#ifndef TESSERA_EVENT_H
#define TESSERA_EVENT_H

#include <tessera/thread.h>

#ifdef CONFIG_IPC_EVENT

struct event {
	struct thread *sender; /* may have ended since, if it sent without waiting for an answer */
	unsigned long word;
#ifdef CONFIG_USER_MODE
	int sender_tid; /* noted while it certainly lives; 0: a kernel thread */
#endif
};

#ifdef CONFIG_USER_MODE
static __always_inline void event_set_sender(struct event *event, struct thread *sender)
{
	event->sender = sender;
	event->sender_tid = sender->tid;
}
#else
static __always_inline void event_set_sender(struct event *event, struct thread *sender)
{
	event->sender = sender;
}
#endif

/*
 * Gives `word` to `receiver`, waiting at most `timeout` nanoseconds until it receives. 0; -ETIMEDOUT
 * (-EAGAIN for 0); -EINTR: the caller is being killed; -ESRCH: the receiver has ended or ends while
 * waiting; -EDEADLK: to itself. Thread context. O(1), waiting O(waiters of lower priority).
 */
int event_send_forever(struct thread *receiver, unsigned long word);
int event_send_timeout(struct thread *receiver, unsigned long word, uint64_t timeout);

static __always_inline int event_send(struct thread *receiver, unsigned long word, uint64_t timeout)
{
	if (__builtin_constant_p(timeout) && timeout == FOREVER)
		return event_send_forever(receiver, word);
	return event_send_timeout(receiver, word, timeout);
}

/* Takes the next event, waiting at most `timeout`. 0; -ETIMEDOUT (-EAGAIN for 0); -EINTR. *event is
 * set on success only. */
int event_receive_forever(struct event *event);
int event_receive_timeout(struct event *event, uint64_t timeout);

static __always_inline int event_receive(struct event *event, uint64_t timeout)
{
	if (__builtin_constant_p(timeout) && timeout == FOREVER)
		return event_receive_forever(event);
	return event_receive_timeout(event, timeout);
}

/*
 * Sends, then receives, in one operation: what a client does per call and a server per answer. The
 * timeout counts for the whole; the errors are those of both. After an error of the send nothing was
 * received; -ETIMEDOUT and -EINTR leave open which half it was.
 */
int event_exchange_forever(struct thread *receiver, unsigned long word, struct event *event);
int event_exchange_timeout(struct thread *receiver, unsigned long word, struct event *event,
			   uint64_t timeout);

static __always_inline int event_exchange(struct thread *receiver, unsigned long word,
					  struct event *event, uint64_t timeout)
{
	if (__builtin_constant_p(timeout) && timeout == FOREVER)
		return event_exchange_forever(receiver, word, event);
	return event_exchange_timeout(receiver, word, event, timeout);
}

/* Ends the wait of everybody who sends to a thread that ends. Called by thread_exit, masked. */
void event_abandon_senders(struct thread *thread);

static inline void event_thread_exit(struct thread *thread)
{
	if (unlikely(!wait_queue_empty(&thread->event_senders)))
		event_abandon_senders(thread);
}

static inline void event_thread_init(struct thread *thread)
{
	wait_queue_init(&thread->event_senders);
}

#else

static inline void event_thread_exit(struct thread *thread)
{
	(void)thread;
}

static inline void event_thread_init(struct thread *thread)
{
	(void)thread;
}

#endif
#endif

// SPDX-License-Identifier: MIT
/*
 * Events (event.h). A receiver that waits is on no queue: its sender knows it and finds waiting_on
 * set to WAIT_EVENT. A sender that waits stands on the receiver's queue event_senders with its word
 * in the thread structure. Whoever comes second carries the word over and ends the other's wait,
 * with interrupts masked; a timeout or a kill that came first has already taken the other off.
 *
 * An exchange whose receiver is not ready waits as a sender with event_reply set; the receiver, taking
 * the word, then turns that wait into a wait for the answer instead of waking the thread.
 */
#include <tessera/event.h>
#include <tessera/sched.h>

/* Carries a word into a waiting receiver and ends its wait. */
static __always_inline void deliver(struct thread *receiver, struct thread *sender,
				    unsigned long word)
{
	struct event *event = receiver->handover.event;

	event->sender = sender;
	event->word = word;
	receiver->waiting_on = NULL;
	wait_end_alone(receiver, 0);
}

/*
 * Takes the word of the first thread that waits to send to `receiver`. Where that one exchanges and
 * somebody waits to send to it in turn, its exchange is complete at once, and so on.
 */
static void take(struct thread *receiver, struct event *event)
{
	for (;;) {
		struct thread *sender = wait_first(&receiver->event_senders);
		struct event *reply = sender->event_reply;

		event->sender = sender;
		event->word = sender->handover.event_word;
		if (reply && wait_queue_empty(&sender->event_senders)) {
			/* It goes on waiting, now for an event, with the rest of its timeout. */
			list_remove(&sender->link);
			list_init(&sender->link);
			sender->handover.event = reply;
			sender->waiting_on = WAIT_EVENT;
			return;
		}
		wait_end(sender, 0);
		if (!reply)
			return;
		receiver = sender;
		event = reply;
	}
}

/* Waits as a sender. Masked; returns with interrupts enabled. */
static int send_wait(struct thread *receiver, unsigned long word, struct event *reply,
		     uint64_t timeout)
{
	struct thread *self = current_thread();
	int error = 0;

	if (receiver == self)
		error = -EDEADLK;
	else if (receiver->state == THREAD_EXITED)
		error = -ESRCH;
	else if (!timeout)
		error = -EAGAIN;
	if (error) {
		irq_enable();
		return error;
	}
	self->handover.event_word = word;
	self->event_reply = reply;
	return wait_block(&receiver->event_senders, timeout);
}

/* Waits as a receiver. Masked; returns with interrupts enabled. */
static __always_inline int receive_wait(struct event *event, uint64_t timeout)
{
	struct thread *self = current_thread();

	if (timeout != FOREVER) {
		if (!timeout)
			return sched_unlock_enable() ?: -EAGAIN;
		if (!self->killed)
			timer_set(&self->timeout, timeout);
	}
	self->handover.event = event;
	return wait_block_alone(WAIT_EVENT);
}

int event_send(struct thread *receiver, unsigned long word, uint64_t timeout)
{
	irq_disable();
	if (likely(receiver->waiting_on == WAIT_EVENT)) {
		deliver(receiver, current_thread(), word);
		return sched_unlock_enable();
	}
	return send_wait(receiver, word, NULL, timeout);
}

int event_receive(struct event *event, uint64_t timeout)
{
	struct thread *self = current_thread();

	irq_disable();
	if (!wait_queue_empty(&self->event_senders)) {
		take(self, event);
		return sched_unlock_enable();
	}
	return receive_wait(event, timeout);
}

int event_exchange(struct thread *receiver, unsigned long word, struct event *event,
		   uint64_t timeout)
{
	struct thread *self = current_thread();

	irq_disable();
	if (unlikely(receiver->waiting_on != WAIT_EVENT))
		return send_wait(receiver, word, event, timeout);
	deliver(receiver, self, word);
	if (unlikely(!wait_queue_empty(&self->event_senders))) {
		take(self, event);
		return sched_unlock_enable();
	}
	return receive_wait(event, timeout);
}

void event_thread_exit(struct thread *thread)
{
	wait_wake_all(&thread->event_senders, -ESRCH);
}

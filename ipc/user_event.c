// SPDX-License-Identifier: MIT
/*
 * Events between processes. A pid names a process by its first task, and any other task can be named by
 * its tid; who sent an event is told in the same way, so an answer reaches the very task that asked. The
 * number is looked up with interrupts masked, up to where the task waits for it or with it: so it
 * cannot end in between.
 *
 * The word and the sender's number pass from kernel stack to kernel stack; each copies to its own
 * memory. An event that was taken is taken, even if the receiver's memory then turns out to be
 * unwritable.
 */
#include <tessera/event.h>
#include <tessera/system_calls.h>

#include "user_ipc.h"

/* The thread of a pid or tid, or NULL. Masked. */
static __always_inline struct thread *find_thread(unsigned long number)
{
	struct task *task = task_by_tid((int)number);

	return task ? task->thread : NULL;
}

static __always_inline int tell(uintptr_t user, const struct event *event)
{
	return user_store_u32(user + offsetof(struct event_message, sender),
			      (uint32_t)event->sender_tid) ||
			       user_store_word(user + offsetof(struct event_message, word),
					       event->word)
		       ? -EFAULT
		       : 0;
}

/* The receiver waits, and takes the word now. Masked. */
static __always_inline void hand_word(struct thread *receiver, struct thread *self,
				      unsigned long word)
{
	struct event *event = receiver->handover.event;

	event->sender = self;
	event->sender_tid = self->task->tid;
	event->word = word;
}

/* ---- The long ways ---- */

static noinline long send_slow(unsigned long pid, unsigned long word, unsigned long user_timeout)
{
	struct thread *receiver;
	uint64_t timeout;
	long result = timeout_from_user(user_timeout, &timeout);

	if (result)
		return result;
	irq_disable();
	receiver = find_thread(pid);
	result = receiver ? event_send_timeout(receiver, word, timeout) : -ESRCH;
	irq_enable();
	return ipc_result(result, timeout);
}

static noinline long receive_slow(uintptr_t user, unsigned long user_timeout)
{
	struct event event;
	uint64_t timeout;
	long result = timeout_from_user(user_timeout, &timeout);

	if (!result)
		result = event_receive_timeout(&event, timeout);
	return result ? ipc_result(result, timeout) : tell(user, &event);
}

static noinline long exchange_slow(unsigned long pid, unsigned long word, uintptr_t user,
				   unsigned long user_timeout)
{
	struct thread *receiver;
	struct event event;
	uint64_t timeout;
	long result = timeout_from_user(user_timeout, &timeout);

	if (result)
		return result;
	irq_disable();
	receiver = find_thread(pid);
	result = receiver ? event_exchange_timeout(receiver, word, &event, timeout) : -ESRCH;
	irq_enable();
	return result ? ipc_result(result, timeout) : tell(user, &event);
}

/* ---- The short ways: the partner waits, nobody else does ---- */

/* Whether a thread waits for an event, and can be woken in the short way. Masked. */
static __always_inline bool waits_for_event(struct thread *thread)
{
	return likely(thread && thread->waiting_on == WAIT_EVENT && wait_end_is_short(thread));
}

long sys_event_send(unsigned long pid, unsigned long word, unsigned long timeout)
{
	struct thread *receiver;

	irq_disable();
	receiver = find_thread(pid);
	if (unlikely(timeout || !waits_for_event(receiver))) {
		irq_enable();
		return send_slow(pid, word, timeout);
	}
	hand_word(receiver, current_thread(), word);
	wait_end_short(receiver, 0, false);
	irq_enable();
	return 0;
}

long sys_event_receive(unsigned long user, unsigned long timeout)
{
	struct thread *self = current_thread();
	struct event event;
	long result;

	if (unlikely(timeout || !wait_queue_empty(&self->event_senders)))
		return receive_slow(user, timeout);
	result = event_receive_forever(&event);
	return unlikely(result) ? result : tell(user, &event);
}

long sys_event_exchange(unsigned long pid, unsigned long word, unsigned long user,
			unsigned long timeout)
{
	struct thread *receiver, *self = current_thread();
	struct event event;
	long result;

	irq_disable();
	receiver = find_thread(pid);
	if (unlikely(timeout || !waits_for_event(receiver) || self->killed ||
		     !wait_queue_empty(&self->event_senders))) {
		irq_enable();
		return exchange_slow(pid, word, user, timeout);
	}
	hand_word(receiver, self, word);
	wait_hand_over(receiver, 0, false);
	list_init(&self->link);
	self->handover.event = &event;
	self->waiting_on = WAIT_EVENT;
	result = context_switch(self, receiver);
	return unlikely(result) ? result : tell(user, &event);
}

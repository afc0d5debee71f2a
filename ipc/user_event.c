// SPDX-License-Identifier: MIT
/*
 * Events between processes. A pid names a process by its first task, and any other task can be
 * named by its tid; who sent an event is told in the same way, so an answer reaches the very task
 * that asked. The number is looked up with interrupts masked, up to where the task waits for it or
 * with it: so it cannot end in between.
 *
 * The word and the sender's number pass from kernel stack to kernel stack; each copies to its own
 * memory. An event that was taken is taken, even if the receiver's memory then turns out to be
 * unwritable.
 */
#include <tessera/event.h>
#include <tessera/pid.h>
#include <tessera/system_calls.h>

#include "user_ipc.h"

/* The thread of a pid or tid, or NULL. Masked. */
static __always_inline struct thread *find_thread(unsigned long number)
{
	struct task *task = pid_task((int)number);

	return task ? task->thread : NULL;
}

/* One look at the whole range spares the two stores theirs. */
static __always_inline int tell(uintptr_t user, const struct event *event)
{
	if (unlikely(!user_range(user, sizeof(struct event_message))) ||
	    user_store_u32(user + offsetof(struct event_message, sender),
			   (uint32_t)event->sender_tid) ||
	    user_store_word(user + offsetof(struct event_message, word), event->word))
		return -EFAULT;
	return 0;
}

/* The receiver waits, and takes the word now. Masked. */
static __always_inline void hand_word(struct thread *receiver, struct thread *self,
				      unsigned long word)
{
	struct event *event = receiver->handover.event;

	event->sender = self;
	event->sender_tid = self->tid;
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

/*
 * ---- The short ways ----
 *
 * Whoever comes second finds the other waiting, and nobody else; whoever comes first waits for
 * ever.
 */

/* Whether a thread waits for an event, and can be woken in the short way. Masked. */
static __always_inline bool waits_for_event(struct thread *thread)
{
	return thread->waiting_on == WAIT_EVENT && wait_end_is_short(thread);
}

static noinline long send_otherwise(unsigned long pid, unsigned long word, unsigned long timeout)
{
	irq_enable();
	return send_slow(pid, word, timeout);
}

long sys_event_send(unsigned long pid, unsigned long word, unsigned long timeout)
{
	struct thread *self, *receiver;

	irq_disable();
	self = current_thread();
	receiver = find_thread(pid);
	if (unlikely(!receiver || timeout || receiver == self))
		return send_otherwise(pid, word, timeout);
	if (waits_for_event(receiver)) {
		hand_word(receiver, self, word);
		wait_end_short(receiver, 0, false);
		irq_enable();
		return 0;
	}
	if (receiver->waiting_on == WAIT_EVENT)
		return send_otherwise(pid, word, timeout);
	self->handover.event_word = word;
	self->event_reply = NULL;
	return ipc_block_forever(&receiver->event_senders);
}

/* Somebody waits to send: takes his word, if nothing else is to be done. Masked; if it gives true
 * not any more. */
static __always_inline bool take_first(struct thread *self, struct event *event)
{
	struct thread *sender = wait_first(&self->event_senders);

	if (unlikely(sender->event_reply || !wait_end_is_short(sender)))
		return false;
	event->sender_tid = sender->tid;
	event->word = sender->handover.event_word;
	wait_end_short(sender, 0, true);
	irq_enable();
	return true;
}

static noinline long receive_otherwise(uintptr_t user, unsigned long timeout)
{
	irq_enable();
	return receive_slow(user, timeout);
}

long sys_event_receive(unsigned long user, unsigned long timeout)
{
	struct thread *self;
	struct event event;
	long result;

	irq_disable();
	self = current_thread();
	if (unlikely(timeout))
		return receive_otherwise(user, timeout);
	if (!wait_queue_empty(&self->event_senders)) {
		if (!take_first(self, &event))
			return receive_otherwise(user, timeout);
		return tell(user, &event);
	}
	self->handover.event = &event;
	result = wait_block_alone(WAIT_EVENT);
	return unlikely(result) ? result : tell(user, &event);
}

static noinline long exchange_otherwise(unsigned long pid, unsigned long word, uintptr_t user,
					unsigned long timeout)
{
	irq_enable();
	return exchange_slow(pid, word, user, timeout);
}

long sys_event_exchange(unsigned long pid, unsigned long word, unsigned long user,
			unsigned long timeout)
{
	struct thread *self, *receiver;
	struct event event;
	long result;

	irq_disable();
	self = current_thread();
	receiver = find_thread(pid);
	if (unlikely(!receiver || timeout || self->killed || !waits_for_event(receiver) ||
		     !wait_queue_empty(&self->event_senders)))
		return exchange_otherwise(pid, word, user, timeout);
	hand_word(receiver, self, word);
	wait_hand_over(receiver, 0, false);
	list_init(&self->link);
	self->handover.event = &event;
	self->waiting_on = WAIT_EVENT;
	result = sched_switch_to_long(self, receiver);
	return unlikely(result) ? result : tell(user, &event);
}

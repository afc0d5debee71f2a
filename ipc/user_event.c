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
#include <tessera/pid_table.h>
#include <tessera/system_calls.h>

#include "user_ipc.h"

_Static_assert(offsetof(struct event_message, sender) == 0 &&
		       offsetof(struct event_message, word) == sizeof(long),
	       "what user_store_pair stores");

static __always_inline int tell(uintptr_t user, const struct event *event)
{
	return user_store_pair(user, (uint32_t)event->sender_tid, event->word);
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

static long send_slow(unsigned long pid, unsigned long word, unsigned long user_timeout,
		      unsigned long unused)
{
	struct thread *receiver;
	uint64_t timeout;
	long result = timeout_from_user(user_timeout, &timeout);

	if (result)
		return result;
	irq_disable();
	result = pid_thread((int)pid, &receiver) ? event_send_timeout(receiver, word, timeout)
						 : -ESRCH;
	irq_enable();
	return ipc_result(result, timeout);
}

static long receive_slow(unsigned long user, unsigned long user_timeout, unsigned long unused,
			 unsigned long unused2)
{
	struct event event;
	uint64_t timeout;
	long result = timeout_from_user(user_timeout, &timeout);

	if (!result)
		result = event_receive_timeout(&event, timeout);
	return result ? ipc_result(result, timeout) : tell(user, &event);
}

static long exchange_slow(unsigned long pid, unsigned long word, unsigned long user,
			  unsigned long user_timeout)
{
	struct thread *receiver;
	struct event event;
	uint64_t timeout;
	long result = timeout_from_user(user_timeout, &timeout);

	if (result)
		return result;
	irq_disable();
	result = pid_thread((int)pid, &receiver)
			 ? event_exchange_timeout(receiver, word, &event, timeout)
			 : -ESRCH;
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

long sys_event_send(unsigned long pid, unsigned long word, unsigned long timeout)
{
	struct thread *self = current_thread(), *receiver;

	irqs_off_begin(NULL);
	if (unlikely(!pid_thread((int)pid, &receiver) || timeout))
		return ipc_take_long_way(send_slow);
	if (waits_for_event(receiver)) {
		hand_word(receiver, self, word);
		wait_end_short(receiver, 0, false);
		return ipc_done(0);
	}
	if (unlikely(receiver->waiting_on == WAIT_EVENT || receiver == self))
		return ipc_take_long_way(send_slow);
	self->handover.event_word = word;
	self->event_reply = NULL;
	return ipc_block_forever(self, &receiver->event_senders);
}

/* The event is taken, but the memory for it is not there just now. */
static noinline long tell_slow(uintptr_t user, int sender_tid, unsigned long word)
{
	irq_enable();
	return user_store_pair(user, (uint32_t)sender_tid, word);
}

/* Somebody waits to send: takes his word, if nothing else is to be done. */
static __always_inline long take_first(struct thread *self, uintptr_t user)
{
	struct thread *sender = wait_first(&self->event_senders);
	unsigned long word;
	int tid;

	if (unlikely(sender->event_reply || !wait_end_is_short(sender)))
		return ipc_take_long_way(receive_slow);
	tid = sender->tid;
	word = sender->handover.event_word;
	wait_end_short(sender, 0, true);
	if (unlikely(user_store_pair(user, (uint32_t)tid, word)))
		return tell_slow(user, tid, word);
	return ipc_done(0);
}

/* Waits, and the sender has left the event here. */
static __always_inline long tell_after(long result, const struct event *event)
{
	return unlikely(result) ? result : tell(current_thread()->call.buffer, event);
}

long sys_event_receive(unsigned long user, unsigned long timeout)
{
	struct thread *self = current_thread();
	struct event event;

	irqs_off_begin(NULL);
	if (unlikely(timeout))
		return ipc_take_long_way(receive_slow);
	if (!wait_queue_empty(&self->event_senders))
		return take_first(self, user);
	self->handover.event = &event;
	self->call.buffer = user;
	return tell_after(wait_block_alone(WAIT_EVENT), &event);
}

long sys_event_exchange(unsigned long pid, unsigned long word, unsigned long user,
			unsigned long timeout)
{
	struct thread *self = current_thread(), *receiver;
	struct event event;

	irqs_off_begin(NULL);
	if (unlikely(!pid_thread((int)pid, &receiver) || timeout || self->killed ||
		     !waits_for_event(receiver) || !wait_queue_empty(&self->event_senders)))
		return ipc_take_long_way(exchange_slow);
	hand_word(receiver, self, word);
	wait_hand_over(receiver, 0, false);
	self->handover.event = &event;
	self->call.buffer = user;
	self->waiting_on = WAIT_EVENT;
	return tell_after(sched_switch_to_long(current_thread(), receiver), &event);
}

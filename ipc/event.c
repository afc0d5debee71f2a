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

/* Carries a word into a waiting receiver. */
static __always_inline void deliver(struct thread *receiver, struct thread *sender,
				    unsigned long word)
{
	struct event *event = receiver->handover.event;

	event_set_sender(event, sender);
	event->word = word;
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

		event_set_sender(event, sender);
		event->word = sender->handover.event_word;
		if (reply && wait_queue_empty(&sender->event_senders)) {
			/* It goes on waiting, now for an event, with the rest of its timeout. */
			list_remove(&sender->link);
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
	else if (thread_has_ended(receiver))
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
static int receive_wait(struct event *event, uint64_t timeout)
{
	struct thread *self = current_thread();

	if (timeout != FOREVER) {
		if (!timeout) {
			sched_unlock_enable();
			return -EAGAIN;
		}
		if (!self->killed)
			wait_set_timeout(self, timeout);
	}
	self->handover.event = event;
	return wait_block_alone(WAIT_EVENT);
}

int event_send_timeout(struct thread *receiver, unsigned long word, uint64_t timeout)
{
	irq_disable();
	if (receiver->waiting_on != WAIT_EVENT)
		return send_wait(receiver, word, NULL, timeout);
	deliver(receiver, current_thread(), word);
	return wait_end_enable_slow(receiver, 0);
}

int event_send_forever(struct thread *receiver, unsigned long word)
{
	irq_disable();
	if (unlikely(receiver->waiting_on != WAIT_EVENT))
		return send_wait(receiver, word, NULL, FOREVER);
	deliver(receiver, current_thread(), word);
	if (!wait_end_is_short(receiver))
		return wait_end_enable_slow(receiver, 0);
	wait_end_short(receiver, 0, false);
	irq_enable();
	return 0;
}

static int receive_first(struct event *event)
{
	take(current_thread(), event);
	return sched_unlock_enable();
}

int event_receive_timeout(struct event *event, uint64_t timeout)
{
	irq_disable();
	if (!wait_queue_empty(&current_thread()->event_senders))
		return receive_first(event);
	return receive_wait(event, timeout);
}

int event_receive_forever(struct event *event)
{
	struct thread *self;

	irq_disable();
	self = current_thread();
	if (unlikely(!wait_queue_empty(&self->event_senders)))
		return receive_first(event);
	self->handover.event = event;
	return wait_block_alone(WAIT_EVENT);
}

/* The receiver waits. Masked; returns with interrupts enabled. */
static int exchange_timeout(struct thread *receiver, unsigned long word, struct event *event,
			    uint64_t timeout)
{
	struct thread *self = current_thread();

	deliver(receiver, self, word);
	wait_end(receiver, 0);
	if (!wait_queue_empty(&self->event_senders))
		return receive_first(event);
	return receive_wait(event, timeout);
}

int event_exchange_timeout(struct thread *receiver, unsigned long word, struct event *event,
			   uint64_t timeout)
{
	irq_disable();
	if (receiver->waiting_on != WAIT_EVENT)
		return send_wait(receiver, word, event, timeout);
	return exchange_timeout(receiver, word, event, timeout);
}

/* Whatever is not the common case. Masked; returns with interrupts enabled. */
static noinline int exchange_slow(struct thread *receiver, unsigned long word, struct event *event)
{
	if (receiver->waiting_on != WAIT_EVENT)
		return send_wait(receiver, word, event, FOREVER);
	return exchange_timeout(receiver, word, event, FOREVER);
}

/* The receiver waits and nobody waits to send here: the receiver runs at once. */
int event_exchange_forever(struct thread *receiver, unsigned long word, struct event *event)
{
	struct thread *self;

	irq_disable();
	self = current_thread();
	if (unlikely(receiver->waiting_on != WAIT_EVENT ||
		     !wait_queue_empty(&self->event_senders) || self->killed ||
		     !wait_end_is_short(receiver)))
		return exchange_slow(receiver, word, event);
	deliver(receiver, self, word);
	wait_hand_over(receiver, 0, false);
	self->handover.event = event;
	self->waiting_on = WAIT_EVENT;
	return sched_switch_to(self, receiver);
}

void event_abandon_senders(struct thread *thread)
{
	wait_wake_all_unmasking(&thread->event_senders, -ESRCH);
}

// SPDX-License-Identifier: MIT
/*
 * Wait queues (wait.h). A timed wait is an ordinary wait whose thread also has its timer pending;
 * whoever ends the wait cancels the timer, and the timer's callback ends the wait. Both run with
 * interrupts masked, so exactly one of them finds the thread still waiting.
 */
#include <tessera/mutex.h>
#include <tessera/sched.h>

int wait_block_slow(struct wait_queue *queue)
{
	struct thread *self = current_thread();

	if (self->killed) {
		sched_unlock_enable();
		return -EINTR;
	}
	wait_insert(queue, self, true);
	return wait_switch(self);
}

int wait_switch(struct thread *self)
{
	int result = self->wait_result;

	if (likely(self->waiting_on))
		return sched_switch(self);
	sched_unlock_enable();
	return result;
}

int wait_block_alone_slow(struct wait_queue *why)
{
	struct thread *self = current_thread();

	if (self->killed) {
		sched_unlock_enable();
		return -EINTR;
	}
	self->waiting_on = why;
	return sched_switch(self);
}

int wait_block(struct wait_queue *queue, uint64_t timeout)
{
	if (timeout != FOREVER) {
		if (!timeout) {
			sched_unlock_enable();
			return -ETIMEDOUT;
		}
		if (!current_thread()->killed)
			wait_set_timeout(current_thread(), timeout);
	}
	return wait_block_forever(queue);
}

/* Waiters passed between two looks at the interrupts. */
#define PASSES_MASKED 64

/* Moves a waiter forward, past those of lower levels. False: there may be more of them. */
static bool move_forward(struct wait_queue *queue, struct thread *thread)
{
	struct list_node *before = thread->link.prev;
	unsigned passed = 0;

	while (before != &queue->waiters &&
	       list_entry(before, struct thread, link)->level < thread->level) {
		if (passed++ == PASSES_MASKED)
			break;
		before = before->prev;
	}
	if (before != thread->link.prev) {
		list_remove(&thread->link);
		list_add_head(before, &thread->link);
	}
	return passed <= PASSES_MASKED;
}

void sched_let_interrupts_in(void)
{
	struct thread *self = current_thread();

	if (self->waiting_on)
		self->short_level = 0; /* so that whoever ends the wait comes to wait_end */
	this_cpu()->preempt_count++;
	irq_enable();
	irq_disable();
	this_cpu()->preempt_count--; /* the end of the masked section switches, if that is due */
}

void wait_insert(struct wait_queue *queue, struct thread *thread, bool unmask)
{
	thread->waiting_on = queue;
	list_add_tail(&queue->waiters, &thread->link);
	while (!move_forward(queue, thread)) {
		if (!unmask)
			continue;
		sched_let_interrupts_in();
		if (thread->waiting_on != queue)
			break; /* whoever ended the wait has taken it off the queue */
	}
}

void wait_end(struct thread *thread, int result)
{
	if (wait_is_queue(thread->waiting_on))
		list_remove(&thread->link);
	if (!thread->short_level) {
		thread->short_level = thread->level;
		timer_cancel(&thread->timeout);
	}
	thread->wait_result = result;
	thread->waiting_on = NULL;
	if (unlikely(thread == current_thread()))
		return; /* it comes to wait_switch */
	sched_account_ready(thread);
	sched_ready(thread);
}

int wait_end_unlock_slow(struct thread *thread, int result, unsigned long flags)
{
	wait_end(thread, result);
	return sched_unlock(flags);
}

int wait_end_enable_slow(struct thread *thread, int result)
{
	wait_end(thread, result);
	return sched_unlock_enable();
}

struct thread *wait_wake_one(struct wait_queue *queue, int result)
{
	struct thread *thread;

	if (wait_queue_empty(queue))
		return NULL;
	thread = wait_first(queue);
	wait_end(thread, result);
	return thread;
}

/* Waiters woken between two looks at the interrupts. */
#define WAKES_MASKED 8

/* No thread runs in between, so nobody new comes to wait, and whom an interrupt (a time-out) wakes
 * has left the queue: each waiter is woken exactly once. */
unsigned wait_wake_all_unmasking(struct wait_queue *queue, int result)
{
	unsigned n = 0;

	while (wait_wake_one(queue, result)) {
		if (++n % WAKES_MASKED == 0)
			sched_let_interrupts_in();
	}
	return n;
}

unsigned wait_wake_all(struct wait_queue *queue, int result, unsigned long flags)
{
	unsigned n = 0;

	if (irq_flags_enabled(flags))
		return wait_wake_all_unmasking(queue, result);
	while (wait_wake_one(queue, result))
		n++;
	return n;
}

struct waiters {
	const struct wait_queue *queue;
	unsigned count;
};

static bool count_waiter(struct thread *thread, void *arg)
{
	struct waiters *waiters = arg;

	waiters->count += thread->waiting_on == waiters->queue;
	return true;
}

unsigned wait_count(const struct wait_queue *queue)
{
	struct waiters waiters = { queue, 0 };

	if (!wait_queue_empty(queue))
		thread_each(count_waiter, &waiters);
	return waiters.count;
}

void wait_wake(struct thread *thread, int result, bool unmask)
{
	struct mutex *mutex = thread->blocked_on;

	wait_end(thread, result);
	if (mutex)
		mutex_abandoned(mutex, thread, unmask);
}

void wait_timed_out(struct timer *timer)
{
	/* The tick lets interrupts in after each callback; they may as well come earlier. */
	wait_wake(container_of(timer, struct thread, timeout), -ETIMEDOUT, true);
}

void wait_unlock(unsigned long flags)
{
	sched_unlock(flags);
}

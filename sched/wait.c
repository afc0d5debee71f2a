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
	wait_insert(queue, self);
	self->waiting_on = queue;
	return sched_switch(self);
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

void wait_insert(struct wait_queue *queue, struct thread *thread)
{
	struct list_node *place = &queue->waiters;

	/* From the tail: most often everybody there goes first. */
	while (place->prev != &queue->waiters &&
	       list_entry(place->prev, struct thread, link)->level < thread->level)
		place = place->prev;
	list_add_before(place, &thread->link);
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

	this_cpu()->preempt_count++;
	while (wait_wake_one(queue, result)) {
		if (++n % WAKES_MASKED == 0) {
			irq_enable();
			irq_disable();
		}
	}
	this_cpu()->preempt_count--; /* the end of the masked section switches, if that is due */
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

void wait_wake(struct thread *thread, int result)
{
	struct mutex *mutex = thread->blocked_on;

	wait_end(thread, result);
	if (mutex)
		mutex_abandoned(mutex, thread);
}

void wait_timed_out(struct timer *timer)
{
	wait_wake(container_of(timer, struct thread, timeout), -ETIMEDOUT);
}

void wait_unlock(unsigned long flags)
{
	sched_unlock(flags);
}

/* SPDX-License-Identifier: MIT */
/*
 * The scheduler: the contract of the classes, and the inline paths that block and wake threads.
 * Rooms that implement blocking objects (sched/, ipc/) use this; everybody else uses thread.h.
 *
 * Theory of operation. Every thread has a `level`, one bit of a word: a higher bit runs first. The
 * class keeps one list of ready threads per level and sets a bit in this_cpu()->ready for each
 * list that is not empty; round-robin has a single level. The running thread is on no list.
 *
 * The woken slot. Partners that wake each other and block would put a thread on a list and take it
 * off again each time. Instead a woken thread of the running thread's level, when that level's list
 * is empty, goes into this_cpu()->woken. The slot is by definition the head of its level, in front
 * of the list, so the order of threads is exactly that of the lists alone: nobody is overtaken. Two
 * rules keep it true: a thread may enter only while no list of its level or above holds a thread, and whoever makes the
 * running level change (waking a higher thread, changing the priority of the running one) first
 * moves the slot's thread to the head of its list (sched_flush).
 *
 * So the next thread to run is: the slot, else the head of the highest list, else idle; and as long
 * as the slot is full nothing higher is ready.
 *
 * Everything here runs with interrupts masked unless it says otherwise.
 */
#ifndef TESSERA_SCHED_H
#define TESSERA_SCHED_H

#include <asm/irqflags.h>
#include <tessera/errno.h>
#include <tessera/kernel.h>
#include <tessera/thread.h>

/* ---- What a class provides (sched/class/<class>.c). O(1) each. ---- */

/* Sets thread->level from thread->priority; the thread is on no list. */
void sched_class_set_level(struct thread *thread);

/* Puts a ready thread at the tail (head) of its level's list, and sets the level's ready bit. */
void sched_class_enqueue_tail(struct thread *thread);
void sched_class_enqueue_head(struct thread *thread);

/* Takes a ready thread off its list, and clears the ready bit of a list that became empty. */
void sched_class_dequeue(struct thread *thread);

/* Takes off the head of the highest list; NULL when all are empty. */
struct thread *sched_class_pick(void);

/* Empties the run queue. Start-up. */
void sched_class_init(void);

/* The class's name, for people. */
extern const char sched_class_name[];

/* ---- The slot ---- */

/* Moves the slot's thread to the head of its list. */
static inline void sched_flush(struct cpu *cpu)
{
	struct thread *thread = cpu->woken;

	if (thread) {
		cpu->woken = NULL;
		sched_class_enqueue_head(thread);
	}
}

/* The part of sched_ready that is not the common case. */
void sched_ready_slow(struct thread *thread);

/*
 * Makes a thread ready that is on no list. When it should run before the running thread,
 * this_cpu()->resched is set, and the caller sees to it with wait_unlock (thread context); interrupt
 * handlers need do nothing, irq_exit looks.
 */
static __always_inline void sched_ready(struct thread *thread)
{
	struct cpu *cpu = this_cpu();

	thread->state = THREAD_READY;
	if (IS_ENABLED(CONFIG_SCHED_STATS) ||
	    unlikely(thread->level != current_thread()->level || cpu->woken ||
		     cpu->ready >= thread->level))
		sched_ready_slow(thread);
	else
		cpu->woken = thread;
}

/* Takes the next thread to run off the run queue: idle when there is none. */
struct thread *sched_pick_slow(void);

static __always_inline struct thread *sched_pick(void)
{
	struct cpu *cpu = this_cpu();
	struct thread *next = cpu->woken;

	if (likely(next)) {
		cpu->woken = NULL;
		return next;
	}
	return sched_pick_slow();
}

/* Accounting of a switch, and of a thread that became ready (SCHED_STATS only). */
void sched_account(struct thread *from, struct thread *to, bool voluntary);
void sched_account_ready(struct thread *thread);

/*
 * Leaves the CPU to the next thread: the caller is blocked, exited, or back on the run queue. Gives
 * the running thread's wait_result when somebody made it ready again, with interrupts enabled. To be
 * returned as it is: then the compiler jumps to the switch, and no frame is built.
 */
static __always_inline int sched_switch(struct thread *self)
{
	struct thread *next = sched_pick();

	if (IS_ENABLED(CONFIG_SCHED_STATS))
		sched_account(self, next, true);
	return context_switch(self, next);
}

/* Puts the running thread on a wait queue, behind all of its level and above. */
void wait_insert_by_level(struct wait_queue *queue, struct thread *thread);

static __always_inline void wait_insert(struct wait_queue *queue, struct thread *thread)
{
	struct list_node *last = queue->waiters.prev;

	if (unlikely(last != &queue->waiters) &&
	    unlikely(list_entry(last, struct thread, link)->level < thread->level))
		wait_insert_by_level(queue, thread);
	else
		list_insert_between(&thread->link, last, &queue->waiters);
}

/* wait_block for ever, as the inline end of a blocking call. */
static __always_inline int wait_block_forever(struct wait_queue *queue)
{
	struct thread *self = current_thread();

	if (unlikely(self->killed)) {
		irq_enable();
		return -EINTR;
	}
	wait_insert(queue, self);
	self->waiting_on = queue;
	self->state = THREAD_BLOCKED;
	return sched_switch(self);
}

/* Blocks the running thread on no queue at all: a sleep, or a wait for an event. */
static __always_inline int wait_block_alone(struct wait_queue *waiting_on)
{
	struct thread *self = current_thread();

	if (unlikely(self->killed)) {
		irq_enable();
		return -EINTR;
	}
	list_init(&self->link);
	self->waiting_on = waiting_on;
	self->state = THREAD_BLOCKED;
	return sched_switch(self);
}

/* Ends the wait of a thread that is the first of its queue (or anywhere on it). */
static __always_inline void wait_end(struct thread *thread, int result)
{
	list_remove(&thread->link);
	if (unlikely(timer_pending(&thread->timeout)))
		timer_cancel(&thread->timeout);
	thread->wait_result = result;
	sched_ready(thread);
}

/* The same for a thread that is on no queue. */
static __always_inline void wait_end_alone(struct thread *thread, int result)
{
	if (unlikely(timer_pending(&thread->timeout)))
		timer_cancel(&thread->timeout);
	thread->wait_result = result;
	sched_ready(thread);
}

static __always_inline struct thread *wait_first(const struct wait_queue *queue)
{
	return list_entry(queue->waiters.next, struct thread, link);
}

/* The switch part of wait_unlock: thread context, a switch is due. Gives 0, for tail calls. */
int sched_preempt(unsigned long flags);

/*
 * The end of a call that may have woken a higher thread, as a tail call that gives 0.
 */
static __always_inline int sched_unlock(unsigned long flags)
{
	if (unlikely(this_cpu()->resched))
		return sched_preempt(flags);
	irq_restore(flags);
	return 0;
}

/* The same where interrupts are known to have been enabled: the end of a blocking call. */
int sched_preempt_enable(void);

static __always_inline int sched_unlock_enable(void)
{
	if (unlikely(this_cpu()->resched))
		return sched_preempt_enable();
	irq_enable();
	return 0;
}

/* Called by tick(): the running thread has used one tick of its slice. */
void sched_tick(void);

/* Changes the effective priority of a thread, wherever it stands. */
void sched_set_priority(struct thread *thread, unsigned priority);

/* The callback of thread->timeout: ends the wait. */
void wait_timed_out(struct timer *timer);

/* A thread's base or effective priority may be out of date: works it out, along the chain of mutex
 * owners that it waits for (sched/mutex.c). */
void mutex_priority_changed(struct thread *thread);

/* A waiter has left the mutex's queue without getting the mutex. */
struct mutex;
void mutex_abandoned(struct mutex *mutex, struct thread *waiter);

#endif

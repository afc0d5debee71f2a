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
 * rules keep it true: a thread may enter only while no list of its level or above holds a thread, and
 * whoever makes the running level change (waking a higher thread, changing the priority of the
 * running one) first moves the slot's thread to the head of its list (sched_flush).
 *
 * So the next thread to run is: the slot, else the head of the highest list, else idle; and as long
 * as the slot is full nothing higher is ready.
 *
 * Everything here runs with interrupts masked unless it says otherwise.
 */
#ifndef TESSERA_SCHED_H
#define TESSERA_SCHED_H

#include <asm/irqflags.h>
#include <tessera/arch_user.h> /* WORK_... */
#include <tessera/errno.h>
#include <tessera/kernel.h>
#include <tessera/lock.h>
#include <tessera/sched_stats.h>
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

/*
 * ---- Blocking and waking ----
 *
 * The shortest paths are inline, and whatever is not the common case leaves them by a tail call that
 * does the rest: so the compiler builds no stack frame and saves no registers on the way to the
 * switch, which saves them anyway. Nothing runs in a blocking function after the switch: the waker
 * has done it all, and the switch itself gives the result to the function's caller.
 */

/* Makes a thread ready that is on no list. When it should run before the running thread, or it can
 * be that, this_cpu()->resched is set. */
void sched_ready(struct thread *thread);

/* The slot takes the thread: the common case of waking. */
static __always_inline bool sched_slot_takes(struct cpu *cpu, struct thread *thread)
{
	return thread->short_level == current_thread()->level && !cpu->woken &&
	       cpu->ready < thread->short_level;
}

/* The switch itself, away from a thread that is blocked or exited. */
static __always_inline int sched_switch_to(struct thread *self, struct thread *next)
{
	sched_account_block(self, next);
	return context_switch(self, next);
}

/* The same at the end of a system call: its result is as wide as a register. */
static __always_inline long sched_switch_to_long(struct thread *self, struct thread *next)
{
	sched_account_block(self, next);
	return context_switch_long(self, next);
}

/*
 * Leaves the CPU to the next thread: the caller is blocked or exited. Gives the wait_result of the
 * thread that runs when it returns, interrupts enabled. Always the last thing that a function does.
 */
int sched_switch(struct thread *self);

/* Panics when the running thread holds a spin_lock (DEBUG_LOCKS). */
void lock_debug_switch(void);

/* The same ends of a masked section that woke threads: a switch to a higher one, if it is due and
 * allowed, and the interrupts as they were (flags, from irq_save), or on. 0, for tail calls. */
int sched_preempt(unsigned long flags);
int sched_preempt_enable(void);

static __always_inline int sched_unlock(unsigned long flags)
{
	if (unlikely(this_cpu()->resched))
		return sched_preempt(flags);
	irq_restore(flags);
	return 0;
}

static __always_inline int sched_unlock_enable(void)
{
	if (unlikely(this_cpu()->resched))
		return sched_preempt_enable();
	irq_enable();
	return 0;
}

static __always_inline struct thread *wait_first(const struct wait_queue *queue)
{
	return list_entry(queue->waiters.next, struct thread, link);
}

/* wait_block for ever when it is not the common case. */
int wait_block_slow(struct wait_queue *queue);

/*
 * wait_block for ever, as the inline end of a blocking call. Common: the partner that this thread has
 * just woken is in the slot, and nobody else waits.
 */
static __always_inline int wait_block_forever(struct wait_queue *queue)
{
	struct thread *self = current_thread();
	struct cpu *cpu = this_cpu();
	struct thread *next = cpu->woken;

	if (IS_ENABLED(CONFIG_DEBUG_LOCKS) ||
	    unlikely(!next || self->killed || !wait_queue_empty(queue)))
		return wait_block_slow(queue);
	list_insert_between(&self->link, &queue->waiters, &queue->waiters);
	self->waiting_on = queue;
	cpu->woken = NULL;
	return sched_switch_to(self, next);
}

/* Blocks the running thread on no queue at all: `why` is WAIT_SLEEP or WAIT_EVENT. */
int wait_block_alone_slow(struct wait_queue *why);

static __always_inline int wait_block_alone(struct wait_queue *why)
{
	struct thread *self = current_thread();
	struct cpu *cpu = this_cpu();
	struct thread *next = cpu->woken;

	if (IS_ENABLED(CONFIG_DEBUG_LOCKS) || unlikely(!next || self->killed))
		return wait_block_alone_slow(why);
	self->waiting_on = why;
	cpu->woken = NULL;
	return sched_switch_to(self, next);
}

/* The wait that the running thread begins ends after `timeout` nanoseconds, if by nothing else. */
static inline void wait_set_timeout(struct thread *self, uint64_t timeout)
{
	self->short_level = 0; /* so that whoever ends it cancels the timer */
	timer_set(&self->timeout, timeout);
}

/* Ends the wait of a thread, wherever it stands, but for what a mutex does. */
void wait_end(struct thread *thread, int result);

/* The same, and the end of the masked section. Gives 0. */
int wait_end_unlock_slow(struct thread *thread, int result, unsigned long flags);
int wait_end_enable_slow(struct thread *thread, int result);

static __always_inline bool wait_end_is_short(struct thread *thread)
{
	ASSERT(!thread->short_level || !timer_pending(&thread->timeout));
	return likely(sched_slot_takes(this_cpu(), thread));
}

/* Ends the wait of a thread that runs next, without a stay in the slot; the short case too. */
static __always_inline void wait_hand_over(struct thread *thread, int result, bool listed)
{
	if (listed)
		list_remove(&thread->link);
	thread->wait_result = result;
	thread->waiting_on = NULL;
	sched_account_ready(thread);
}

/* The wake-up itself, in the short case; `listed`: the thread is on a queue. */
static __always_inline void wait_end_short(struct thread *thread, int result, bool listed)
{
	wait_hand_over(thread, result, listed);
	this_cpu()->woken = thread;
}

/* Ends the wait of a thread on a queue, and the masked section, as a tail call that gives 0. */
static __always_inline int wait_end_unlock(struct thread *thread, int result, unsigned long flags)
{
	if (!wait_end_is_short(thread))
		return wait_end_unlock_slow(thread, result, flags);
	wait_end_short(thread, result, true);
	irq_restore_unchanged(flags);
	return 0;
}

/* Enables interrupts for a moment; no other thread runs. They may end the caller's wait, if it is about
 * to begin one: wait_switch, the end of such a blocking call, does not switch then. */
void sched_let_interrupts_in(void);
int wait_switch(struct thread *self);

/* Puts a thread on a wait queue, behind all of its level and above. O(waiters below it). unmask: it
 * lets interrupts in on the way. They may end the wait, so all else of it must have been done. */
void wait_insert(struct wait_queue *queue, struct thread *thread, bool unmask);

/* Between the two no other thread runs, but interrupts may: a spin_lock in every configuration.
 * Nothing in between may block. Thread context. */
static inline void sched_hold(void)
{
	this_cpu()->preempt_count++;
	barrier();
}

static inline void sched_release(void)
{
	barrier();
	if (!--this_cpu()->preempt_count && unlikely(this_cpu()->resched))
		sched_preempt_check();
}

/* wait_wake_all for a caller that has masked the interrupts itself. */
unsigned wait_wake_all_unmasking(struct wait_queue *queue, int result);

/* ---- The rest ---- */

/*
 * A switch may be due, for the running thread's sake. Both marks stand for the same: the CPU's is
 * for the ends of masked sections and of interrupts, the thread's for its way back to user mode,
 * which has one byte to look at. The thread's may outlast the reason, when it blocks before
 * anybody has looked; then it costs one look in vain.
 */
#ifdef CONFIG_USER_MODE
static inline void sched_set_due(struct cpu *cpu)
{
	cpu->resched = true;
	current_thread()->work |= WORK_SWITCH;
}

static inline void sched_clear_due(struct cpu *cpu)
{
	cpu->resched = false;
	current_thread()->work &= (uint8_t)~WORK_SWITCH;
}
#else
static inline void sched_set_due(struct cpu *cpu)
{
	cpu->resched = true;
}

static inline void sched_clear_due(struct cpu *cpu)
{
	cpu->resched = false;
}
#endif

/* Changes the effective priority of a thread, wherever it stands. unmask: as for wait_insert. */
void sched_set_priority(struct thread *thread, unsigned priority, bool unmask);

/* The callback of thread->timeout: ends the wait. */
void wait_timed_out(struct timer *timer);

/* A thread's base or effective priority may be out of date: works it out, along the chain of mutex
 * owners that it waits for (sched/mutex.c). */
void mutex_priority_changed(struct thread *thread, bool unmask);

/* A waiter has left the mutex's queue without getting the mutex. */
struct mutex;
void mutex_abandoned(struct mutex *mutex, struct thread *waiter, bool unmask);

#endif

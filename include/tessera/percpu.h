/* SPDX-License-Identifier: MIT */
/*
 * What each CPU has of its own. On one CPU it is a plain global; with several, this_cpu() becomes
 * a segment register or a field reached from the current thread, and nothing else changes.
 */
#ifndef TESSERA_PERCPU_H
#define TESSERA_PERCPU_H

#include <tessera/compiler.h>

struct thread;

struct cpu {
	struct thread *current; /* the running thread */

	/*
	 * The run queue's fast part; sched/sched.h has the rules. `ready` has the level bit of
	 * every level whose list holds a thread. `woken` is a ready thread of the running
	 * thread's level, kept off that list, and logically the list's head.
	 */
	unsigned long ready;
	struct thread *woken;

	struct thread *idle;
	bool resched; /* a switch may be due: a higher thread is ready, or the slice is used up */
	bool tick_stopped;	/* idle, without ticks (NO_HZ_IDLE) */
	unsigned irq_depth;	/* > 0: in an interrupt handler */
	unsigned preempt_count; /* > 0: spin_locks are held (PREEMPT_KERNEL, or lock debugging) */
	unsigned locks_held;	/* a bit for each spin_lock, by its order (DEBUG_LOCKS) */
	uint64_t tick_time;	/* the clock at the last tick */
	uint64_t next_tick;	/* at the next one: what a delay counts from */
};

extern struct cpu boot_cpu;

static inline struct cpu *this_cpu(void)
{
	return &boot_cpu;
}

#endif

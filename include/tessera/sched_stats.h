/* SPDX-License-Identifier: MIT */
/*
 * Accounting (SCHED_STATS): how long each thread ran, how long it was ready without running, and how
 * often it gave the CPU away or lost it.
 *
 * Method. Each sum takes off the time at which a stretch begins and adds the one at which it ends: so
 * no time stamp is kept, and both are one subtraction or addition. Times are those of the cycle
 * counter, which thread_times makes microseconds of for whoever wants to see them.
 *
 * Cost: a reading of the counter and three additions per switch, a reading and one per wake-up.
 * Interrupts count as the thread's that they interrupt. Masked.
 */
#ifndef TESSERA_SCHED_STATS_H
#define TESSERA_SCHED_STATS_H

#include <tessera/thread.h>

#ifdef CONFIG_SCHED_STATS

#include <asm/cycles.h>

/* A thread became ready. */
static __always_inline void sched_account_ready(struct thread *thread)
{
	thread->stats.wait -= cycle_count_masked();
}

/* The CPU goes over from a thread that blocks or ends. */
static __always_inline void sched_account_block(struct thread *from, struct thread *to)
{
	uint64_t now = cycle_count_masked();

	from->stats.run += now;
	from->stats.voluntary++;
	to->stats.wait += now;
	to->stats.run -= now;
}

/* From one that stays ready: it yields (voluntary), or is preempted. */
static __always_inline void sched_account_ready_switch(struct thread *from, struct thread *to,
						       bool voluntary)
{
	uint64_t now = cycle_count_masked();

	from->stats.run += now;
	from->stats.wait -= now;
	from->stats.voluntary += voluntary;
	from->stats.involuntary += !voluntary;
	to->stats.wait += now;
	to->stats.run -= now;
}

/* The sums of a new thread; it is ready, or (the first one) running. */
static inline void sched_account_begin(struct thread *thread, bool running)
{
	thread->stats = (struct thread_stats){ 0 };
	if (running)
		thread->stats.run -= cycle_count_masked();
	else
		thread->stats.wait -= cycle_count_masked();
}

/* Microseconds that a thread has run, and that it was ready without running. Thread context. */
void thread_times(const struct thread *thread, uint64_t *run, uint64_t *wait);

/* Prints these and the switches, behind what the monitor's `threads` says of a thread; nothing without
 * SCHED_STATS. Thread context. */
void thread_show_times(const struct thread *thread);

#else

static inline void sched_account_ready(struct thread *thread)
{
}

static inline void sched_account_block(struct thread *from, struct thread *to)
{
}

static inline void sched_account_ready_switch(struct thread *from, struct thread *to,
					      bool voluntary)
{
}

static inline void sched_account_begin(struct thread *thread, bool running)
{
}

static inline void thread_show_times(const struct thread *thread)
{
}

#endif

#endif

/* SPDX-License-Identifier: MIT */
/* The running thread's share of time, in ticks. For the scheduler and for tick() alone. */
#ifndef TESSERA_SLICE_H
#define TESSERA_SLICE_H

#include <tessera/sched.h>

#ifdef CONFIG_THREADS
#define SLICE_TICKS MAX(1u, CONFIG_SCHED_TIMESLICE_MS *CONFIG_HZ / 1000u)
#else
#define SLICE_TICKS 1u /* tick() compiles all the same */
#endif

/* The running thread's slice is used up: the next of its level is due. */
void sched_slice_used(void);

/* Called by tick(): the running thread has used one tick of its slice. */
static inline void sched_tick(void)
{
	if (++current_thread()->ticks_used >= SLICE_TICKS)
		sched_slice_used();
}

#endif

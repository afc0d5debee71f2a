/* SPDX-License-Identifier: MIT */
/* What the timer queues share. */
#ifndef SCHED_TIMER_QUEUE_H
#define SCHED_TIMER_QUEUE_H

#include <asm/irqflags.h>
#include <tessera/clock.h>
#include <tessera/percpu.h>
#include <tessera/timer.h>

/* A delay; it counts from the next tick, because part of the present one may be over. Centuries are
 * as good as for ever, and so no sum overflows. */
static __always_inline uint64_t bounded(uint64_t delay)
{
	if (unlikely((int64_t)delay < 0)) {
		__asm__(""); /* a branch: it costs less than a conditional move of such a constant */
		delay = INT64_MAX / 2;
	}
	return delay;
}

/* When a delay is over. Masked. */
static __always_inline uint64_t time_after(uint64_t delay)
{
	delay = bounded(delay);
	return this_cpu()->next_tick + delay;
}

/* Takes a timer off its list, from in front of `next`, and says so in it; in the order that needs the
 * fewest registers. */
static __always_inline void timer_unlink(struct timer *timer, struct list_node *next)
{
	struct list_node *prev;

	timer->link.next = NULL;
	prev = timer->link.prev;
	next->prev = prev;
	prev->next = next;
}

#endif

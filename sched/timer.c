// SPDX-License-Identifier: MIT
/*
 * Timers beside the timer queue (timer.h): what repeats, and the tick's work. Time here is the
 * tick's: this_cpu()->tick_time is a whole number of ticks, so a delay of n ticks ends at a tick
 * and not just after one.
 */
#include <asm/irqflags.h>
#include <tessera/percpu.h>
#include <tessera/tick.h>
#include <tessera/timer.h>

#include "timer_queue/timer_queue.h"

static bool expiring; /* timer_tick is at work; a nested tick leaves it the rest */

void timer_set_periodic(struct timer *timer, uint64_t delay, uint64_t period)
{
	unsigned long flags = irq_save();

	timer_set(timer, delay);
	timer->periodic = true;
	timer->period = MAX(period, 1ull);
	irq_restore(flags);
}

/* The next time after `now` at which a periodic timer is due; those that passed are left out. */
static uint64_t next_period(const struct timer *timer, uint64_t now)
{
	uint64_t next = timer->time + timer->period;

	if (next < timer->time)
		return UINT64_MAX;
	return next > now ? next
			  : next + (now - next) / timer->period * timer->period + timer->period;
}

static void fire(struct timer *timer)
{
	timer->link.next = NULL;
	if (timer->periodic) {
		timer->time = next_period(timer, this_cpu()->tick_time);
		timer_queue_insert(timer);
	}
	timer->callback(timer);
}

/* Something is due: `due`, or it has to be looked for. */
static noinline void fire_all(struct timer *due)
{
	expiring = true;
	do {
		if (due)
			fire(due);
		/* Many timers of one tick keep interrupts masked no longer than one. */
		irq_enable();
		irq_disable();
	} while (timer_queue_expire(this_cpu()->tick_time, &due));
	expiring = false;
}

void timer_tick(uint64_t now)
{
	struct cpu *cpu = this_cpu();
	struct timer *due;

	cpu->tick_time = now;
	cpu->next_tick = now + TICK_NS;
	if (likely(!expiring) && unlikely(timer_queue_expire(now, &due)))
		fire_all(due);
}

// SPDX-License-Identifier: MIT
/*
 * Timers in front of the timer queue (timer.h). Time here is the tick's: this_cpu()->tick_time is a
 * whole number of ticks, so a delay of n ticks ends at a tick and not just after one. A delay counts
 * from the next tick, because part of the present one may be over: never early, at most a tick late.
 */
#include <asm/irqflags.h>
#include <tessera/percpu.h>
#include <tessera/timer.h>

#define TICK_NS (1000000000ull / CONFIG_HZ)

/* Callbacks between two looks at the interrupts, so that many timers of one tick keep them
 * masked no longer than a few. */
#define CALLBACKS_MASKED 8

static bool expiring; /* timer_tick is at work; a nested tick leaves it the rest */

/* When `delay` is over: at the end of time if that is later. */
static __always_inline uint64_t time_after(uint64_t delay)
{
	uint64_t time;

	return __builtin_add_overflow(this_cpu()->tick_time + TICK_NS, delay, &time) ? UINT64_MAX
										      : time;
}

/* Takes a pending timer off the queue; masked. */
static void take_off(struct timer *timer)
{
	unsigned long flags = irq_save();

	timer->period = 0;
	timer_queue_remove(timer, flags);
}

void timer_set(struct timer *timer, uint64_t delay)
{
	unsigned long flags;

	if (unlikely(timer_pending(timer)))
		timer_cancel(timer);
	flags = irq_save();
	timer->expires = time_after(delay);
	timer_queue_insert(timer, flags);
}

void timer_set_periodic(struct timer *timer, uint64_t delay, uint64_t period)
{
	unsigned long flags = irq_save();

	if (timer_pending(timer))
		take_off(timer);
	timer->period = MAX(period, 1ull);
	timer->expires = time_after(delay);
	timer_queue_insert(timer, flags);
}

bool timer_cancel(struct timer *timer)
{
	unsigned long flags = irq_save();

	if (!timer_pending(timer)) {
		irq_restore(flags);
		return false;
	}
	timer->period = 0;
	return timer_queue_remove(timer, flags);
}

/* The next time after `now` at which a periodic timer is due; those that passed are left out. */
static uint64_t next_period(const struct timer *timer, uint64_t now)
{
	uint64_t next = timer->expires + timer->period;

	if (next < timer->expires)
		return UINT64_MAX;
	return next > now ? next : next + (now - next) / timer->period * timer->period + timer->period;
}

void timer_tick(uint64_t now)
{
	unsigned long flags = irq_save(); /* an interrupt: masked already */
	unsigned done = 0;
	struct timer *timer;

	this_cpu()->tick_time = now;
	if (expiring)
		return;
	expiring = true;
	while ((timer = timer_queue_expire(this_cpu()->tick_time))) {
		timer->link.next = NULL;
		if (timer->period) {
			timer->expires = next_period(timer, this_cpu()->tick_time);
			timer_queue_insert(timer, flags);
		}
		timer->callback(timer);
		if (++done % CALLBACKS_MASKED == 0) {
			irq_enable();
			irq_disable();
		}
	}
	expiring = false;
}

// SPDX-License-Identifier: MIT
/*
 * Timers in front of the timer queue (timer.h). Time here is the tick's: this_cpu()->tick_time is a
 * whole number of ticks, so a delay of n ticks ends at a tick and not just after one. A delay counts
 * from the next tick, because part of the present one may be over: never early, at most a tick late.
 */
#include <tessera/percpu.h>
#include <tessera/sched.h>
#include <tessera/timer.h>

#define TICK_NS	  (1000000000ull / CONFIG_HZ)
#define DELAY_MAX (1ull << 62) /* 146 years: the sum with the time of day cannot wrap */

/* Callbacks between two looks at the interrupts, so that many timers of one tick keep them
 * masked no longer than a few. */
#define CALLBACKS_MASKED 8

static bool expiring; /* timer_tick is at work; a nested tick leaves it the rest */

static __always_inline void set_masked(struct timer *timer, uint64_t delay, uint64_t period)
{
	if (unlikely(timer_pending(timer)))
		timer_queue_remove(timer);
	timer->period = period;
	timer->expires = this_cpu()->tick_time + TICK_NS + delay;
	timer_queue_insert(timer);
}

void timer_set(struct timer *timer, uint64_t delay)
{
	unsigned long flags = irq_save();

	set_masked(timer, MIN(delay, DELAY_MAX), 0);
	irq_restore(flags);
}

void timer_set_periodic(struct timer *timer, uint64_t delay, uint64_t period)
{
	unsigned long flags = irq_save();

	set_masked(timer, MIN(delay, DELAY_MAX), MAX(1ull, MIN(period, DELAY_MAX)));
	irq_restore(flags);
}

bool timer_cancel(struct timer *timer)
{
	unsigned long flags = irq_save();
	bool pending = timer_pending(timer);

	if (pending) {
		timer_queue_remove(timer);
		timer->link.next = NULL;
	}
	timer->period = 0; /* also when a periodic timer's own callback cancels it */
	irq_restore(flags);
	return pending;
}

void timer_tick(uint64_t now)
{
	unsigned done = 0;
	struct timer *timer;

	this_cpu()->tick_time = now;
	if (expiring)
		return;
	expiring = true;
	while ((timer = timer_queue_expire(this_cpu()->tick_time))) {
		timer->link.next = NULL;
		if (timer->period) {
			now = this_cpu()->tick_time;
			/* Periods that passed unseen fire once. */
			timer->expires += timer->period;
			if (timer->expires <= now)
				timer->expires += (now - timer->expires) / timer->period *
							  timer->period +
						  timer->period;
			timer_queue_insert(timer);
		}
		timer->callback(timer);
		if (++done % CALLBACKS_MASKED == 0) {
			irq_enable();
			irq_disable();
		}
	}
	expiring = false;
}

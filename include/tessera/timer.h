/* SPDX-License-Identifier: MIT */
/*
 * Timers: a function called once or periodically at a time, from the tick's interrupt.
 *
 * Times are nanoseconds; a timer fires at the first tick at or after its time, never early: a
 * delay counts from the next tick on, so it is at most one tick late (plus whatever keeps
 * interrupts masked). The pending timers are kept by a timer queue, a variation point:
 * sched/timer_queue/{delta_list,wheel}.c fulfil the part headed "what a variant provides".
 */
#ifndef TESSERA_TIMER_H
#define TESSERA_TIMER_H

#include <tessera/compiler.h>
#include <tessera/list.h>

struct timer;
typedef void timer_callback(struct timer *timer);

struct timer {
	struct list_node link; /* the queue's; link.next is NULL while not pending */
	uint64_t time;	       /* the queue's: when it fires, or how long after the one before it */
	timer_callback *callback;
	bool periodic;
	uint64_t period; /* of a periodic timer */
};

/* Prepares a timer that is not pending. The callback runs with interrupts masked, may set and
 * cancel any timer, its own included, and must not block. */
static inline void timer_init(struct timer *timer, timer_callback *callback)
{
	timer->link.next = NULL;
	timer->callback = callback;
}

static inline bool timer_pending(const struct timer *timer)
{
	return timer->link.next != NULL;
}

/* Lets the timer fire once, `delay` nanoseconds from now; a pending timer is moved. Any context; if
 * interrupts are on they may come on the way. Cost: the queue's insertion. */
void timer_set(struct timer *timer, uint64_t delay);

/* The same, then again every `period` (> 0) nanoseconds without drift; periods that passed
 * while interrupts were masked fire once, not several times. */
void timer_set_periodic(struct timer *timer, uint64_t delay, uint64_t period);

/* Cancels. True: it was pending and its callback will not run. False: it was not pending (one
 * CPU: the callback has run to its end). Any context, also from a callback. O(1). */
bool timer_cancel(struct timer *timer);

/* Called by tick(): advances this CPU's tick_time to `now` and calls all due callbacks in the order
 * of their times (equal times: in the order in which they were set; the wheel goes by its
 * granules). */
void timer_tick(uint64_t now);

/* Start-up, once. */
void timer_queue_init(void);

/*
 * What a variant provides: timer_set and timer_cancel, so that nothing stands between them and their
 * callers, and for the tick, with interrupts masked:
 *
 * Puts in a timer whose `time` is set to when it fires, which is not past.
 */
void timer_queue_insert(struct timer *timer);

/* Does a small part of what has become due at `now`: gives the next timer, taken off and with its
 * `time` set to when it was to fire, or NULL when it only moved something. False: all is done. */
bool timer_queue_expire(uint64_t now, struct timer **due);

/* When timer_tick is next needed at the latest; UINT64_MAX: never. */
uint64_t timer_queue_next(void);

#endif

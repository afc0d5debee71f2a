// SPDX-License-Identifier: MIT
/*
 * Timer queue: a list in the order of time in which each timer holds only the time that passes
 * between the one before it and itself (HOS's timer list; Comer's Xinu before it). A tick touches
 * the head alone; equal times keep the order in which they were set. A timer at the end of time
 * closes the list: it is never due, so nobody asks whether there is a next one.
 *
 * Interrupts stay masked for at most PLACES steps along the list. A timer whose place is farther from
 * the head stands in a line, in the order of setting, until it is sorted in, with interrupts let in on
 * the way: by who sets it, or by the next tick where who sets it keeps interrupts masked. A cursor in
 * the list marks how far the first of the line has come. Timers and the cursor hold the list together
 * the same way, so whatever is set, cancelled or fires meanwhile, the cursor stays where its time is;
 * if it is the wrong place by then, because another timer has become the first, that one begins anew.
 *
 * Cost: set O(timers that fire earlier), cancel O(1), tick O(1) plus the timers that fire. Weakness:
 * setting among many timers; that is what the wheel is for.
 */
#include <tessera/tick.h>

#include "timer_queue.h"

#define PLACES 64

static struct timer end;
static uint64_t base; /* the time that the first timer's distance counts from: tick_time */

/* At the head while somebody stands in line, and while due timers are taken off, when base is behind
 * tick_time: so nothing is put in first, and the tick has something to do. */
static struct timer barrier;

/*
 * The line. Here, too, a timer holds the distance to the one before it, though it may be negative
 * (modulo 2^64), and `line` that from the last one back to 0: so cancelling need not ask where a
 * timer stands.
 */
static struct timer line;

static struct timer cursor;  /* on the list, or not pending */
static uint64_t cursor_time; /* where in time it stands */

static struct timer *entry(struct list_node *node)
{
	return list_entry(node, struct timer, link);
}

void timer_queue_init(void)
{
	list_init(&end.link);
	end.time = INT64_MAX;
	list_init(&line.link);
}

/* Puts a timer before `later`, `rest` after the one that was before it. */
static __always_inline void put_before(struct timer *later, struct timer *timer, uint64_t rest)
{
	later->time -= rest;
	timer->time = rest;
	list_add_before(&later->link, &timer->link);
}

static __always_inline void take_off(struct timer *timer)
{
	struct list_node *next = timer->link.next;

	entry(next)->time += timer->time;
	timer_unlink(timer, next);
}

/* Goes on looking for the place of a timer that is due `*rest` after whatever is before `*later`. True:
 * it is before `*later`. False: it is farther than PLACES. */
static __always_inline bool find_place(struct timer **later, uint64_t *rest)
{
	struct timer *at = *later;
	uint64_t left = *rest;

	for (unsigned i = 0; i < PLACES / 4; i++) {
#pragma GCC unroll 4
		for (unsigned j = 0; j < 4; j++) {
			if (left < at->time)
				goto found;
			left -= at->time;
			at = entry(at->link.next);
		}
	}
found:
	*later = at;
	*rest = left;
	return left < at->time;
}

static void put_cursor(struct timer *later, uint64_t time)
{
	cursor_time = time;
	put_before(later, &cursor, 0);
}

static void raise_barrier(void)
{
	if (!timer_pending(&barrier))
		put_before(entry(end.link.next), &barrier, 0);
}

/* Brings the first in line nearer to its place, or there. */
static void sort_in(void)
{
	struct timer *timer = entry(line.link.next), *later;
	uint64_t time = timer->time, rest;

	if (timer_pending(&cursor) && time >= cursor_time) {
		later = entry(cursor.link.next);
		rest = time - (cursor_time - cursor.time);
		take_off(&cursor);
	} else {
		if (timer_pending(&cursor))
			take_off(&cursor);
		later = entry(end.link.next);
		rest = time - base;
	}
	if (find_place(&later, &rest)) {
		take_off(timer);
		put_before(later, timer, rest);
		if (list_empty(&line.link) && base == this_cpu()->tick_time)
			take_off(&barrier);
	} else {
		put_cursor(later, time - rest);
	}
}

static void put_in(struct timer *timer, uint64_t time)
{
	/* Nobody overtakes those who stand in line. */
	if (list_empty(&line.link)) {
		struct timer *later;
		uint64_t rest = time - base;

		if (timer_pending(&cursor)) /* somebody was cancelled on the way */
			take_off(&cursor);
		later = entry(end.link.next);
		if (find_place(&later, &rest)) {
			put_before(later, timer, rest);
			return;
		}
		put_cursor(later, time - rest);
	}
	raise_barrier();
	timer->time = time + line.time;
	line.time = -time;
	list_add_before(&line.link, &timer->link);
}

/* Sets a timer that is pending, or does not come first. */
static noinline void set_behind(struct timer *timer, uint64_t after_tick)
{
	unsigned long flags = irq_save();

	if (timer_pending(timer))
		take_off(timer);
	timer->periodic = false;
	put_in(timer, this_cpu()->tick_time + after_tick);
	while (irq_flags_enabled(flags)) {
		irq_enable();
		irq_disable();
		if (list_empty(&line.link))
			break;
		sort_in();
	}
	irq_restore(flags);
}

void timer_set(struct timer *timer, uint64_t delay)
{
	unsigned long flags = irq_save();
	struct timer *first = entry(end.link.next);

	delay = bounded(delay) + TICK_NS; /* from base on, or there is the barrier */
	if (unlikely(timer_pending(timer) || delay >= first->time)) {
		irq_restore_unchanged(flags);
		set_behind(timer, delay);
		return;
	}
	timer->periodic = false;
	put_before(first, timer, delay);
	irq_restore_unchanged(flags);
}

bool timer_cancel(struct timer *timer)
{
	unsigned long flags = irq_save();

	if (unlikely(!timer_pending(timer))) {
		irq_restore_unchanged(flags);
		return false;
	}
	take_off(timer);
	irq_restore_unchanged(flags);
	return true;
}

void timer_queue_insert(struct timer *timer)
{
	put_in(timer, MIN(timer->time, base + INT64_MAX / 2));
}

static noinline bool expire_one(uint64_t now, struct timer **due)
{
	struct timer *first;

	*due = NULL;
	raise_barrier();
	if (!list_empty(&line.link)) {
		sort_in();
		return true;
	}
	first = entry(barrier.link.next);
	if (first->time > now - base) {
		take_off(&barrier);
		first->time -= now - base;
		base = now;
		return false;
	}
	base += first->time;
	first->time = 0;
	take_off(first);
	if (first != &cursor) {
		first->time = base;
		*due = first;
	}
	return true;
}

bool timer_queue_expire(uint64_t now, struct timer **due)
{
	struct timer *first = entry(end.link.next);

	if (unlikely(first->time <= now - base))
		return expire_one(now, due);
	first->time -= now - base;
	base = now;
	return false;
}

uint64_t timer_queue_next(void)
{
	return base + entry(end.link.next)->time;
}

// SPDX-License-Identifier: MIT
/*
 * Timer queue: a list in the order of time in which each timer holds only the time that passes
 * between the one before it and itself (HOS's timer list; Comer's Xinu before it). A tick touches
 * the head alone; equal times keep the order in which they were set. A timer at the end of time
 * closes the list: it is never due, so nobody asks whether there is a next one.
 *
 * Cost: set O(timers that fire earlier), cancel O(1), tick O(1) plus the timers that fire. Weakness:
 * setting among many timers, with interrupts masked on the way; that is what the wheel is for.
 */
#include "timer_queue.h"

static struct timer end;
static uint64_t base; /* the time that the first timer's distance counts from */

static struct timer *entry(struct list_node *node)
{
	return list_entry(node, struct timer, link);
}

void timer_queue_init(void)
{
	list_init(&end.link);
	end.time = UINT64_MAX;
}

static __always_inline void insert(struct timer *timer, uint64_t time)
{
	uint64_t rest = time - base;
	struct timer *later = entry(end.link.next);

	while (rest >= later->time) {
		rest -= later->time;
		later = entry(later->link.next);
	}
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

void timer_set(struct timer *timer, uint64_t delay)
{
	unsigned long flags = irq_save();

	if (unlikely(timer_pending(timer)))
		take_off(timer);
	timer->periodic = false;
	insert(timer, time_after(delay));
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
	insert(timer, MIN(timer->time, UINT64_MAX - 1));
}

bool timer_queue_expire(uint64_t now, struct timer **due)
{
	struct timer *first = entry(end.link.next);

	if (first->time > now - base) {
		first->time -= now - base;
		base = now;
		return false;
	}
	base += first->time;
	first->time = base;
	list_remove(&first->link);
	*due = first;
	return true;
}

uint64_t timer_queue_next(void)
{
	return base + entry(end.link.next)->time;
}

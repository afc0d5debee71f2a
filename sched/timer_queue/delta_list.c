// SPDX-License-Identifier: MIT
/*
 * Timer queue: a list in the order of time in which each timer holds only the time that passes
 * between the one before it and itself (HOS's timer list; Comer's Xinu before it). A tick touches
 * the head alone; equal times keep the order in which they were set.
 *
 * Cost: set O(timers that fire earlier), cancel O(1), tick O(1) plus the timers that fire. Weakness:
 * setting among many timers; that is what the wheel is for.
 */
#include <asm/irqflags.h>
#include <tessera/timer.h>

static struct list_node timers;
static uint64_t base; /* the time that the first timer's delta counts from */

static struct timer *entry(struct list_node *node)
{
	return list_entry(node, struct timer, link);
}

void timer_queue_init(void)
{
	list_init(&timers);
	base = 0;
}

void timer_queue_insert(struct timer *timer, unsigned long flags)
{
	uint64_t rest = timer->expires - base;
	struct list_node *place;

	for (place = timers.next; place != &timers; place = place->next) {
		struct timer *later = entry(place);

		if (rest < later->delta) {
			later->delta -= rest;
			break;
		}
		rest -= later->delta;
	}
	timer->delta = rest;
	list_add_before(place, &timer->link);
	irq_restore(flags);
}

bool timer_queue_remove(struct timer *timer, unsigned long flags)
{
	struct list_node *next = timer->link.next;

	if (next != &timers)
		entry(next)->delta += timer->delta;
	list_remove(&timer->link);
	timer->link.next = NULL;
	irq_restore(flags);
	return true;
}

struct timer *timer_queue_expire(uint64_t now)
{
	struct timer *first = entry(timers.next);

	if (list_empty(&timers)) {
		base = now;
		return NULL;
	}
	if (first->delta > now - base) {
		first->delta -= now - base;
		base = now;
		return NULL;
	}
	base += first->delta;
	list_remove(&first->link);
	return first;
}

uint64_t timer_queue_next(void)
{
	return list_empty(&timers) ? UINT64_MAX : base + entry(timers.next)->delta;
}

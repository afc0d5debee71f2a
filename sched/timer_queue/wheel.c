// SPDX-License-Identifier: MIT
/*
 * Timer queue: a hierarchical timing wheel (Varghese and Lauck, "Hashed and Hierarchical Timing
 * Wheels", 1987). Time is cut into granules of 2^16 ns. Twelve wheels of 16 slots each see four bits
 * of the 48-bit granule number; a timer stands on the wheel of the highest bits in which its granule
 * differs from the present one, so it is moved to a finer wheel at most eleven times before it
 * fires, and nobody looks at it in between.
 *
 * Cost: set and cancel O(1) whatever else is pending; a tick O(1) plus the timers that fire or move.
 * Weaknesses: 1.5 KiB of slots (3 KiB on 64 bits); among timers of one granule that are due at
 * the same tick the order is that of setting, not of time.
 */
#include <tessera/bitops.h>

#include "timer_queue.h"

#define GRANULE_SHIFT 16
#define SLOT_BITS     4
#define SLOTS	      (1u << SLOT_BITS)
#define WHEELS	      12

_Static_assert(GRANULE_SHIFT + WHEELS * SLOT_BITS == 64, "the wheels see all of a time");
_Static_assert(TICK_NS >> GRANULE_SHIFT,
	       "what is not due in the present granule is at the next tick");

static struct {
	uint64_t present; /* the granule up to which timers have been moved and fired */

	/* Wheel by wheel, so that one index finds a slot. */
	struct list_node slots[WHEELS * SLOTS];

	/* Not 0: there may be a timer in the slot; cancelling leaves it set. A byte each, because
	 * that is one instruction to set; whole wheels are looked at as words. */
	uint8_t occupied[WHEELS * SLOTS] __aligned(sizeof(uint64_t));

	struct list_node *moving; /* the slot whose timers are being moved to finer wheels */
	struct list_node late;	  /* of the present granule, but due at the next tick only */
} queue;

void timer_queue_init(void)
{
	for (unsigned i = 0; i < ARRAY_SIZE(queue.slots); i++)
		list_init(&queue.slots[i]);
	list_init(&queue.late);
}

/* `part` is a word of the granule number that differs in `differs` from the present one, or the last. */
static __always_inline void put(struct timer *timer, unsigned long part, unsigned long differs,
				unsigned first_wheel)
{
	unsigned shift = bit_last(differs | (SLOTS - 1)) & ~(SLOT_BITS - 1);
	unsigned slot = first_wheel * SLOTS + shift * (SLOTS / SLOT_BITS) +
			(unsigned)(part >> shift & (SLOTS - 1));

	queue.occupied[slot] = 1;
	list_add_tail(&queue.slots[slot], &timer->link);
}

/* On 32 bits, when the granule's upper half differs: the timer is days away. */
static noinline void put_far(struct timer *timer)
{
	unsigned long part = (unsigned long)(timer->time >> 32 >> GRANULE_SHIFT);

	put(timer, part, part ^ (unsigned long)(queue.present >> 32), 32 / SLOT_BITS);
}

static __always_inline void sort_in(struct timer *timer)
{
	uint64_t granule = timer->time >> GRANULE_SHIFT;

	if (BITS_PER_LONG == 32 &&
	    unlikely((uint32_t)(granule >> 32) != (uint32_t)(queue.present >> 32)))
		put_far(timer);
	else
		put(timer, (unsigned long)granule, (unsigned long)(granule ^ queue.present), 0);
}

void timer_set(struct timer *timer, uint64_t delay)
{
	unsigned long flags = irq_save();

	if (unlikely(timer_pending(timer)))
		list_remove(&timer->link);
	timer->periodic = false;
	timer->time = time_after(delay);
	sort_in(timer);
	irq_restore(flags);
}

bool timer_cancel(struct timer *timer)
{
	unsigned long flags = irq_save();

	if (unlikely(!timer_pending(timer))) {
		irq_restore(flags);
		return false;
	}
	timer_unlink(timer);
	irq_restore(flags);
	return true;
}

void timer_queue_insert(struct timer *timer)
{
	sort_in(timer);
}

static bool wheel_empty(unsigned wheel)
{
	const uint64_t *half = (const uint64_t *)&queue.occupied[wheel * SLOTS];

	return !(half[0] | half[1]);
}

/*
 * The first granule after `present` and not after `limit` at which a slot is occupied, and the slot.
 * False: there is none. Finer wheels always come first, and a wheel of whose next turn of a slot
 * lies behind the limit has nothing to say.
 */
static bool next_occupied(uint64_t limit, uint64_t *granule, unsigned *slot)
{
	uint64_t finer = 0; /* the granule bits that the finer wheels see */

	for (unsigned wheel = 0; wheel < WHEELS && (queue.present | finer) < limit; wheel++) {
		unsigned shift = wheel * SLOT_BITS;

		if (!wheel_empty(wheel)) {
			unsigned now = (unsigned)(queue.present >> shift) & (SLOTS - 1);

			for (unsigned i = now + 1; i < SLOTS; i++) {
				if (!queue.occupied[wheel * SLOTS + i])
					continue;
				*granule = ((queue.present >> shift) + i - now) << shift;
				*slot = wheel * SLOTS + i;
				return *granule <= limit;
			}
		}
		finer = finer << SLOT_BITS | (SLOTS - 1);
	}
	return false;
}

static struct timer *first_of(struct list_node *list)
{
	return list_entry(list->next, struct timer, link);
}

/* No new timer comes into the slots that this empties: its granule would have to be the present
 * one, or agree with it in the slot's bits, and then its place is on a finer wheel. */
static noinline bool expire_one(uint64_t now, struct timer **due)
{
	struct list_node *list = &queue.slots[queue.present & (SLOTS - 1)];
	uint64_t target = now >> GRANULE_SHIFT, next;
	unsigned slot;

	*due = NULL;
	if (!list_empty(&queue.late) && first_of(&queue.late)->time <= now) {
		list = &queue.late;
	} else if (queue.moving) {
		struct timer *timer = first_of(queue.moving);

		if (list_empty(queue.moving)) {
			queue.moving = NULL;
		} else {
			list_remove(&timer->link);
			sort_in(timer);
		}
		return true;
	} else if (list_empty(list)) {
		queue.occupied[queue.present & (SLOTS - 1)] = 0;
		if (!next_occupied(target, &next, &slot)) {
			queue.present = MAX(queue.present, target);
			return false;
		}
		queue.present = next;
		if (slot >= SLOTS) {
			queue.occupied[slot] = 0;
			queue.moving = &queue.slots[slot];
		}
		return true;
	} else if (first_of(list)->time > now) {
		struct timer *timer = first_of(list);

		list_remove(&timer->link);
		list_add_tail(&queue.late, &timer->link);
		return true;
	}
	*due = first_of(list);
	list_remove(&(*due)->link);
	return true;
}

/* The most common tick: nothing on the wheels that turn within a few ticks, nothing left over. */
bool timer_queue_expire(uint64_t now, struct timer **due)
{
	const uint64_t *near = (const uint64_t *)queue.occupied;
	uint64_t target = now >> GRANULE_SHIFT;

	if (unlikely(near[0] | near[1] | near[2] | near[3] | near[4] | near[5] |
		     (target ^ queue.present) >> (3 * SLOT_BITS)) ||
	    queue.moving || !list_empty(&queue.late))
		return expire_one(now, due);
	queue.present = target;
	return false;
}

uint64_t timer_queue_next(void)
{
	uint64_t next;
	unsigned slot;

	if (queue.moving || !list_empty(&queue.late) ||
	    !list_empty(&queue.slots[queue.present & (SLOTS - 1)]))
		return queue.present << GRANULE_SHIFT;
	return next_occupied(UINT64_MAX, &next, &slot) ? next << GRANULE_SHIFT : UINT64_MAX;
}

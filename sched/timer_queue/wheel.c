// SPDX-License-Identifier: MIT
/*
 * Timer queue: a hierarchical timing wheel (Varghese and Lauck, "Hashed and Hierarchical Timing
 * Wheels", 1987). Time is cut into granules of 2^16 ns. Twelve wheels of 16 slots each see four bits
 * of the 48-bit granule number; a timer stands on the wheel of the highest bits in which its granule
 * differs from the present one, so it is moved to a finer wheel at most eleven times before it
 * fires, and nobody looks at it in between.
 *
 * Cost: set and cancel O(1) whatever else is pending; a tick O(1) plus the timers that fire or move.
 * Weaknesses: 1.5 KiB of slots (3 KiB on 64 bits), of which a wheel's are looked through one by one;
 * among timers of one granule that are due at the same tick the order is that of setting, not of
 * time; and a crowd in one slot moves at one tick, so what is due then waits for all of it.
 */
#include <tessera/bitops.h>
#include <tessera/tick.h>

#include "timer_queue.h"

#define GRANULE_SHIFT 16
#define SLOT_BITS     4
#define SLOTS	      (1u << SLOT_BITS)
#define WHEELS	      12

_Static_assert(GRANULE_SHIFT + WHEELS * SLOT_BITS == 64, "the wheels see all of a time");
_Static_assert(TICK_NS >> GRANULE_SHIFT,
	       "what is not due in the present granule is at the next tick");

static struct {
	/* Wheel by wheel, so that one index finds a slot. */
	struct list_node slots[WHEELS * SLOTS];

	uint64_t present; /* the granule up to which timers have been moved and fired */

	/* By a wheel's shift, which is at hand when a timer is set. Not 0: there may be a timer on
	 * the wheel; cancelling leaves it set. */
	uint8_t occupied[WHEELS * SLOT_BITS];

	struct list_node *moving; /* the slot whose timers are being moved to finer wheels */
	struct list_node late;	  /* of the present granule, but due at the next tick only */
} queue;

void timer_queue_init(void)
{
	for (unsigned i = 0; i < ARRAY_SIZE(queue.slots); i += 4) {
		list_init(&queue.slots[i]);
		list_init(&queue.slots[i + 1]);
		list_init(&queue.slots[i + 2]);
		list_init(&queue.slots[i + 3]);
	}
	list_init(&queue.late);
}

/* `part` is a word of the granule number, `present` of the present one: the last in which the two
 * differ, or the lowest. */
static __always_inline void put(struct timer *timer, unsigned long part, unsigned long present,
				unsigned first_wheel)
{
	unsigned long shift = bit_last((part ^ present) | (SLOTS - 1)) & ~(SLOT_BITS - 1);
	unsigned long slot =
		first_wheel * SLOTS + shift * (SLOTS / SLOT_BITS) + (part >> shift & (SLOTS - 1));

	queue.occupied[first_wheel * SLOT_BITS + shift] = 1;
	list_add_tail(&queue.slots[slot], &timer->link);
}

/* On 32 bits, when the granule's upper half differs: the timer is days away. */
static noinline void put_far(struct timer *timer)
{
	put(timer, (unsigned long)(timer->time >> 32 >> GRANULE_SHIFT),
	    (unsigned long)(queue.present >> 32), 32 / SLOT_BITS);
}

/* time: the timer's, which the caller has at hand. */
static __always_inline void sort_in(struct timer *timer, uint64_t time)
{
	uint32_t high = (uint32_t)(time >> 32), low = (uint32_t)time;

	if (BITS_PER_LONG == 64)
		put(timer, (unsigned long)(time >> GRANULE_SHIFT), (unsigned long)queue.present, 0);
	else if (unlikely(high >> GRANULE_SHIFT != (uint32_t)(queue.present >> 32)))
		put_far(timer);
	else
		put(timer, high << (32 - GRANULE_SHIFT) | low >> GRANULE_SHIFT,
		    (uint32_t)queue.present, 0);
}

void timer_set(struct timer *timer, uint64_t delay)
{
	unsigned long flags = irq_save();

	if (unlikely(timer_pending(timer)))
		list_remove(&timer->link);
	timer->periodic = false;
	delay = time_after(delay);
	timer->time = delay;
	sort_in(timer, delay);
	irq_restore_unchanged(flags);
}

bool timer_cancel(struct timer *timer)
{
	unsigned long flags = irq_save();

	if (unlikely(!timer_pending(timer))) {
		irq_restore_unchanged(flags);
		return false;
	}
	timer_unlink(timer, timer->link.next);
	irq_restore_unchanged(flags);
	return true;
}

void timer_queue_insert(struct timer *timer)
{
	sort_in(timer, timer->time);
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

		if (queue.occupied[shift]) {
			unsigned now = (unsigned)(queue.present >> shift) & (SLOTS - 1);

			/* The slots up to the present one's are empty. */
			for (unsigned i = now + 1; i < SLOTS; i++) {
				if (list_empty(&queue.slots[wheel * SLOTS + i]))
					continue;
				*granule = ((queue.present >> shift) + i - now) << shift;
				*slot = wheel * SLOTS + i;
				return *granule <= limit;
			}
			queue.occupied[shift] = 0;
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
			sort_in(timer, timer->time);
		}
		return true;
	} else if (list_empty(list)) {
		if (!next_occupied(target, &next, &slot)) {
			queue.present = MAX(queue.present, target);
			queue.occupied[0] |= !list_empty(&queue.late); /* the next tick's */
			return false;
		}
		queue.present = next;
		if (slot >= SLOTS) {
			queue.moving = &queue.slots[slot];
			queue.occupied[0] = 1; /* what is left over is looked for there */
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
	uint64_t target = now >> GRANULE_SHIFT;

	if (unlikely(queue.occupied[0] | queue.occupied[SLOT_BITS] |
			     queue.occupied[2 * SLOT_BITS] ||
		     (target ^ queue.present) >> (3 * SLOT_BITS)))
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

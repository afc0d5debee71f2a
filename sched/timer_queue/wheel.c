// SPDX-License-Identifier: MIT
/*
 * Timer queue: a hierarchical timing wheel (Varghese and Lauck, "Hashed and Hierarchical Timing
 * Wheels", 1987). Time is cut into granules of 2^16 ns. Eight wheels of 16 slots each see four bits
 * of the granule number; a timer stands on the wheel of the highest bits in which its granule
 * differs from the present one, so it is moved to a finer wheel at most seven times before it fires.
 *
 * Cost: set and cancel O(1) whatever else is pending; a tick O(wheels) plus the timers that fire or
 * move. Weaknesses: 1 KiB of slots (2 KiB on 64 bits); among timers of one granule that are due at
 * the same tick the order is that of setting, not of time.
 */
#include <asm/irqflags.h>
#include <tessera/bitops.h>
#include <tessera/timer.h>

#define GRANULE_SHIFT 16
#define SLOT_BITS     4
#define SLOTS	      (1u << SLOT_BITS)
#define WHEELS	      8
#define LAST	      (WHEELS - 1)

/* Granule numbers are looked at modulo 2^32, so the last wheel goes round. A timer further away than
 * most of a round waits there and is sorted in again. */
#define FAR (14u << (LAST * SLOT_BITS))

static struct list_node slots[WHEELS][SLOTS];
static uint16_t occupied[WHEELS]; /* a set bit may be stale: its slot was emptied by cancels */
static uint64_t present;	  /* the granule up to which timers have been moved and fired */

void timer_queue_init(void)
{
	for (unsigned w = 0; w < WHEELS; w++) {
		occupied[w] = 0;
		for (unsigned i = 0; i < SLOTS; i++)
			list_init(&slots[w][i]);
	}
	present = 0;
}

static unsigned digit(uint32_t granule, unsigned wheel)
{
	return granule >> (wheel * SLOT_BITS) & (SLOTS - 1);
}

/* Granules from now on until a timer is due; a timer far away is brought near. */
static uint32_t far_granule(const struct timer *timer)
{
	uint64_t ahead = (timer->expires >> GRANULE_SHIFT) - present;

	return (uint32_t)present + (uint32_t)MIN(ahead, (uint64_t)FAR);
}

static __always_inline void sort_in(struct timer *timer)
{
	uint32_t granule = (uint32_t)(timer->expires >> GRANULE_SHIFT);
	uint32_t differs;
	unsigned wheel = 0, slot;

	/* The rest of the number differs: beyond a round, or across the end of one. */
	if (unlikely((uint32_t)(timer->expires >> (GRANULE_SHIFT + 32)) !=
		     (uint32_t)(present >> 32)))
		granule = far_granule(timer);
	differs = granule ^ (uint32_t)present;
	if (likely(differs))
		wheel = (31 - __builtin_clz(differs)) / SLOT_BITS;
	slot = digit(granule, wheel);
	occupied[wheel] |= 1u << slot;
	list_add_tail(&slots[wheel][slot], &timer->link);
}

void timer_queue_insert(struct timer *timer, unsigned long flags)
{
	sort_in(timer);
	irq_restore(flags);
}

bool timer_queue_remove(struct timer *timer, unsigned long flags)
{
	list_remove(&timer->link);
	timer->link.next = NULL;
	irq_restore(flags);
	return true;
}

/* The first granule after `present` at which a slot is occupied, and the wheel it is on; false:
 * there is none. Finer wheels always come first. */
static bool next_occupied(uint64_t *granule, unsigned *wheel)
{
	for (unsigned w = 0; w < WHEELS; w++) {
		unsigned shift = w * SLOT_BITS;
		unsigned now = digit((uint32_t)present, w);
		uint32_t ahead = (uint32_t)occupied[w] >> now >> 1;

		if (w == LAST) /* goes round */
			ahead |= (uint32_t)occupied[w] << (SLOTS - 1 - now) & (BIT(SLOTS) - 1);
		if (ahead) {
			*granule = ((present >> shift) + __builtin_ctz(ahead) + 1) << shift;
			*wheel = w;
			return true;
		}
	}
	return false;
}

/* Sorts the timers of the slot that `present` has just reached into finer wheels. */
static void cascade(unsigned wheel)
{
	unsigned slot = digit((uint32_t)present, wheel);
	struct list_node *list = &slots[wheel][slot];
	struct list_node moved;

	occupied[wheel] &= ~(1u << slot);
	if (list_empty(list))
		return;
	list_add_head(list, &moved); /* takes the place of the slot's own node */
	list_remove(list);
	list_init(list);
	list_for_each_safe(node, &moved)
		sort_in(list_entry(node, struct timer, link));
}

struct timer *timer_queue_expire(uint64_t now)
{
	uint64_t target = now >> GRANULE_SHIFT;
	uint64_t next;
	unsigned wheel;

	for (;;) {
		unsigned slot = digit((uint32_t)present, 0);

		if (occupied[0] & 1u << slot) {
			list_for_each(node, &slots[0][slot]) {
				struct timer *timer = list_entry(node, struct timer, link);

				if (timer->expires <= now) {
					list_remove(node);
					return timer;
				}
			}
			if (list_empty(&slots[0][slot]))
				occupied[0] &= ~(1u << slot);
		}
		if (present >= target)
			return NULL;
		if (!next_occupied(&next, &wheel) || next > target) {
			present = target;
		} else {
			present = next;
			if (wheel)
				cascade(wheel);
		}
	}
}

uint64_t timer_queue_next(void)
{
	uint64_t next;
	unsigned wheel;

	if (occupied[0] & 1u << digit((uint32_t)present, 0))
		return present << GRANULE_SHIFT;
	return next_occupied(&next, &wheel) ? next << GRANULE_SHIFT : UINT64_MAX;
}

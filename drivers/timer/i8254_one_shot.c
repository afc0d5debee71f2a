/* SPDX-License-Identifier: MIT */
/*
 * The tick from the i8254 for tickless idle: every interrupt is programmed singly (mode 0), for the
 * next tick or, while the tick is stopped, for a later one.
 *
 * When a tick is due, and how many have passed, only the clock says: the interrupt is no more than a
 * reason to look at it. So one that comes too early (the counter's rate and the clock's differ by
 * some parts in a million), one left over from before the counter was programmed anew, and one that
 * is lost do no harm, and the ticks keep the clock's beat for ever, whatever was masked how long.
 * Until the clock's rate has been measured for good the counter runs at its constant rate.
 *
 * Cost: a tick reads the clock once and writes three ports. Weakness: the longest interval is 54 ms,
 * after which it is programmed again; and a processor whose time stamp counter stands still while it
 * is halted would lose time. Source: Intel 8254 data sheet (231164-005), mode 0.
 */
#include <asm/io.h>
#include <tessera/kernel.h>
#include <tessera/tick.h>

#include "i8254.h"

/* Counts per nanosecond, times 2^32, rounded up. */
#define SCALE ((uint32_t)(((uint64_t)I8254_HZ << 32) / NSEC_PER_SEC) + 1)

/* In mode 0 the interrupt comes at the count after 0. */
#define LONGEST ((I8254_COUNT_MAX - 1) * NSEC_PER_SEC / I8254_HZ)

static bool begun;
static uint64_t last; /* the time of the last tick that was counted */

static void interrupt_in(uint64_t nanoseconds)
{
	uint32_t count = (uint32_t)(MIN(nanoseconds, LONGEST) * SCALE >> 32) + 1;

	outb(I8254_COMMAND, I8254_ONCE);
	outb(I8254_CHANNEL0, count & 0xff);
	outb(I8254_CHANNEL0, (uint8_t)(count >> 8));
}

void i8254_one_shot_begin(void)
{
	begun = true;
	last = clock_now();
	interrupt_in(TICK_NS);
}

bool i8254_one_shot_interrupt(void)
{
	if (likely(begun))
		tick_by(tick_restart());
	return begun;
}

bool tick_stop(uint64_t ticks)
{
	uint64_t passed = clock_now() - last;

	if (!begun || passed >= TICK_NS)
		return false;
	interrupt_in(MIN(ticks, (uint64_t)CONFIG_HZ) * TICK_NS - passed);
	return true;
}

unsigned tick_restart(void)
{
	uint64_t now = clock_now();
	unsigned count = (unsigned)((now - last) / TICK_NS);

	last += count * TICK_NS;
	interrupt_in(last + TICK_NS - now);
	return count;
}

/* SPDX-License-Identifier: MIT */
/*
 * Tickless idle with Count and Compare: Compare is moved a whole number of ticks ahead, and back to
 * the next tick when idle ends, so the ticks keep their beat exactly. The longest interval is a
 * quarter of Count's turn (6 s on Malta), so that the sign of a difference always tells before from
 * after, and the 64-bit counter is read once a turn.
 */
#include <asm/cycles.h>
#include <tessera/clock.h>
#include <tessera/kernel.h>

#include "mips_cp0.h"

#define TICKS_MAX ((1u << 30) / COUNTS_PER_TICK)
_Static_assert(TICKS_MAX > 1, "the tick can be stopped at all");

static uint32_t next; /* Count at the first tick that was left out */

bool tick_stop(uint64_t ticks)
{
	uint32_t until;

	if (compare_reached())
		return false;
	next = cp0_read(CP0_COMPARE);
	until = next + (uint32_t)(MIN(ticks, (uint64_t)TICKS_MAX) - 1) * COUNTS_PER_TICK;
	while (!interrupt_at(until)) /* the host has stopped the machine meanwhile */
		until = cp0_read(CP0_COUNT) + COUNTS_PER_TICK;
	return true;
}

unsigned tick_restart(void)
{
	uint32_t late = (uint32_t)cycle_count() - next;
	unsigned count = (int32_t)late < 0 ? 0 : late / COUNTS_PER_TICK + 1;

	next += count * COUNTS_PER_TICK;
	while (!interrupt_at(next)) {
		next += COUNTS_PER_TICK;
		count++;
	}
	return count;
}

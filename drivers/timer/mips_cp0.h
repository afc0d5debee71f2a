/* SPDX-License-Identifier: MIT */
/* Count and Compare: what the tick and its stopping share. */
#ifndef DRIVERS_TIMER_MIPS_CP0_H
#define DRIVERS_TIMER_MIPS_CP0_H

#include <asm/cp0.h>
#include <tessera/compiler.h>

#define COUNT_HZ	CONFIG_MIPS_COUNT_HZ
#define COUNTS_PER_TICK ((COUNT_HZ + CONFIG_HZ / 2) / CONFIG_HZ)

/* Also takes the interrupt back. False: Count has passed `when`, nothing will come. */
static inline bool interrupt_at(uint32_t when)
{
	cp0_write(CP0_COMPARE, when);
	return (int32_t)(when - cp0_read(CP0_COUNT)) > 0;
}

/* Count has reached Compare: its interrupt is pending. */
static inline bool compare_reached(void)
{
	return (int32_t)(cp0_read(CP0_COMPARE) - cp0_read(CP0_COUNT)) <= 0;
}

#endif

/* SPDX-License-Identifier: MIT */
/* The time stamp counter. Under QEMU's -icount shift=0 it counts guest instructions. */
#ifndef ASM_CYCLES_H
#define ASM_CYCLES_H

#include <stdint.h>

static inline uint64_t cycle_count(void)
{
	uint32_t low, high;

	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
	return (uint64_t)high << 32 | low;
}

static inline uint64_t cycle_count_masked(void)
{
	return cycle_count();
}

static inline uint64_t cycles_to_instructions(uint64_t cycles)
{
	return cycles;
}

#endif

/* SPDX-License-Identifier: MIT */
/*
 * The Count register, made 64 bits wide: whoever reads it notices when it has wrapped, if it is
 * read at least once per turn (2^32 Counts, 26 s on Malta; the tick sees to that).
 */
#ifndef ASM_CYCLES_H
#define ASM_CYCLES_H

#include <asm/irqflags.h>

/* The last reading; interrupts are masked while it changes. */
extern uint32_t cycles_low, cycles_high;

static inline uint64_t cycle_count_masked(void)
{
	uint32_t low = cp0_read(CP0_COUNT);
	uint32_t high = cycles_high + (low < cycles_low);

	cycles_low = low;
	cycles_high = high;
	return (uint64_t)high << 32 | low;
}

static inline uint64_t cycle_count(void)
{
	unsigned long flags = cpu_irq_save();
	uint64_t count = cycle_count_masked();

	cpu_irq_restore(flags);
	return count;
}

/* QEMU counts once in 6 ns of guest time, and at shift=0 an instruction is one nanosecond. */
static inline uint64_t cycles_to_instructions(uint64_t cycles)
{
	return cycles * 6;
}

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Clock and tick from the MIPS CPU's own Count and Compare registers.
 *
 * Count goes up at a constant rate, which no register tells: it is the option MIPS_COUNT_HZ. When
 * it equals Compare the CPU raises its timer line until Compare is written again. The handler
 * adds a constant to Compare, so that late interrupts do not make the tick late for ever; if Count
 * has passed the new value as well (a long masked stretch, a preempted host), equality would come
 * a whole turn of 26 s later, so it goes on until Compare lies ahead, a tick for each.
 *
 * Source: MIPS32 Architecture For Programmers, Volume III (MD00090), sections 9.10 and 9.12.
 * Cost: a reading of the clock about 30 instructions.
 */
#include <asm/cpu.h>
#include <asm/cycles.h>
#include <asm/setup.h>
#include <tessera/clock.h>
#include <tessera/irq.h>
#include <tessera/kernel.h>

#include "mips_cp0.h"

/* Nanoseconds per Count, times 2^24: 6 ns come out exactly. */
#define SCALE_SHIFT 24
#define SCALE	    ((uint32_t)(((NSEC_PER_SEC << SCALE_SHIFT) + COUNT_HZ / 2) / COUNT_HZ))
_Static_assert(((NSEC_PER_SEC << SCALE_SHIFT) + COUNT_HZ / 2) / COUNT_HZ <= UINT32_MAX,
	       "MIPS_COUNT_HZ is too low");

static uint64_t clock_start; /* Count at clock_init; 0: not yet */

uint64_t clock_now(void)
{
	uint64_t counts = cycle_count() - clock_start;
	uint32_t high = (uint32_t)(counts >> 32), low = (uint32_t)counts;

	if (!clock_start)
		return 0;
	/* In two parts, each of which fits 64 bits for centuries. */
	return ((uint64_t)high * SCALE << (32 - SCALE_SHIFT)) +
	       ((uint64_t)low * SCALE >> SCALE_SHIFT);
}

static unsigned ticks_read;

static void timer_interrupt(unsigned irq, void *arg)
{
	current_stack_check();
	/* What ended tickless idle has been made up for by then, and Compare moved. */
	if (IS_ENABLED(CONFIG_NO_HZ_IDLE) && !compare_reached())
		return;
	/* Compare is read anew each time: tick() may let interrupts in, and among them this one. */
	do {
		cp0_write(CP0_COMPARE, cp0_read(CP0_COMPARE) + COUNTS_PER_TICK); /* acknowledges */
		tick();
	} while (compare_reached());
	if (++ticks_read % 16 == 0)
		cycle_count(); /* must be read once a turn of Count, which takes 4 s at least */
}

void clock_init(void)
{
	clock_start = cycle_count();
}

void tick_start(void)
{
	/* IntCtl says which line is the timer's. */
	unsigned irq = CPU_IRQ_FIRST + (cp0_read(CP0_INTCTL) >> INTCTL_IPTI_SHIFT);

	while (!interrupt_at(cp0_read(CP0_COUNT) + COUNTS_PER_TICK))
		;
	if (irq_request(irq, timer_interrupt, NULL, "timer"))
		panic("irq %u of the timer is taken", irq);
}

const char *clock_source_name(void)
{
	return "CP0 Count";
}

uint64_t clock_source_hz(void)
{
	return COUNT_HZ;
}

/* SPDX-License-Identifier: MIT */
/* The periodic tick, and waiting without sleep. */
#include <asm/cpu.h>
#include <asm/irqflags.h>
#include <tessera/slice.h>
#include <tessera/tick.h>

static uint64_t ticks; /* changed by the timer's interrupt */

static __always_inline void advance(unsigned count)
{
	ticks += count;
	if (!IS_ENABLED(CONFIG_THREADS))
		return;
	sched_tick();
	timer_tick(this_cpu()->next_tick + (count - 1) * TICK_NS);
}

void tick(void)
{
	advance(1);
}

void tick_by(unsigned count)
{
	if (count)
		advance(count);
}

uint64_t tick_count(void)
{
	unsigned long flags = irq_save(); /* 32-bit machines read it in two halves */
	uint64_t now = ticks;

	irq_restore(flags);
	return now;
}

void clock_spin(uint64_t nanoseconds)
{
	uint64_t end = clock_now() + nanoseconds;

	while (clock_now() < end)
		cpu_relax();
}

/* SPDX-License-Identifier: MIT */
/* What an exception and an interrupt cost, from the vector through C and back. */
#include <asm/cp0.h>
#include <asm/cpu.h>
#include <asm/irqflags.h>
#include <asm/trap.h>
#include <tessera/benchmark.h>
#include <tessera/irq.h>

#define ROUNDS	      1000
#define SOFTWARE_LINE 0 /* raised and taken back by a bit of Cause */

/* The full frame and the C dispatcher, by a `break` that asks for nothing. */
BENCHMARK(trap_full_frame)
{
	unsigned long flags = irq_save();
	uint64_t start = benchmark_begin();

	for (unsigned i = 0; i < ROUNDS; i++)
		__asm__ volatile(".word %0" : : "i"(BREAK_NOTHING) : "memory");
	benchmark_end("trap.frame", start, ROUNDS);
	irq_restore(flags);
}

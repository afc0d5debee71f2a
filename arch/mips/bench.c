/* SPDX-License-Identifier: MIT */
/* What an exception and an interrupt cost, from the vector through C and back. */
#include <asm/cp0.h>
#include <asm/irqflags.h>
#include <asm/trap.h>
#include <tessera/benchmark.h>

#define ROUNDS 1000

/* The full frame, by a `break` that asks the C dispatcher for nothing. */
BENCHMARK(trap_frame)
{
	unsigned long flags = irq_save();
	uint64_t start = benchmark_begin();

	for (unsigned i = ROUNDS; i; i--)
		__asm__ volatile(".word %0" : : "i"(BREAK_NOTHING) : "memory");
	benchmark_end("trap.frame", start, ROUNDS);
	irq_restore(flags);
}

static __always_inline void interrupt_once(uint32_t cause)
{
	cp0_write(CP0_CAUSE, cause);
	cp0_barrier();
}

/* An interrupt without handler: a software line, which the C dispatcher takes back. */
BENCHMARK(trap_interrupt)
{
	unsigned long flags = irq_save();
	uint32_t status = cp0_read(CP0_STATUS);
	uint32_t cause = CAUSE_IV | 1u << CAUSE_IP_SHIFT;
	uint64_t start;

	/* No other line may come in between. */
	cp0_write(CP0_STATUS, STATUS_IE | 1u << STATUS_IM_SHIFT);
	cp0_barrier();
	start = benchmark_begin();
	for (unsigned i = ROUNDS / 4; i; i--) {
		interrupt_once(cause);
		interrupt_once(cause);
		interrupt_once(cause);
		interrupt_once(cause);
	}
	benchmark_end("trap.interrupt", start, ROUNDS);
	cp0_write(CP0_STATUS, status);
	irq_restore(flags);
}

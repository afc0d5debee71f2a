/* SPDX-License-Identifier: MIT */
/* What an exception and an interrupt cost, from the vector through C and back. */
#include <asm/trap.h>
#include <tessera/benchmark.h>

#define ROUNDS 1000

static void do_nothing(struct trap_frame *frame)
{
}

/* The full frame, by a breakpoint whose handler does nothing. */
BENCHMARK(trap_frame)
{
	trap_handler *before = trap_set_handler(TRAP_BREAKPOINT, do_nothing);
	uint64_t start = benchmark_begin();

	for (unsigned i = ROUNDS; i; i--)
		__asm__ volatile("int3" : : : "memory");
	benchmark_end("trap.frame", start, ROUNDS);
	trap_set_handler(TRAP_BREAKPOINT, before);
}

/* An interrupt without line, and so without handler and controller. */
BENCHMARK(trap_interrupt)
{
	uint64_t start = benchmark_begin();

	for (unsigned i = ROUNDS; i; i--)
		__asm__ volatile("int %0" : : "i"(VECTOR_SOFTWARE) : "memory");
	benchmark_end("trap.interrupt", start, ROUNDS);
}

/* SPDX-License-Identifier: MIT */
/*
 * Benchmarks: guest instructions per operation, read from the cycle counter under QEMU's
 * instruction-counting clock. One line per figure on the console, read by scripts/bench:
 *	# bench NAME VALUE UNIT
 * VALUE is a decimal number with up to two fractional digits. A benchmark measures a batch of
 * operations with the loop overhead included (2 to 3 instructions), as peers' figures do.
 *
 *	BENCHMARK(page_alloc_1)
 *	{
 *		uint64_t start = benchmark_begin();
 *		for (unsigned i = 0; i < n; i++) ...
 *		benchmark_end("page.1.fresh", start, n);
 *	}
 */
#ifndef TESSERA_BENCHMARK_H
#define TESSERA_BENCHMARK_H

#include <tessera/compiler.h>
#include <tessera/linker.h>

struct benchmark {
	const char *name;
	void (*run)(void);
};

extern const struct benchmark __start_benchmarks[], __stop_benchmarks[];

#define BENCHMARK(id)                                                               \
	static void benchmark_##id(void);                                           \
	REGISTRY_ENTRY(benchmarks, struct benchmark, id) = { #id, benchmark_##id }; \
	static void benchmark_##id(void)

/* The instruction counter now (asm/cycles.h). */
uint64_t benchmark_begin(void);

/* Prints instructions per operation of n operations since `start`. */
void benchmark_end(const char *name, uint64_t start, unsigned n);

/* Prints any other figure, with its unit. */
void benchmark_report(const char *name, uint64_t value, const char *unit);

/* Runs those that the filter selects, as tests_run, with interrupts masked.
 * Gives the number that ran; says so when it is none. */
unsigned benchmarks_run(const char *filter);

#endif

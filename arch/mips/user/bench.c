/* SPDX-License-Identifier: MIT */
/*
 * The TLB refill.
 *
 *	tlb.refill	a load whose page is not in the TLB: the loop's 4 instructions and the refill's
 *	tlb.trace	how many of 4096 loads along a fixed trace are refilled: three of four go to
 *			one of 8 pairs of pages, the others to one of 64
 *
 * QEMU keeps up to 112 entries alive that the CPU it shows has replaced; reading an entry makes it
 * forget them. So each step of the trace does that, and the count is the real one for the TLB's size.
 */
#include <asm/cycles.h>
#include <asm/user_page.h>
#include <tessera/address_space.h>
#include <tessera/benchmark.h>

#define REFILL	    15 /* instructions */
#define BASE	    ((uintptr_t)0x400000)
#define PAIR	    (2 * PAGE_SIZE)
#define ALL_PAIRS   512
#define TRACE	    4096
#define TRACE_PAIRS 64
#define HOT_PAIRS   8

/* A space with so many pairs of pages to read, loaded; NULL: no memory. */
static struct address_space *begin(void)
{
	struct address_space *space = space_create();
	bool mapped;

	if (!space)
		return NULL;
	space_map(space, BASE, ALL_PAIRS * PAIR, AREA_READ, SPACE_FIXED);
	for (unsigned i = 0; i < 2 * ALL_PAIRS; i++)
		space_fault(space, BASE + i * PAGE_SIZE, AREA_READ, &mapped);
	arch_space_load(space);
	return space;
}

BENCHMARK(tlb_refill)
{
	struct address_space *space = begin();
	uint64_t start;

	if (!space)
		return;
	start = benchmark_begin();
	for (uintptr_t at = BASE; at < BASE + ALL_PAIRS * PAIR; at += PAIR)
		(void)*(volatile const uint8_t *)at;
	benchmark_end("tlb.refill", start, ALL_PAIRS);
	space_put(space);
}

static uint16_t trace[TRACE]; /* pairs */

static void trace_make(void)
{
	uint32_t state = 1;

	for (unsigned i = 0; i < TRACE; i++) {
		state = state * 1664525 + 1013904223;
		trace[i] =
			(state >> 28) % 4 ? (state >> 16) % HOT_PAIRS : (state >> 16) % TRACE_PAIRS;
	}
}

/* Bytes from one pair of the trace to the next. Volatile, so that there is one code for all values: else
 * the difference of two runs would not be refills alone. */
static volatile uintptr_t trace_step;

/* Instructions of the trace. */
static noinline uint64_t trace_run(const struct page_table *table)
{
	uintptr_t step = trace_step;
	uint64_t start = benchmark_begin();

	for (unsigned i = 0; i < TRACE; i++) {
		__asm__ volatile("tlbr\n\tmtc0 %0, " CP0_ENTRYHI "\n\tehb" : : "r"(table->asid));
		(void)*(volatile const uint8_t *)(BASE + trace[i] * step);
	}
	return cycles_to_instructions(benchmark_begin() - start);
}

BENCHMARK(tlb_trace)
{
	struct address_space *space = begin();
	uint64_t with, without;

	if (!space)
		return;
	trace_make();
	cp0_write(CP0_INDEX, 0);
	trace_step = 0;
	without = trace_run(&space->table);
	trace_step = PAIR;
	with = trace_run(&space->table);
	benchmark_report("tlb.trace", (with - without) / REFILL, "refills");
	space_put(space);
}

/* SPDX-License-Identifier: MIT */
/*
 * What single operations cost, in guest instructions: not only the mean, but how the costs are
 * distributed.
 *
 *	uint64_t start = cost_now();
 *
 *	operation();
 *	cost_add(&cost, start, cost_now());
 *
 * What an empty measurement reads is subtracted. The counter's steps must not be coarser than an
 * instruction: x86 has that under -icount shift=0, MIPS from shift=5 on.
 */
#ifndef WORKLOADS_COST_H
#define WORKLOADS_COST_H

#include <asm/cycles.h>
#include <tessera/compiler.h>

struct cost {
	uint32_t *samples;
	size_t count, room; /* samples taken, and how many there is room for */
	uint64_t sum;
};

/* The cycle counter. No inline function: so it takes the same instructions wherever it is called. */
uint64_t cost_now(void);

/* Finds out what an empty measurement costs, and how many guest nanoseconds an instruction takes. To
 * be called before the first cost_add, with interrupts as they are meanwhile. */
void cost_calibrate(void);

/* Instructions between two readings. */
uint32_t cost_between(uint64_t start, uint64_t end);

/* Adds a sample; gives it. Panics when there is no room: a workload knows how much it needs. */
uint32_t cost_add(struct cost *cost, uint64_t start, uint64_t end);

static inline void cost_clear(struct cost *cost)
{
	cost->count = 0;
	cost->sum = 0;
}

/*
 * Prints "# work NAME WHAT count sum" and, of the sorted samples, those at COST_QUANTILES. `scratch`
 * has room for as many samples; their order is lost. Nothing when there are none. O(count).
 */
void cost_report(const char *name, const char *what, struct cost *cost, uint32_t *scratch);

/* Ranks in thousandths; scripts/compare has the same list. */
#define COST_QUANTILES \
	0, 10, 50, 100, 200, 300, 400, 500, 600, 700, 800, 900, 950, 980, 990, 999, 1000

#endif

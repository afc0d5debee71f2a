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
 * instruction: x86 has that under any -icount shift, MIPS from shift=5 on. scripts/compare takes 5, where
 * an instruction lasts 32 ns, so that it need not wait for long until something is due.
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

/* Adds a sample of so many instructions, or of those between two readings; gives it. Panics when there is no room: a workload knows how much it needs. */
uint32_t cost_note(struct cost *cost, uint32_t instructions);
static inline uint32_t cost_add(struct cost *cost, uint64_t start, uint64_t end)
{
	return cost_note(cost, cost_between(start, end));
}

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

/* What surrounds a workload: calibrates, and prints "# work NAME irqs_off N", the longest stretch so far.
 * With DEBUG_IRQS_OFF interrupts are on meanwhile, so that it is the workload's; what is measured then
 * holds interrupts and means nothing. */
void work_begin(void);
void work_end(const char *name);

/* Between two samples: lets interrupts in that wait. Where a workload takes long this must be done often:
 * QEMU 7.2 hangs when a MIPS does not set its timer anew for 2^32 counts (25 s of guest time). */
void work_let_interrupts(void);

/* Prints "# work NAME figure METRIC VALUE DIVISOR UNIT less|more": scripts/compare divides. */
void work_figure(const char *name, const char *metric, uint64_t value, uint64_t divisor,
		 const char *unit, bool more_is_better);

/* For those who need few samples. */
#define COST_FEW 16384
#define COST(name)                                \
	static uint32_t name##_samples[COST_FEW]; \
	static struct cost name = { .samples = name##_samples, .room = COST_FEW }
extern uint32_t cost_scratch[COST_FEW];

/* Ranks in thousandths; scripts/compare has the same list. */
#define COST_QUANTILES \
	0, 10, 50, 100, 200, 300, 400, 500, 600, 700, 800, 900, 950, 980, 990, 999, 1000

#endif

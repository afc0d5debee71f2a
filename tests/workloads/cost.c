/* SPDX-License-Identifier: MIT */
/*
 * Costs of single operations: samples in an array, sorted in the end.
 *
 * Sorting is by radix, one byte at a time: no comparison, and as few passes as the largest sample
 * has bytes.
 */
#include <asm/irqflags.h>
#include <tessera/console.h>
#include <tessera/irqs_off.h>
#include <tessera/kernel.h>

#include "cost.h"

#define ROUNDS 48 /* a multiple of 3, the period of a MIPS's Count against instructions */
#define NOPS   96

static uint64_t empty; /* guest nanoseconds of a measurement of nothing */
static unsigned shift; /* an instruction takes 2^shift of them */

uint32_t cost_scratch[COST_FEW];

uint64_t noinline cost_now(void)
{
	return cycle_count();
}

/* cycles_to_instructions() is right at shift 0, where an instruction takes one nanosecond. */
static uint64_t nanoseconds(uint64_t start, uint64_t end)
{
	return cycles_to_instructions(end - start);
}

void cost_calibrate(void)
{
	uint64_t nothing = 0, nops = 0, start;

	for (unsigned i = 0; i < ROUNDS; i++) {
		start = cost_now();
		nothing += nanoseconds(start, cost_now());
		start = cost_now();
		__asm__ volatile(".rept " __stringify(NOPS) "\n\tnop\n\t.endr");
		nops += nanoseconds(start, cost_now());
	}
	empty = (nothing + ROUNDS / 2) / ROUNDS;
	for (shift = 0; (uint64_t)ROUNDS * NOPS * 3 / 2 << shift < nops - nothing;)
		shift++;
}

uint32_t cost_between(uint64_t start, uint64_t end)
{
	uint64_t time = nanoseconds(start, end) + (1ul << shift) / 2;

	return time < empty ? 0 : (uint32_t)((time - empty) >> shift);
}

uint32_t cost_note(struct cost *cost, uint32_t instructions)
{
	if (cost->count == cost->room)
		panic("workload: more than %zu samples", cost->room);
	cost->samples[cost->count++] = instructions;
	cost->sum += instructions;
	return instructions;
}

static void sort(struct cost *cost, uint32_t *scratch)
{
	uint32_t *from = cost->samples, *to = scratch, all = 0;

	for (size_t i = 0; i < cost->count; i++)
		all |= from[i];
	for (unsigned byte = 0; byte < 32 && all >> byte; byte += 8) {
		size_t place[256] = { 0 }, next = 0;
		uint32_t *swap = from;

		for (size_t i = 0; i < cost->count; i++)
			place[from[i] >> byte & 0xff]++;
		for (unsigned value = 0; value < 256; value++) {
			size_t count = place[value];

			place[value] = next;
			next += count;
		}
		for (size_t i = 0; i < cost->count; i++)
			to[place[from[i] >> byte & 0xff]++] = from[i];
		from = to;
		to = swap;
	}
	cost->samples = from;
}

void cost_report(const char *name, const char *what, struct cost *cost, uint32_t *scratch)
{
	static const uint16_t ranks[] = { COST_QUANTILES };
	uint32_t *samples = cost->samples;

	if (cost->count == 0)
		return;
	sort(cost, scratch);
	print("# work %s %s %zu %llu", name, what, cost->count, (unsigned long long)cost->sum);
	for (unsigned i = 0; i < ARRAY_SIZE(ranks); i++) /* the nearest rank */
		print(" %u", cost->samples[(ranks[i] * (uint64_t)(cost->count - 1) + 500) / 1000]);
	print("\n");
	cost->samples = samples;
}

void work_figure(const char *name, const char *metric, uint64_t value, uint64_t divisor,
		 const char *unit, bool more_is_better)
{
	print("# work %s figure %s %llu %llu %s %s\n", name, metric, (unsigned long long)value,
	      (unsigned long long)divisor, unit, more_is_better ? "more" : "less");
}

void work_let_interrupts(void)
{
	unsigned long flags = irq_save();

	irq_enable();
	irq_restore(flags);
}

void work_begin(void)
{
	work_let_interrupts();
	if (IS_ENABLED(CONFIG_DEBUG_IRQS_OFF)) {
		irqs_off_ignore(); /* what went before is no workload either, */
		irq_enable();
		irqs_off_clear(); /* nor is making up for the ticks meanwhile */
	}
	cost_calibrate();
}

void work_end(const char *name)
{
	irq_disable();
	irqs_off_ignore(); /* what follows is no workload */
	if (IS_ENABLED(CONFIG_DEBUG_IRQS_OFF))
		print("# work %s irqs_off %llu\n", name,
		      (unsigned long long)(irqs_off_longest() >> shift));
}

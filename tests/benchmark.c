/* SPDX-License-Identifier: MIT */
/*
 * Benchmarks: what a batch of operations costs in guest instructions, from the cycle counter.
 * Under QEMU's instruction-counting clock the counter is exact (MIPS: to 6 instructions, so a
 * batch of n operations to 6/n of one), so one batch is enough: no calibration, no repetition,
 * no statistics. Outside that clock the figures mean nothing.
 */
#include <asm/cycles.h>
#include <asm/irqflags.h>
#include <tessera/benchmark.h>
#include <tessera/console.h>
#include <tessera/irqs_off.h>

#include "filter.h"

uint64_t benchmark_begin(void)
{
	return cycle_count();
}

void benchmark_end(const char *name, uint64_t start, unsigned n)
{
	uint64_t hundredths = cycles_to_instructions(cycle_count() - start) * 100 / n;

	print("# bench %s %llu.%02u instructions\n", name, (unsigned long long)(hundredths / 100),
	      (unsigned)(hundredths % 100));
}

void benchmark_report(const char *name, uint64_t value, const char *unit)
{
	print("# bench %s %llu %s\n", name, (unsigned long long)value, unit);
}

unsigned benchmarks_run(const char *filter)
{
	unsigned count = 0;

	registry_for_each(benchmarks, struct benchmark, benchmark) {
		unsigned long flags;

		if (!filter_selects(filter, benchmark->name))
			continue;
		flags = irq_save();
		benchmark->run();
		irqs_off_ignore();
		irq_restore(flags);
		count++;
	}
	if (count == 0)
		print("Bail out! No benchmark begins with a word of \"%s\"\n", filter);
	return count;
}

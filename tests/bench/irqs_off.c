/* SPDX-License-Identifier: MIT */
/* The longest stretch with interrupts off since start-up, whatever ran meanwhile (`test=all`). */
#include <tessera/benchmark.h>
#include <tessera/console.h>
#include <tessera/irqs_off.h>

BENCHMARK(irqs_off)
{
	print("# ");
	irqs_off_show();
	benchmark_report("irqs_off.longest", irqs_off_longest(), "instructions");
}

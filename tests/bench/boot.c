/* SPDX-License-Identifier: MIT */
/* From the kernel's first instruction to the end of start-up, on this command line. */
#include <asm/cycles.h>
#include <tessera/benchmark.h>
#include <tessera/kernel.h>

BENCHMARK(boot)
{
	benchmark_report("boot.prompt",
			 cycles_to_instructions(boot_cycles_ready - boot_cycles_start),
			 "instructions");
}

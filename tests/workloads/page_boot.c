/* SPDX-License-Identifier: MIT */
/* boot: what a real start-up and test run asked of the page allocator (tests/workloads/record). */
#include "page_trace.h"

#include "boot_trace.h"

#define STEPS 20

WORKLOAD(page_boot, "page.boot", 1)
{
	const size_t size = ARRAY_SIZE(boot_trace);
	size_t next_step = size / STEPS;

	for (size_t i = 0; i < size; i++) {
		unsigned word = boot_trace[i];

		if (word & 0x8000)
			trace_take_aligned(boot_trace[++i], word & 0x7ff, 1u << (word >> 11 & 0xf));
		else
			trace_give(word);
		if (i >= next_step) {
			trace_step();
			next_step += size / STEPS;
		}
	}
}

/* SPDX-License-Identifier: MIT */
/* The monitor's `memory`: the physical memory map, and who has what of it. */
#include <asm/page.h>
#include <tessera/console.h>
#include <tessera/memory_map.h>
#include <tessera/monitor.h>
#include <tessera/page.h>

static unsigned long kib(phys_addr_t bytes)
{
	return (unsigned long)(bytes >> 10);
}

static void show_memory(int argc, char **argv)
{
	unsigned count;
	const struct memory_range *ranges = memory_map_ranges(&count);
	phys_addr_t handed_over = 0;

	for (unsigned i = 0; i < count; i++) {
		const struct memory_range *range = &ranges[i];

		print("%#011llx-%#011llx %9lu KiB  %s\n", (unsigned long long)range->base,
		      (unsigned long long)(range->end - 1), kib(range->end - range->base),
		      range->type == MEMORY_USABLE ? "pages" : memory_range_name(range));
		if (range->type == MEMORY_USABLE)
			handed_over += range->end - range->base;
	}
	print("%lu KiB of RAM: %lu taken by start-up, %lu in pages, of which %lu are free\n",
	      kib(memory_map_usable()), kib(memory_map_usable() - handed_over), kib(handed_over),
	      kib((phys_addr_t)page_free_count() << PAGE_SHIFT));
	if (memory_map_unreachable())
		print("%lu KiB of RAM are out of reach\n", kib(memory_map_unreachable()));
}
MONITOR_COMMAND(memory, "memory", "the physical memory map", show_memory);

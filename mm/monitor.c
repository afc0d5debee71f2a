/* SPDX-License-Identifier: MIT */
/* The monitor's view of memory: the physical memory map, free pages and the runs they form, objects. */
#include <asm/page.h>
#include <tessera/console.h>
#include <tessera/kmalloc.h>
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

static void show_pages(int argc, char **argv)
{
	struct page_stats stats;

	page_stats(&stats);
	print("%zu pages of %lu bytes, %zu free, the longest run %zu; %zu were in the hot list\n",
	      stats.total, (unsigned long)PAGE_SIZE, stats.free, stats.largest_run, stats.hot);
	print("%zu KiB of descriptors\n", stats.metadata_bytes >> 10);
	print("run of pages      runs     pages  unusable for a request that long\n");
	for (unsigned order = 0; order < PAGE_ORDERS; order++) {
		unsigned unusable = page_unusable_index(&stats, order);

		if (1ul << order > stats.largest_run)
			break;
		print("%8lu up  %9zu %9zu  %3u.%u %%\n", 1ul << order, stats.runs[order],
		      stats.pages[order], unusable / 10, unusable % 10);
	}
}
MONITOR_COMMAND(pages, "pages", "free pages, and the runs that they form", show_pages);

/* Every cache that holds memory, and the sums. */
static void show_cache(const struct object_cache_stats *stats, void *arg)
{
	(void)arg;
	if (!stats->in_use && !stats->pages)
		return;
	print("%-20s ", stats->name);
	if (stats->object_size)
		print("%7zu %7zu", stats->object_size, stats->slot_size);
	else
		print("%15s", "any"); /* slob: one cache for all sizes of kmalloc */
	print(" %8zu %8zu %7zu\n", stats->in_use, stats->capacity, stats->pages);
}

static void show_objects(int argc, char **argv)
{
	struct object_stats stats;

	(void)argc;
	(void)argv;
	print("%-20s %7s %7s %8s %8s %7s\n", "cache", "size", "slot", "in use", "capacity",
	      "pages");
	object_cache_each(show_cache, NULL);
	object_stats(&stats);
	print("%zu objects in %zu bytes; %zu pages (%zu KiB) held for them\n", stats.in_use,
	      stats.bytes, stats.pages, stats.pages * PAGE_SIZE >> 10);
}
MONITOR_COMMAND(objects, "objects", "kernel objects by cache", show_objects);

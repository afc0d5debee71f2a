/* SPDX-License-Identifier: MIT */
/* The monitor's `objects`: every cache that holds memory, and the sums. */
#include <tessera/console.h>
#include <tessera/kmalloc.h>
#include <tessera/monitor.h>
#include <tessera/page.h>

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

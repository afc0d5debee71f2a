/* SPDX-License-Identifier: MIT */
/* The monitor's `pages`: how much memory is free, and in what pieces. */
#include <tessera/console.h>
#include <tessera/monitor.h>
#include <tessera/page.h>

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

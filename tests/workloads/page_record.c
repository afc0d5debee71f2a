/* SPDX-License-Identifier: MIT */
/*
 * Keeps what was asked of the page allocator, and prints it as `bench=record_pages`:
 *	# page_record FRAME COUNT ALIGN		COUNT pages from FRAME on were given
 *	# page_record FRAME -COUNT		they came back
 * What no longer fits is counted: a recording is complete, or says that it is not.
 */
#include <tessera/benchmark.h>
#include <tessera/console.h>
#include <tessera/page.h>
#include <tessera/page_record.h>

#define ENTRIES 65536

static struct {
	uint32_t frame;
	int32_t count; /* negative: given back */
	uint32_t align;
} entries[ENTRIES];
static size_t used, lost;

static void add(const struct page *first, int32_t count, size_t align)
{
	if (used == ENTRIES) {
		lost++;
		return;
	}
	entries[used].frame = (uint32_t)page_to_pfn(first);
	entries[used].count = count;
	entries[used].align = (uint32_t)align;
	used++;
}

void page_record_alloc(const struct page *first, size_t count, size_t align)
{
	add(first, (int32_t)count, align);
}

void page_record_free(const struct page *first, size_t count)
{
	add(first, -(int32_t)count, 1);
}

BENCHMARK(record_pages)
{
	for (size_t i = 0; i < used; i++)
		print("# page_record %u %d %u\n", (unsigned)entries[i].frame, (int)entries[i].count,
		      (unsigned)entries[i].align);
	benchmark_report("page_record.lost", lost, "requests");
}

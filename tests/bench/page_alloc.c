/* SPDX-License-Identifier: MIT */
/*
 * Page allocators: one pair of page_alloc and page_free, of 1, 4 and 16 pages, on a pool of 16 MiB.
 *
 *	page.N.fresh	the whole pool is one free run (buddy: all merged)
 *	page.1.nosplit	the neighbour of the page is allocated (buddy: nothing to split or to merge)
 *	page.N.trace50	half of the pool is allocated, by a fixed random trace
 *
 * The same code runs with every variant, and with the hot list in front of it or without.
 */
#include <tessera/benchmark.h>
#include <tessera/console.h>
#include <tessera/page.h>

#include "../page_pool.h"
#include "../random.h"

#define POOL_PAGES 4096
#define PAIRS	   1000

static struct page_pool pool;

static bool begin(void)
{
	page_pool_begin(&pool, POOL_PAGES);
	if (pool.count == POOL_PAGES)
		return true;
	page_pool_end(&pool);
	print("# the page benchmarks need %u free pages in one run\n", POOL_PAGES);
	return false;
}

/* `count` is a constant in each call, as in the kernel. */
static __always_inline void measure(const char *name, size_t count)
{
	uint64_t start = benchmark_begin();

	for (unsigned i = 0; i < PAIRS; i++)
		page_free(page_alloc(count, 1, 0), count);
	benchmark_end(name, start, PAIRS);
}

/* On a pool that nobody has used: the hot list is empty as well. */
#define MEASURE_FRESH(count)                               \
	do {                                               \
		if (!begin())                              \
			return;                            \
		measure("page." #count ".fresh", (count)); \
		page_pool_end(&pool);                      \
	} while (0)

BENCHMARK(page_fresh)
{
	MEASURE_FRESH(1);
	MEASURE_FRESH(4);
	MEASURE_FRESH(16);
}

BENCHMARK(page_nosplit)
{
	struct page *neighbour;

	if (!begin())
		return;
	neighbour = page_alloc(1, 1, 0);
	measure("page.1.nosplit", 1);
	page_free(neighbour, 1);
	page_pool_end(&pool);
}

/* ---- Half full ---- */

struct allocation {
	struct page *page;
	size_t count;
};

/* Allocates and frees at random until half of the pool has been allocated for a long time. Gives
 * the number of allocations left in `live`. */
static unsigned run_trace(struct allocation *live)
{
	static const uint8_t counts[] = { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 4, 4, 4, 16 };
	struct random random = { 20240229 };
	size_t allocated = 0;
	unsigned n = 0;

	for (unsigned step = 0; step < 4 * POOL_PAGES; step++) {
		if (allocated < POOL_PAGES / 2) {
			size_t count = counts[random_below(&random, sizeof(counts))];
			struct page *page = page_alloc(count, 1, 0);

			if (!page)
				continue;
			live[n++] = (struct allocation){ page, count };
			allocated += count;
		} else {
			unsigned i = random_below(&random, n);

			page_free(live[i].page, live[i].count);
			allocated -= live[i].count;
			live[i] = live[--n];
		}
	}
	return n;
}

BENCHMARK(page_trace50)
{
	const size_t table_pages = POOL_PAGES * sizeof(struct allocation) / PAGE_SIZE;
	struct page *table = page_alloc(table_pages, 1, 0);
	struct allocation *live;
	unsigned n;

	if (!table || !begin()) {
		if (table)
			page_free(table, table_pages);
		return;
	}
	live = page_address(table);
	n = run_trace(live);
	measure("page.1.trace50", 1);
	measure("page.4.trace50", 4);
	measure("page.16.trace50", 16);
	while (n) {
		n--;
		page_free(live[n].page, live[n].count);
	}
	page_pool_end(&pool);
	page_free(table, table_pages);
}

/* SPDX-License-Identifier: MIT */
/*
 * Object allocators, on a pool of 8 MiB.
 *
 *	steady/SIZE	an object is asked for and given back, again and again
 *	burst/SIZE	500 objects, then all given back, the oldest first; four times
 *	churn/LIVE	so many objects of 16 to 1024 bytes in use, small sizes more often (each power
 *			of two alike); one at random goes and another comes
 *	footprint/LIVE	the pages that these hold in the end, and the share of them that was asked for
 */
#include <tessera/benchmark.h>
#include <tessera/console.h>
#include <tessera/format.h>
#include <tessera/kernel.h>
#include <tessera/kmalloc.h>

#include "../page_pool.h"
#include "../random.h"
#include "cost.h"

#define POOL_PAGES 2048
#define LIVE_MOST  4000
#define BURST	   500
#define SEED	   20261121

COST(allocs);
COST(frees);

static struct page_pool pool;
static void *live[LIVE_MOST];
static size_t sizes[LIVE_MOST];
static char name[48];

static void begin(const char *workload, unsigned number)
{
	snprintf(name, sizeof(name), "object.%s/%u", workload, number);
	object_reclaim();
	page_pool_begin(&pool, POOL_PAGES);
	if (pool.count != POOL_PAGES)
		panic("workload: no run of %u free pages", POOL_PAGES);
	print("# work %s seed %u\n", name, SEED);
	cost_clear(&allocs);
	cost_clear(&frees);
	work_begin();
}

static void take(unsigned i, size_t size)
{
	uint64_t start = cost_now();

	live[i] = kmalloc(size);
	cost_add(&allocs, start, cost_now());
	sizes[i] = size;
}

static void give(unsigned i)
{
	uint64_t start = cost_now();

	kfree(live[i]);
	cost_add(&frees, start, cost_now());
	live[i] = NULL;
	sizes[i] = 0;
}

static void end(void)
{
	work_end(name);
	cost_report(name, "alloc", &allocs, cost_scratch);
	cost_report(name, "free", &frees, cost_scratch);
	for (unsigned i = 0; i < LIVE_MOST; i++) {
		kfree(live[i]);
		live[i] = NULL;
		sizes[i] = 0;
	}
	object_reclaim();
	page_pool_end(&pool);
}

static const uint16_t object_sizes[] = { 16, 64, 256, 1024 };

BENCHMARK(work_object_steady)
{
	for (unsigned kind = 0; kind < ARRAY_SIZE(object_sizes); kind++) {
		begin("steady", object_sizes[kind]);
		for (unsigned i = 0; i < 10000; i++) {
			take(0, object_sizes[kind]);
			give(0);
		}
		end();
	}
}

BENCHMARK(work_object_burst)
{
	for (unsigned kind = 0; kind < ARRAY_SIZE(object_sizes); kind++) {
		begin("burst", object_sizes[kind]);
		for (unsigned turn = 0; turn < 4; turn++) {
			for (unsigned i = 0; i < BURST; i++)
				take(i, object_sizes[kind]);
			for (unsigned i = 0; i < BURST; i++)
				give(i);
		}
		end();
	}
}

static size_t mixed_size(struct random *random)
{
	size_t power = 16u << random_below(random, 6);

	return power + random_below(random, power + 1);
}

static void report_footprint(unsigned count)
{
	struct object_stats stats;
	char footprint[48];
	size_t asked = 0;

	for (unsigned i = 0; i < count; i++)
		asked += sizes[i];
	object_stats(&stats);
	snprintf(footprint, sizeof(footprint), "object.footprint/%u", count);
	work_figure(footprint, "held", stats.pages, 1, "pages", false);
	work_figure(footprint, "asked-for", (uint64_t)asked * 100,
		    (uint64_t)stats.pages * PAGE_SIZE, "%", true);
}

BENCHMARK(work_object_churn)
{
	static const uint16_t counts[] = { 50, 1000, LIVE_MOST };

	for (unsigned kind = 0; kind < ARRAY_SIZE(counts); kind++) {
		struct random random = { SEED };
		unsigned count = counts[kind];

		begin("churn", count);
		for (unsigned i = 0; i < count; i++) {
			sizes[i] = mixed_size(&random);
			live[i] = kmalloc(sizes[i]);
		}
		for (unsigned i = 0; i < 12000; i++) {
			unsigned victim = random_below(&random, count);
			size_t size = mixed_size(&random);

			give(victim);
			take(victim, size);
		}
		report_footprint(count);
		end();
	}
}

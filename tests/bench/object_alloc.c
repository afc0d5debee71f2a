/* SPDX-License-Identifier: MIT */
/*
 * Object allocators, on a pool of 2 MiB so that every machine gives the same figures.
 *
 *	object.SIZE.fresh	a pair of kmalloc and kfree, nothing else allocated
 *	object.SIZE.churn	the same after a fixed random trace, with what it left in use
 *	object.mixed.alloc	kmalloc alone while objects of 16 to 2048 bytes come and go at
 *				random: mean, and what 99 of 100 stay below
 *	object.mixed.pair	the mean of a kmalloc and a kfree meanwhile, with the trace's own work
 *	object.mixed.pages	pages held for 1000 such objects
 *	object.few.pages	pages held for 50 objects of 16 kinds, 24 to 1024 bytes, after many of
 *	object.many.pages	each came and went; the same for 1000
 *
 * A pair asks at once for what it has just freed, which every allocator has at hand; what it costs to
 * search shows under `mixed`.
 */
#include <asm/cycles.h>
#include <tessera/benchmark.h>
#include <tessera/console.h>
#include <tessera/kmalloc.h>

#include "../page_pool.h"
#include "../random.h"

#define POOL_PAGES 512
#define PAIRS	   1000
#define LIVE	   1000
#define STEPS	   8000

static struct page_pool pool;
static void *live[LIVE];

static bool begin(void)
{
	object_reclaim();
	page_pool_begin(&pool, POOL_PAGES);
	if (pool.count == POOL_PAGES)
		return true;
	page_pool_end(&pool);
	print("# the object benchmarks need %u free pages in one run\n", POOL_PAGES);
	return false;
}

static void end(void)
{
	for (unsigned i = 0; i < LIVE; i++) {
		kfree(live[i]);
		live[i] = NULL;
	}
	object_reclaim();
	page_pool_end(&pool);
}

/* `size` is a constant in each call, as it mostly is in the kernel. */
static __always_inline void measure(const char *name, size_t size)
{
	uint64_t start = benchmark_begin();

	for (unsigned i = 0; i < PAIRS; i++)
		kfree(kmalloc(size));
	benchmark_end(name, start, PAIRS);
}

BENCHMARK(object_fresh)
{
	if (!begin())
		return;
	measure("object.64.fresh", 64);
	measure("object.1024.fresh", 1024);
	end();
}

/* Small sizes are more frequent: each power of two as likely as the others. */
static size_t mixed_size(struct random *random)
{
	size_t power = 16u << random_below(random, 7);

	return power + random_below(random, power);
}

static void replace(struct random *random)
{
	unsigned i = random_below(random, LIVE);

	kfree(live[i]);
	live[i] = kmalloc(mixed_size(random));
}

BENCHMARK(object_churn)
{
	struct random random = { 20240229 };

	if (!begin())
		return;
	for (unsigned i = 0; i < STEPS; i++)
		replace(&random);
	measure("object.64.churn", 64);
	measure("object.1024.churn", 1024);
	end();
}

BENCHMARK(object_mixed)
{
	static uint16_t histogram[2048];
	struct random random = { 20240301 };
	uint64_t sum = 0, start, empty;
	struct object_stats stats;
	unsigned slowest = 0, seen = 0;

	if (!begin())
		return;
	for (unsigned i = 0; i < STEPS; i++)
		replace(&random);

	start = benchmark_begin();
	empty = benchmark_begin() - start;
	for (unsigned i = 0; i < ARRAY_SIZE(histogram); i++)
		histogram[i] = 0;
	for (unsigned i = 0; i < STEPS; i++) {
		unsigned victim = random_below(&random, LIVE);
		size_t size = mixed_size(&random);
		unsigned instructions;

		kfree(live[victim]);
		start = benchmark_begin();
		live[victim] = kmalloc(size);
		instructions = cycles_to_instructions(benchmark_begin() - start - empty);
		sum += instructions;
		histogram[MIN(instructions, ARRAY_SIZE(histogram) - 1)]++;
	}
	while (seen <= STEPS / 100 * 99)
		seen += histogram[slowest++];
	benchmark_report("object.mixed.alloc.mean", sum / STEPS, "instructions");
	benchmark_report("object.mixed.alloc.p99", slowest - 1, "instructions");

	start = benchmark_begin();
	for (unsigned i = 0; i < STEPS; i++)
		replace(&random);
	benchmark_end("object.mixed.pair", start, STEPS);

	object_stats(&stats);
	benchmark_report("object.mixed.pages", stats.pages, "pages");
	end();
}

static size_t held_pages(unsigned count)
{
	static const uint16_t kinds[] = { 24,  32,  40,	 48,  64,  64,	96,  120,
					  128, 192, 200, 256, 300, 512, 700, 1024 };
	struct random random = { 20240302 };
	struct object_stats stats;

	for (unsigned i = 0; i < 16 * count; i++) {
		unsigned victim = random_below(&random, count);

		kfree(live[victim]);
		live[victim] = kmalloc(kinds[random_below(&random, ARRAY_SIZE(kinds))]);
	}
	object_stats(&stats);
	return stats.pages;
}

BENCHMARK(object_pages)
{
	if (!begin())
		return;
	benchmark_report("object.few.pages", held_pages(50), "pages");
	end();
	if (!begin())
		return;
	benchmark_report("object.many.pages", held_pages(LIVE), "pages");
	end();
}

/* SPDX-License-Identifier: MIT */
/*
 * Page allocators and free memory in pieces.
 *
 *	fragment.N	every page allocated, every N-th given back: then 16 requests each for 1 to
 *			1024 pages; again after the lower quarter of the pool came back as a whole
 *			(fragment.N.quarter): now there is room, and for a search from above it is
 *			behind all those holes
 *	ramp		grows to 95 % and shrinks, four times, an eighth of it surviving each time
 *	exhaust		grows until nothing fits; all back in any order: what was free at first is
 */
#include <tessera/console.h>

#include "page_trace.h"

/* ---- fragment ---- */

#define REQUESTS 16

/* "# work NAME order K SERVED SUM REFUSED SUM" for requests of 2^K pages in this state of memory,
 * which is the same again afterwards. */
static void ask_for_every_order(const char *suffix)
{
	for (unsigned order = 0; order < TRACE_ORDERS; order++) {
		uint64_t sum[2] = { 0 };
		unsigned count[2] = { 0 };

		for (unsigned i = 0; i < REQUESTS; i++) {
			uint64_t start = cost_now();
			struct page *page = page_alloc(1ul << order, 1, 0);
			uint64_t end = cost_now();

			sum[!page] += cost_between(start, end);
			count[!page]++;
			if (page)
				page_free(page, 1ul << order);
		}
		print("# work %s%s order %u %u %llu %u %llu\n", trace_name(), suffix, order,
		      count[0], (unsigned long long)sum[0], count[1], (unsigned long long)sum[1]);
	}
}

static void fragment(unsigned distance)
{
	trace.quiet = true;
	trace_fill(trace.pool, size_one);
	trace_sort_slots();
	trace.quiet = false;
	for (size_t slot = 0; slot < trace.pool; slot += distance)
		trace_give(slot);
	trace_step();
	ask_for_every_order("");
	for (size_t slot = 0; slot < trace.pool / 4; slot++)
		trace_give(slot);
	trace_step();
	ask_for_every_order(".quarter");
}

WORKLOAD(page_fragment_2, "page.fragment.2", 1)
{
	fragment(2);
}

WORKLOAD(page_fragment_4, "page.fragment.4", 1)
{
	fragment(4);
}

/* ---- ramp ---- */

#define CYCLES	  4
#define STEPS	  16 /* of each way up and down */
#define SURVIVORS 8  /* one of so many */

WORKLOAD(page_ramp, "page.ramp", 20261112)
{
	for (unsigned cycle = 0; cycle < CYCLES; cycle++) {
		size_t bottom = trace.asked, top = trace.pool * 95 / 100, used;

		for (unsigned i = 1; i <= STEPS; i++) {
			trace_fill(bottom + (top - bottom) * i / STEPS, size_geometric);
			trace_step();
		}
		used = trace.used;
		for (unsigned i = STEPS; i-- > 0;) {
			for (size_t slot = trace.used; slot-- > used * i / STEPS;)
				if (random_below(&trace.random, SURVIVORS))
					trace_drop(slot);
			trace_step();
		}
	}
}

/* ---- exhaust ---- */

WORKLOAD(page_exhaust, "page.exhaust", 20261113)
{
	struct page_stats stats;

	/* Sizes become smaller when they do not fit any more. */
	for (size_t largest = 64; largest; largest /= 2) {
		do {
			size_t size = 1 + random_below(&trace.random, largest);

			if (!trace_push(size)) {
				trace_drop(trace.used - 1);
				break;
			}
			if (trace.used % 64 == 0)
				trace_step();
		} while (true);
		trace_step();
	}
	while (trace.used)
		trace_drop(random_below(&trace.random, trace.used));
	trace_step();
	page_stats(&stats);
	print("# work %s restored %u\n", trace_name(),
	      stats.free == trace.pool && stats.largest_run == trace.pool);
}

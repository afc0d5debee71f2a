/* SPDX-License-Identifier: MIT */
/*
 * Page allocators in a steady state: the same amount in use for a long time.
 *
 *	repeat	one page, 100 000 times
 *	bulk	the whole pool page by page, given back newest first, oldest first, or shuffled
 *	random	50, 90 or 98 % in use; a tenth of what is in use goes and is replaced, 20 times
 *	handoff	what one worker has asked for another gives back, after Larson and Krishnan, "Memory
 *		Allocation for Long-Running Server Applications" (ISMM 1998)
 */
#include "page_trace.h"

WORKLOAD(page_repeat, "page.repeat", 1)
{
	for (unsigned i = 0; i < 100000; i++) {
		trace_take(0, 1);
		trace_give(0);
	}
}

/* ---- bulk ---- */

static void fill_pool(void)
{
	trace_fill(trace.pool, size_one);
	trace_step();
}

WORKLOAD(page_bulk_lifo, "page.bulk.lifo", 1)
{
	fill_pool();
	trace_empty();
	trace_step();
}

WORKLOAD(page_bulk_fifo, "page.bulk.fifo", 1)
{
	fill_pool();
	for (size_t slot = 0; slot < trace.pool; slot++)
		trace_give(slot);
	trace_step();
}

WORKLOAD(page_bulk_shuffled, "page.bulk.shuffled", 20261101)
{
	fill_pool();
	while (trace.used)
		trace_drop(random_below(&trace.random, trace.used));
	trace_step();
}

/* ---- random ---- */

#define ROUNDS 20

static void replace_at_random(unsigned percent, size_t (*size)(void))
{
	size_t hold = trace.pool * percent / 100;

	trace.quiet = true; /* only what follows is the steady state */
	trace_fill(hold, size);
	trace_step();
	trace.quiet = false;
	for (unsigned round = 0; round < ROUNDS; round++) {
		for (size_t n = trace.used / 10 + 1; n; n--)
			trace_drop(random_below(&trace.random, trace.used));
		trace_fill(hold, size);
		trace_step();
	}
}

#define RANDOM(percent, distribution, seed)                       \
	WORKLOAD(page_random_##percent##_##distribution,          \
		 "page.random." #percent "." #distribution, seed) \
	{                                                         \
		replace_at_random(percent, size_##distribution);  \
	}

RANDOM(50, one, 20261102)
RANDOM(90, one, 20261103)
RANDOM(98, one, 20261104)
RANDOM(50, geometric, 20261105)
RANDOM(90, geometric, 20261106)
RANDOM(98, geometric, 20261107)
RANDOM(50, uniform, 20261108)
RANDOM(90, uniform, 20261109)
RANDOM(98, uniform, 20261110)

/* ---- handoff ---- */

#define WORKERS	    8
#define GENERATIONS 24

WORKLOAD(page_handoff, "page.handoff", 20261111)
{
	size_t each; /* slots of a worker */

	trace.quiet = true;
	trace_fill(trace.pool * 3 / 4, size_geometric);
	trace_step();
	trace.quiet = false;
	each = trace.used / WORKERS;
	for (unsigned generation = 0; generation < GENERATIONS; generation++) {
		for (unsigned worker = 0; worker < WORKERS; worker++) {
			size_t heir = (worker + generation) % WORKERS * each;

			for (size_t n = each / 4 + 1; n; n--) {
				size_t slot = heir + random_below(&trace.random, each);

				trace_give(slot);
				trace_take(slot, size_geometric());
			}
		}
		trace_step();
	}
}

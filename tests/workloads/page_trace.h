/* SPDX-License-Identifier: MIT */
/*
 * A trace: the same requests to any page allocator, on a pool of a known size, each measured.
 *
 *	WORKLOAD(page_example, "page.example", 20240229)
 *	{
 *		trace_take(0, 4);
 *		trace_give(0);
 *	}
 *
 * Requests are made by slot: what becomes of one request (there may be no such run of free pages)
 * changes no later one. A workload runs once for each size of pool (`pool=` on the command line, or
 * all of trace_pools[]) and prints lines that scripts/compare reads:
 *
 *	# work page.example/4096 seed 20240229
 *	# work page.example/4096 metadata BYTES PAGES		for all pages of the machine
 *	# work page.example/4096 alloc COUNT SUM QUANTILE...	instructions; also `free`, and `refused`
 *								for requests that were not served
 *	# work page.example/4096 first_failure HELD ASKED	pages held when the first request
 *								failed, and pages it asked for
 *	# work page.example/4096 waste PAGES ASKED ROUNDED	most pages held beyond those asked for; pages
 *								asked for by all served requests, and what
 *								it were with each rounded up to a power of two
 *	# work page.example/4096 step N HELD FREE LARGEST ALLOCS SUM FREES SUM UNUSABLE0..10
 *								the state after operation N, what the
 *								operations since the last step cost
 */
#ifndef WORKLOADS_PAGE_TRACE_H
#define WORKLOADS_PAGE_TRACE_H

#include <tessera/benchmark.h>
#include <tessera/page.h>

#include "../random.h"
#include "cost.h"

#define TRACE_ORDERS 11 /* unusable-space indices: requests of 1 to 1024 pages */

struct slot {
	struct page *page; /* NULL: empty, or the request was not served */
	size_t count;	   /* pages asked for; 0: empty */
};

struct trace {
	size_t pool;	    /* pages */
	struct page *first; /* the pool's first */
	struct random random;
	struct slot *slots; /* one more than pages in the pool, at least 1024 */
	size_t used;	    /* slots from 0 on that are in use, for trace_push and trace_drop */
	size_t asked;	    /* pages asked for by the slots in use, served or not */
	size_t held;	    /* of them served */
	bool quiet;	    /* operations are not measured */
	bool probing;	    /* a request that fails is expected to */
};
extern struct trace trace;

/* Asks for pages and puts them into an empty slot; true: they are there. */
bool trace_take_aligned(size_t slot, size_t count, size_t align);
static inline bool trace_take(size_t slot, size_t count)
{
	return trace_take_aligned(slot, count, 1);
}

/* Gives a slot's pages back; it is empty then. Nothing happens where it is empty. */
void trace_give(size_t slot);

/* The slots as a heap of things in use: a new one at its end; one out of it, the last takes its
 * place; until `pages` are asked for, each of a size that `size` says. */
bool trace_push(size_t count);
void trace_drop(size_t slot);
void trace_fill(size_t pages, size_t (*size)(void));

/* Gives all back, the newest first. */
void trace_empty(void);

/* Where every page of the pool is in a slot of its own: the slots by address, so that every allocator
 * can be given the same holes. */
void trace_sort_slots(void);

/* Notes the state of the pool. O(blocks). */
void trace_step(void);

/* What a line about this workload begins with. */
const char *trace_name(void);

/* Sizes: one page; 1 to 64 where each doubling is half as frequent; 1 to 64, all alike. */
size_t size_one(void);
size_t size_geometric(void);
size_t size_uniform(void);

/* Runs a workload for each size of pool. What it leaves in the slots is given back, unmeasured. */
void trace_run(const char *name, uint32_t seed, void (*workload)(void));

#define WORKLOAD(id, name, seed)                      \
	static void workload_##id(void);              \
	BENCHMARK(work_##id)                          \
	{                                             \
		trace_run(name, seed, workload_##id); \
	}                                             \
	static void workload_##id(void)

#endif

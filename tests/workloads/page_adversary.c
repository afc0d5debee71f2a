/* SPDX-License-Identifier: MIT */
/*
 * The worst that a caller can do to a page allocator.
 *
 *	adversary.robson	Robson's program ("Bounds for Some Functions Concerning Dynamic
 *				Storage Allocation", JACM 21/3, 1974): it never has more than M pages
 *				in use, and looks where each came from to keep just those that are most
 *				in the way. No allocator can serve it in less than
 *				M (log2(n) / 2 + 1) - n + 1 pages, n being the longest request; buddy,
 *				whose blocks are aligned, needs the most. Repeated with larger M
 *				until a request fails: how much of the pool can really be used.
 *	adversary.first_fit	its longest walks: below, every second page is free; pairs of pages and
 *				isolated single ones come and go above them
 *	adversary.buddy		its longest search: two free pages side by side at the upper end that are
 *				no buddies, and nothing else; and one page of a pool that is wholly
 *				free, which splits and merges at every order
 *
 * The second and third are the worst case in time of the method named, run on all of them.
 */
#include <tessera/console.h>

#include "page_trace.h"

/* ---- Robson's ---- */

#define LARGEST_ORDER 6

/* Whether a block has a page whose offset in the pool is `residue` modulo `modulus`. */
static bool occupies(const struct slot *slot, size_t residue, size_t modulus)
{
	size_t offset = slot->page - trace.first;

	return ((residue - offset) & (modulus - 1)) < slot->count;
}

/* Robson's measure: what the blocks that occupy it keep from being used. */
static size_t obstruction(size_t residue, size_t modulus)
{
	size_t sum = 0;

	for (size_t slot = 0; slot < trace.used; slot++)
		if (occupies(&trace.slots[slot], residue, modulus))
			sum += modulus - trace.slots[slot].count;
	return sum;
}

/* Never more than `most` pages in use. False: a request was not served. */
static bool robson(size_t most)
{
	size_t residue = 0;

	for (unsigned order = 0; order <= LARGEST_ORDER; order++) {
		size_t size = 1ul << order;

		if (order > 0) {
			if (obstruction(residue + size / 2, size) > obstruction(residue, size))
				residue += size / 2;
			for (size_t slot = trace.used; slot-- > 0;)
				if (!occupies(&trace.slots[slot], residue, size))
					trace_drop(slot);
		}
		while (trace.asked + size <= most)
			if (!trace_push(size))
				return false;
	}
	return true;
}

WORKLOAD(page_adversary_robson, "page.adversary.robson", 1)
{
	size_t served = 0;

	robson(trace.pool / 4);
	trace_step();
	trace_empty();
	trace.quiet = true;
	for (size_t most = trace.pool / 8; most <= trace.pool; most += trace.pool / 32) {
		bool good = robson(most);

		trace_empty();
		if (!good)
			break;
		served = most;
	}
	print("# work %s robson %zu\n", trace_name(), served);
}

/* ---- One method's worst case ---- */

#define TIMES 256

/* All pages allocated; slot i has the i-th page. */
static void fill_by_address(void)
{
	trace.quiet = true;
	trace_fill(trace.pool, size_one);
	trace_sort_slots();
}

WORKLOAD(page_adversary_first_fit, "page.adversary.first_fit", 1)
{
	const size_t half = trace.pool / 2, top = trace.pool - 1;

	fill_by_address();
	for (size_t slot = 0; slot < half; slot += 2)
		trace_give(slot);
	trace_give(top - 1);
	trace_give(top);
	trace_step();
	trace.quiet = false;
	for (unsigned i = 0; i < TIMES; i++) {
		trace_take(top, 2);
		trace_give(half + half / 2); /* its place in the list: half of all blocks away */
		trace_give(top);
		trace_take(half + half / 2, 1);
	}
	trace_step();
}

WORKLOAD(page_adversary_buddy, "page.adversary.buddy", 1)
{
	const size_t last = trace.pool - 3; /* an odd frame: the next is not its buddy */

	for (unsigned i = 0; i < TIMES; i++) {
		trace_take(0, 1);
		trace_give(0);
	}
	trace_step();
	fill_by_address();
	trace_give(last);
	trace_give(last + 1);
	trace_step();
	trace.quiet = false;
	for (unsigned i = 0; i < TIMES; i++) {
		trace_take(last, 2);
		trace_give(last);
	}
	trace_step();
}

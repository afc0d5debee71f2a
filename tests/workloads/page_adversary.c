/* SPDX-License-Identifier: MIT */
/*
 * The worst that a caller can do to a page allocator.
 *
 * In memory: programs that have at most M pages in use, ask for at most LONGEST at a time, and look
 * where each block came from to keep just those that are most in the way. How large M may be until a
 * request fails (`usable`), the theory's bound beside it, and what the first M that is too large costs:
 *
 *	adversary.robson	no allocator serves it in less than M (log2(n) / 2 + 1) - n + 1 pages, n
 *				being the longest request (.at_most): Robson, "Bounds for Some Functions
 *				Concerning Dynamic Storage Allocation" (JACM 21/3, 1974)
 *	adversary.first_fit	asks for one page more each time, and gives back before whatever leaves no
 *				hole as long as the next request. So it comes near the case in which the
 *				proof of first fit's bound, M H(n) / ln 2 pages (.at_least), allows no
 *				better: everywhere a block as long as the requests were when first fit
 *				came there, beside a hole one page too short for the next. Robson, "Worst
 *				case fragmentation of first fit and best fit storage allocation
 *				strategies" (Computer Journal 20/3, 1977); we had the bound and its proof
 *				(Knuth, The Art of Computer Programming 1, exercise 2.5-43), not the paper
 *	adversary.buddy		keeps what begins at a multiple of the next size. When all requests are
 *				powers of two, buddies never need more than M (log2(n) + 1) pages
 *				(.at_least): Knuth, exercise 2.5-41
 *	adversary.strand	n - 1 pages, one more, and the n - 1 back, over and over: does each single
 *				page that stays keep n - 1 others from use? It does where the tail of a
 *				block that was rounded up goes to the next who asks for one page, and where
 *				memory that nobody has used yet is preferred to a hole
 *
 * In time: the worst case of one method, run on all of them.
 *
 *	adversary.walk		first fit's: above, every second page is free; pairs of pages and isolated
 *				single ones come and go below them
 *	adversary.search	buddy's: two free pages side by side at the upper end that are no buddies,
 *				and nothing else; and one page of a pool that is wholly free, which
 *				splits and merges at every order
 */
#include <tessera/console.h>
#include <tessera/format.h>
#include <tessera/kernel.h>

#include "page_trace.h"

/* ---- Memory ---- */

#define LONGEST_ORDER 6
#define LONGEST	      (1ul << LONGEST_ORDER)
#define PARTS	      128 /* M is found to such a part of the pool */

/* Asks for pages; they are in the slot that has their first page's number in the pool. NULL: not
 * served. */
static struct slot *take(size_t count)
{
	struct slot *spare = &trace.slots[trace.pool], *home;

	work_let_interrupts();
	if (!trace_take(trace.pool, count)) {
		trace_give(trace.pool);
		return NULL;
	}
	home = &trace.slots[spare->page - trace.first];
	*home = *spare;
	*spare = (struct slot){ 0 };
	return home;
}

/* Blocks of `size` until `most` pages are in use. False: one was not served. */
static bool fill(size_t most, size_t size)
{
	while (trace.held + size <= most)
		if (!take(size))
			return false;
	return true;
}

static void give_all(void)
{
	for (size_t place = 0; place < trace.pool; place++)
		trace_give(place);
}

/* Whether the block at `place` has a page whose number in the pool is `residue` modulo `modulus`. */
static bool occupies(size_t place, size_t residue, size_t modulus)
{
	return ((residue - place) & (modulus - 1)) < trace.slots[place].count;
}

/* Robson's measure: what the blocks that occupy it keep from being used. */
static size_t obstruction(size_t residue, size_t modulus)
{
	size_t sum = 0;

	for (size_t place = 0; place < trace.pool; place++)
		if (occupies(place, residue, modulus))
			sum += modulus - trace.slots[place].count;
	return sum;
}

static bool robson(size_t most)
{
	size_t residue = 0;

	for (size_t size = 1; size <= LONGEST; size *= 2) {
		if (obstruction(residue + size / 2, size) > obstruction(residue, size))
			residue += size / 2;
		for (size_t place = 0; place < trace.pool; place++)
			if (!occupies(place, residue, size))
				trace_give(place);
		if (!fill(most, size))
			return false;
	}
	return true;
}

static bool buddy(size_t most)
{
	for (size_t size = 1; size <= LONGEST; size *= 2) {
		for (size_t place = 0; place < trace.pool; place++)
			if (place % size)
				trace_give(place);
		if (!fill(most, size))
			return false;
	}
	return true;
}

/* Gives back, from below, every block without which no hole is as long as `length`. */
static void open_holes(size_t length)
{
	size_t hole = 0, block = trace.pool; /* where the last hole begins, and what ends it */

	for (size_t place = 0; place <= trace.pool; place++) {
		if (place < trace.pool && trace.slots[place].count == 0)
			continue;
		if (block < trace.pool) {
			size_t count = trace.slots[block].count;

			if (place - hole < length)
				trace_give(block);
			else
				hole = block + count;
		}
		block = place;
	}
}

static bool first_fit(size_t most)
{
	for (size_t size = 1; size <= LONGEST; size++) {
		open_holes(size);
		if (!fill(most, size))
			return false;
	}
	return true;
}

static bool strand(size_t most)
{
	for (size_t kept = 0; kept < trace.pool / LONGEST && kept + LONGEST <= most; kept++) {
		struct slot *stranded = take(LONGEST - 1);

		if (!stranded || !take(1))
			return false;
		trace_give(stranded - trace.slots);
	}
	return fill(MIN(most, trace.held + LONGEST), LONGEST);
}

static bool serves(bool (*program)(size_t most), size_t parts)
{
	bool served = program(parts * trace.pool / PARTS);

	give_all();
	return served;
}

static void find_usable(bool (*program)(size_t most))
{
	size_t served = 0, too_many = PARTS + 1;

	trace.quiet = trace.probing = true;
	while (too_many - served > 1) {
		size_t middle = (served + too_many) / 2;

		if (serves(program, middle))
			served = middle;
		else
			too_many = middle;
	}
	work_figure(trace_name(), "usable", 100 * served, PARTS, "%", true);
	trace.quiet = trace.probing = false;
	program(MIN(too_many, (size_t)PARTS) * trace.pool / PARTS);
	trace_step();
	give_all();
}

/* What the theory says of a workload's `usable`, as a percentage of the pool. */
static void print_bound(const char *workload, uint64_t value, uint64_t divisor)
{
	char name[64];

	snprintf(name, sizeof(name), "page.adversary.%s/%zu", workload, trace.pool);
	work_figure(name, "usable", 100 * value, divisor, "%", true);
}

WORKLOAD(page_adversary_robson, "page.adversary.robson", 1)
{
	print_bound("robson.at_most", 2 * (trace.pool + LONGEST - 1),
		    (LONGEST_ORDER + 2) * trace.pool);
	find_usable(robson);
}

WORKLOAD(page_adversary_first_fit, "page.adversary.first_fit", 1)
{
	const uint64_t million = 1000000, ln2 = 693147; /* millionths */
	uint64_t harmonic = 0;

	for (size_t i = 1; i <= LONGEST; i++)
		harmonic += million / i;
	print_bound("first_fit.at_least", ln2, harmonic);
	find_usable(first_fit);
}

WORKLOAD(page_adversary_buddy, "page.adversary.buddy", 1)
{
	print_bound("buddy.at_least", 1, LONGEST_ORDER + 1);
	find_usable(buddy);
}

WORKLOAD(page_adversary_strand, "page.adversary.strand", 1)
{
	find_usable(strand);
}

/* ---- Time ---- */

#define TIMES 256

/* All pages allocated; slot i has the i-th page. */
static void fill_by_address(void)
{
	trace.quiet = true;
	fill(trace.pool, 1);
}

WORKLOAD(page_adversary_walk, "page.adversary.walk", 1)
{
	const size_t half = trace.pool / 2;

	fill_by_address();
	for (size_t slot = half; slot < trace.pool; slot += 2)
		trace_give(slot);
	trace_give(0);
	trace_give(1);
	trace_step();
	trace.quiet = false;
	for (unsigned i = 0; i < TIMES; i++) {
		trace_take(0, 2);
		trace_give(half / 2); /* its place in the list: half of all blocks away */
		trace_give(0);
		trace_take(half / 2, 1);
	}
	trace_step();
}

WORKLOAD(page_adversary_search, "page.adversary.search", 1)
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

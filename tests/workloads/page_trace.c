/* SPDX-License-Identifier: MIT */
/*
 * Plays traces on the page allocator that the kernel has, through page_alloc and page_free like any
 * caller. The pool is real memory: whatever else is free is taken out of the way (page_pool.h). The
 * tables lie outside it.
 */
#include <tessera/boot_parameter.h>
#include <tessera/console.h>
#include <tessera/errno.h>
#include <tessera/format.h>
#include <tessera/kernel.h>
#include <tessera/string.h>

#include "../page_pool.h"
#include "page_trace.h"

#define SAMPLES 131072

struct trace trace;

static const size_t trace_pools[] = { 256, 4096, 32768 };
static size_t only_pool;

static struct {
	char name[64];
	struct page_pool pool;
	struct page *table; /* slots and samples */
	size_t table_pages;
	uint32_t *scratch;
	struct cost alloc, free, refused;
	size_t operations;
	size_t waste;		 /* the most pages gone from the pool that nobody asked for */
	uint64_t asked, rounded; /* by all served requests; up to powers of two */
	bool failed;
	struct {
		size_t allocs, frees;
		uint64_t alloc_sum, free_sum;
	} step;
} play;

static int set_pool(const char *value)
{
	uint64_t pages;

	if (parse_number(value, 10, &pages) || pages > SIZE_MAX || !is_power_of_two(pages))
		return -EINVAL;
	only_pool = pages;
	return 0;
}
BOOT_PARAMETER(pool, set_pool, "a power of two: workloads use a pool of this many pages only");

/* A slot for every page and one for a request that fails; the recorded trace needs some hundred. */
static size_t trace_slots(size_t pool)
{
	return MAX(pool + 1, (size_t)1024);
}

/* ---- Operations ---- */

bool trace_take_aligned(size_t number, size_t count, size_t align)
{
	struct slot *slot = &trace.slots[number];
	uint64_t start, end;

	ASSERT(number < trace_slots(trace.pool) && slot->count == 0 && count > 0);
	if (count == 1 && align == 1) { /* the short path, as of a caller who knows it */
		start = cost_now();
		slot->page = page_alloc(1, 1, 0);
		end = cost_now();
	} else {
		start = cost_now();
		slot->page = page_alloc(count, align, 0);
		end = cost_now();
	}
	slot->count = count;
	trace.asked += count;
	play.operations++;
	if (!slot->page) {
		if (!play.failed && !trace.probing) {
			print("# work %s first_failure %zu %zu\n", play.name, trace.held, count);
			play.failed = true;
		}
		if (!trace.quiet)
			cost_add(&play.refused, start, end);
		return false;
	}
	trace.held += count;
	play.waste = MAX(play.waste, trace.pool - page_free_count() - trace.held);
	play.asked += count;
	play.rounded += 1ul << log2_ceil(count);
	if (!trace.quiet) {
		play.step.alloc_sum += cost_add(&play.alloc, start, end);
		play.step.allocs++;
	}
	return true;
}

void trace_give(size_t number)
{
	struct slot *slot = &trace.slots[number];
	uint64_t start, end;

	if (slot->page) {
		if (slot->count == 1) {
			start = cost_now();
			page_free(slot->page, 1);
			end = cost_now();
		} else {
			start = cost_now();
			page_free(slot->page, slot->count);
			end = cost_now();
		}
		play.operations++;
		trace.held -= slot->count;
		if (!trace.quiet) {
			play.step.free_sum += cost_add(&play.free, start, end);
			play.step.frees++;
		}
	}
	trace.asked -= slot->count;
	*slot = (struct slot){ 0 };
}

bool trace_push(size_t count)
{
	return trace_take(trace.used++, count);
}

void trace_drop(size_t slot)
{
	trace_give(slot);
	trace.slots[slot] = trace.slots[--trace.used];
	trace.slots[trace.used] = (struct slot){ 0 };
}

void trace_fill(size_t pages, size_t (*size)(void))
{
	while (trace.asked < pages)
		trace_push(MIN(size(), pages - trace.asked));
}

void trace_empty(void)
{
	while (trace.used)
		trace_drop(trace.used - 1);
}

void trace_sort_slots(void)
{
	for (size_t i = 0; i < trace.pool; i++) {
		size_t place;

		while ((place = trace.slots[i].page - trace.first) != i) {
			struct slot slot = trace.slots[place];

			trace.slots[place] = trace.slots[i];
			trace.slots[i] = slot;
		}
	}
}

size_t size_one(void)
{
	return 1;
}

size_t size_geometric(void)
{
	uint32_t bits = random_next(&trace.random);
	unsigned order = MIN(bit_first(bits | 0x40), 6u);

	return (1u << order) - (bits >> 16) % ((1u << order) / 2 + (order == 0));
}

size_t size_uniform(void)
{
	return 1 + random_below(&trace.random, 64);
}

/* ---- Lines ---- */

const char *trace_name(void)
{
	return play.name;
}

void trace_step(void)
{
	struct page_stats stats;

	work_let_interrupts();
	page_stats(&stats);
	print("# work %s step %zu %zu %zu %zu %zu %llu %zu %llu", play.name, play.operations,
	      trace.held, stats.free, stats.largest_run, play.step.allocs,
	      (unsigned long long)play.step.alloc_sum, play.step.frees,
	      (unsigned long long)play.step.free_sum);
	for (unsigned order = 0; order < TRACE_ORDERS; order++)
		print(" %u", page_unusable_index(&stats, order));
	print("\n");
	memset(&play.step, 0, sizeof(play.step));
}

static void report(void)
{
	cost_report(play.name, "alloc", &play.alloc, play.scratch);
	cost_report(play.name, "free", &play.free, play.scratch);
	cost_report(play.name, "refused", &play.refused, play.scratch);
	print("# work %s waste %zu %llu %llu\n", play.name, play.waste,
	      (unsigned long long)play.asked, (unsigned long long)play.rounded);
}

/* ---- One run ---- */

/* Slots and samples in one run of pages, which must not lie where the pool will. */
static bool make_tables(size_t pool)
{
	struct page *place_of_pool = page_pool_alloc(pool);
	size_t slots = trace_slots(pool) * sizeof(struct slot),
	       samples = SAMPLES * sizeof(uint32_t);
	uint32_t *place;

	play.table_pages = (slots + 4 * samples) / PAGE_SIZE + 1;
	play.table = page_alloc(play.table_pages, 1, 0);
	if (place_of_pool)
		page_free(place_of_pool, pool);
	if (!play.table)
		return false;
	trace.slots = page_address(play.table);
	memset(trace.slots, 0, slots);
	place = (uint32_t *)(trace.slots + trace_slots(pool));
	play.scratch = place;
	play.alloc = (struct cost){ .samples = place + SAMPLES, .room = SAMPLES };
	play.free = (struct cost){ .samples = place + 2 * SAMPLES, .room = SAMPLES };
	play.refused = (struct cost){ .samples = place + 3 * SAMPLES, .room = SAMPLES };
	return true;
}

static void run(const char *name, size_t pool, uint32_t seed, void (*workload)(void))
{
	struct page_stats stats;

	memset(&trace, 0, sizeof(trace));
	memset(&play, 0, sizeof(play));
	snprintf(play.name, sizeof(play.name), "%s/%zu", name, pool);
	if (!make_tables(pool)) {
		print("# work %s memory too small\n", play.name);
		return;
	}
	page_pool_begin(&play.pool, pool);
	if (play.pool.count == pool) {
		print("# work %s seed %u\n", play.name, (unsigned)seed);
		page_stats(&stats);
		print("# work %s metadata %zu %zu\n", play.name, stats.metadata_bytes, stats.total);
		trace.pool = pool;
		trace.first = play.pool.first;
		trace.random.state = seed;
		work_begin();
		workload();
		work_end(play.name);
		report();
		trace.quiet = true;
		for (size_t slot = 0; slot < trace_slots(pool); slot++)
			trace_give(slot);
	} else {
		print("# work %s memory too small\n", play.name);
	}
	page_pool_end(&play.pool);
	page_free(play.table, play.table_pages);
}

void trace_run(const char *name, uint32_t seed, void (*workload)(void))
{
	if (only_pool)
		run(name, only_pool, seed, workload);
	else
		for (unsigned i = 0; i < ARRAY_SIZE(trace_pools); i++)
			run(name, trace_pools[i], seed, workload);
}

/* SPDX-License-Identifier: MIT */
/*
 * The page allocators against their contract; every variant passes the same tests.
 *
 * The tests work on a pool of at most POOL_PAGES free pages (those of page_memory.c on all memory).
 * They keep a map of their own of who owns each page of it, so that an overlap, a page from
 * elsewhere, a request that fails although there is room, or pages that do not come back are seen
 * whatever the allocator believes.
 */
#include <tessera/page.h>
#include <tessera/string.h>
#include <tessera/test.h>

#include "../page_pool.h"
#include "../random.h"

#define POOL_PAGES 1024
#define LIVE_MAX   256

static struct page_pool pool;
static bool owned[POOL_PAGES]; /* allocated, by our own account */
static size_t owned_pages;

struct allocation {
	struct page *page;
	size_t count;
};

static struct allocation live[POOL_PAGES];
static unsigned live_count;

/* ---- The account ---- */

static size_t index_of(const struct page *page)
{
	return (size_t)(page_to_pfn(page) - page_to_pfn(pool.first));
}

/* Whether some run of unowned pages fits. */
static bool fits(size_t count, size_t align)
{
	size_t run = 0;

	for (size_t i = 0; i < pool.count; i++) {
		pfn_t place;

		run = owned[i] ? 0 : run + 1;
		place = page_to_pfn(pool.first) + i + 1 - count;
		if (run >= count && ALIGN_UP(place - (run - count), align) <= place)
			return true;
	}
	return false;
}

/* Checks what page_alloc gave and enters it in the account. */
static void enter(struct page *page, size_t count, size_t align)
{
	size_t first = index_of(page);

	if (first >= pool.count || count > pool.count - first) {
		test_fail(__FILE__, __LINE__, "page %#lx, count %zu, is not in the pool",
			  page_to_pfn(page), count);
		return;
	}
	EXPECT(IS_ALIGNED(page_to_pfn(page), align));
	for (size_t i = first; i < first + count; i++) {
		if (owned[i])
			test_fail(__FILE__, __LINE__, "page %zu of the pool given twice", i);
		owned[i] = true;
	}
	owned_pages += count;
	EXPECT_EQ(page_free_count(), pool.count - owned_pages);
	live[live_count++] = (struct allocation){ page, count };
}

static struct page *take(size_t count, size_t align, unsigned flags)
{
	struct page *page = page_alloc(count, align, flags);

	if (page)
		enter(page, count, align);
	else if (fits(count, align))
		test_fail(__FILE__, __LINE__, "no %zu pages aligned to %zu, but there is room",
			  count, align);
	return page;
}

static void give(unsigned i)
{
	struct allocation allocation = live[i];

	live[i] = live[--live_count];
	memset(&owned[index_of(allocation.page)], false, allocation.count);
	owned_pages -= allocation.count;
	page_free(allocation.page, allocation.count);
	EXPECT_EQ(page_free_count(), pool.count - owned_pages);
}

/* Gives back the allocation that begins at page `i` of the pool. */
static void give_at(size_t i)
{
	for (unsigned k = 0; k < live_count; k++) {
		if (index_of(live[k].page) == i) {
			give(k);
			return;
		}
	}
	test_fail(__FILE__, __LINE__, "nothing is allocated at page %zu of the pool", i);
}

/* The free runs, by the allocator's account, must be those of ours. */
static void compare_run(pfn_t first, size_t count, void *arg)
{
	size_t start = index_of(pfn_to_page(first)), *next = arg;

	EXPECT(start < pool.count && count <= pool.count - start);
	if (start >= pool.count || count > pool.count - start)
		return;
	for (; *next < start; (*next)++)
		EXPECT(owned[*next]);
	for (; *next < start + count; (*next)++)
		EXPECT(!owned[*next]);
	EXPECT(*next == pool.count || owned[*next]);
}

static void compare(void)
{
	size_t next = 0;

	page_each_free(compare_run, &next);
	for (; next < pool.count; next++)
		EXPECT(owned[next]);
}

static void begin(void)
{
	page_pool_begin(&pool, POOL_PAGES);
	memset(owned, false, sizeof(owned));
	owned_pages = 0;
	live_count = 0;
	EXPECT_EQ(page_free_count(), pool.count);
	EXPECT(pool.count >= 16);
}

/* Everything comes back, and the pool is one run again. */
static void end(void)
{
	struct page_stats stats;

	while (live_count)
		give(live_count - 1);
	page_stats(&stats);
	EXPECT_EQ(stats.free, pool.count);
	EXPECT_EQ(stats.largest_run, pool.count);
	compare();
	page_pool_end(&pool);
}

/* Takes every page of the pool singly, and sorts the account by address. */
static void take_all(void)
{
	while (take(1, 1, 0))
		;
	EXPECT_EQ(live_count, pool.count);
	for (unsigned i = 0; i < live_count; i++) {
		while (index_of(live[i].page) != i && index_of(live[i].page) < live_count) {
			struct allocation *place = &live[index_of(live[i].page)], other = *place;

			if (other.page == live[i].page)
				return; /* given twice: reported already */
			*place = live[i];
			live[i] = other;
		}
	}
}

/* ---- The pool ---- */

TEST(page_alloc, every_size)
{
	begin();
	for (size_t count = 1; count <= pool.count; count++) {
		EXPECT(take(count, 1, 0));
		while (live_count)
			give(0);
	}
	EXPECT(!take(pool.count + 1, 1, 0));
	end();
}

TEST(page_alloc, every_alignment)
{
	begin();
	for (size_t align = 1; align <= pool.count; align *= 2) {
		/* Beside a page that is taken, so that the run does not begin well aligned. */
		EXPECT(take(1, 1, 0));
		for (size_t count = 1; count <= pool.count; count = count * 2 - (count & 1) + 1)
			take(count, align, 0);
		while (live_count)
			give(0);
	}
	EXPECT(!take(1, 2 * pool.count, 0) || IS_ALIGNED(page_to_pfn(pool.first), 2 * pool.count));
	end();
}

TEST(page_alloc, exhaustion)
{
	begin();
	take_all();
	EXPECT_EQ(page_free_count(), 0);
	EXPECT(!page_alloc(1, 1, 0));
	EXPECT(!page_alloc(2, 1, 0));
	compare();
	give(0);
	EXPECT(take(1, 1, PAGE_ZERO));
	end();
}

static void give_all_in_order(unsigned (*next)(struct random *random))
{
	struct random random = { 2463534242u };

	begin();
	take_all();
	while (live_count)
		give(next(&random));
	end();
}

static unsigned first_next(struct random *random)
{
	return 0;
}

static unsigned last_next(struct random *random)
{
	return live_count - 1;
}

static unsigned middle_next(struct random *random)
{
	return live_count / 2;
}

static unsigned any_next(struct random *random)
{
	return random_below(random, live_count);
}

TEST(page_alloc, merges_whatever_the_order)
{
	give_all_in_order(first_next);
	give_all_in_order(last_next);
	give_all_in_order(middle_next);
	give_all_in_order(any_next);
}

TEST(page_alloc, every_second_page)
{
	struct page_stats stats;

	begin();
	take_all();
	for (size_t i = 0; i < pool.count; i += 2)
		give_at(i);
	page_stats(&stats);
	EXPECT_EQ(stats.free, pool.count / 2);
	EXPECT_EQ(stats.runs[0], pool.count / 2);
	EXPECT_EQ(stats.largest_run, 1);
	EXPECT_EQ(page_unusable_index(&stats, 0), 0);
	EXPECT_EQ(page_unusable_index(&stats, 1), 1000);
	EXPECT(!take(2, 1, 0));
	give_at(7); /* 6 to 8 are free now */
	EXPECT(!take(3, 2, 0) || index_of(live[live_count - 1].page) == 6);
	EXPECT(!take(4, 1, 0));
	compare();
	end();
}

/* Free pages that touch are a run, whatever blocks the variant keeps them in. */
TEST(page_alloc, runs_across_blocks)
{
	begin();
	take_all();
	for (size_t start = 1; start < 8; start++) {
		for (size_t count = 2; start + count <= 16; count++) {
			for (size_t i = start; i < start + count; i++)
				give_at(i);
			EXPECT(!take(count + 1, 1, 0));
			EXPECT(take(count, 1, 0));
			give(live_count - 1);
			compare();
			while (take(1, 1, 0))
				;
			EXPECT_EQ(owned_pages, pool.count);
		}
	}
	end();
}

static size_t random_count(struct random *random)
{
	switch (random_below(random, 8)) {
	case 0:
		return 1 + random_below(random, (uint32_t)pool.count / 4);
	case 1:
	case 2:
		return 1 + random_below(random, 20);
	case 3:
		return 1u << random_below(random, 6);
	default:
		return 1;
	}
}

static void random_step(struct random *random)
{
	size_t count = random_count(random);
	size_t align = random_below(random, 4) ? 1 : 1u << random_below(random, 8);
	unsigned flags = random_below(random, 8) ? 0 : PAGE_ZERO;
	unsigned char *bytes;
	struct page *page;

	if (live_count && (live_count == LIVE_MAX || random_below(random, 2))) {
		give(random_below(random, live_count));
		return;
	}
	page = take(count, align, flags);
	if (!page)
		return;
	bytes = page_address(page);
	for (size_t i = 0; flags && i < count << PAGE_SHIFT; i += 61)
		EXPECT_EQ(bytes[i], 0);
	for (size_t i = 0; i < count << PAGE_SHIFT; i += PAGE_SIZE / 4)
		bytes[i] = 0xee;
}

TEST(page_alloc, random_traces)
{
	for (uint32_t seed = 1; seed <= 4; seed++) {
		struct random random = { seed * 2654435761u };

		begin();
		for (unsigned step = 0; step < 2000; step++) {
			random_step(&random);
			if (step % 256 == 0)
				compare();
		}
		end();
	}
}

/* ---- The hot list ---- */

#define HOT CONFIG_PAGE_HOT_LIST

TEST(page_alloc, hot_list_is_bounded)
{
	struct page_stats stats;

	if (HOT == 0)
		SKIP("PAGE_HOT_LIST");
	begin();
	take_all();
	for (size_t i = 0; i < HOT + 3u && live_count; i++)
		give(live_count - 1);
	page_stats(&stats);
	EXPECT_EQ(stats.hot, MIN((size_t)HOT, pool.count));
	EXPECT_EQ(stats.free, pool.count - owned_pages);
	page_stats(&stats);
	EXPECT_EQ(stats.hot, 0);
	end();
}

TEST(page_alloc, hot_list_hides_nothing)
{
	struct page *last;

	if (HOT == 0)
		SKIP("PAGE_HOT_LIST");
	begin();
	take_all();
	for (size_t i = 0; i < MIN((size_t)HOT, pool.count); i++)
		give_at(i);
	EXPECT(take(MIN((size_t)HOT, pool.count), 1, 0));
	last = live[0].page;
	give(0);
	EXPECT(take(1, 1, 0) == last); /* last in, first out */
	end();
}

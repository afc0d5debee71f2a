/* SPDX-License-Identifier: MIT */
/* The page allocators against their contract, on all the memory that there is. */
#include <tessera/page.h>
#include <tessera/string.h>
#include <tessera/test.h>

#define PAGES_MAX 1024 /* what a test takes at most, to be over soon */

struct survey {
	pfn_t limit, end;
	size_t free, runs, below;
};

static void survey_run(pfn_t first, size_t count, void *arg)
{
	struct survey *survey = arg;

	EXPECT(count > 0);
	EXPECT(first > survey->end); /* ascending, and no two runs touch */
	EXPECT(first > page_first_pfn && first + count <= page_end_pfn);
	survey->end = first + count;
	survey->free += count;
	survey->runs++;
	if (first < survey->limit)
		survey->below += MIN(first + count, survey->limit) - first;
}

static struct survey survey_memory(pfn_t limit)
{
	struct survey survey = { .limit = limit };

	page_each_free(survey_run, &survey);
	return survey;
}

TEST(page_alloc, statistics)
{
	struct survey survey = survey_memory(0);
	struct page_stats stats;
	size_t runs = 0, pages = 0;

	page_stats(&stats);
	EXPECT_EQ(survey.free, stats.free);
	EXPECT_EQ(page_free_count(), stats.free);
	EXPECT(stats.free > 0 && stats.free <= stats.total);
	EXPECT(stats.largest_run > 0 && stats.largest_run <= stats.free);
	EXPECT_EQ(stats.hot, 0);
	for (unsigned order = 0; order < PAGE_ORDERS; order++) {
		runs += stats.runs[order];
		pages += stats.pages[order];
		EXPECT(stats.pages[order] >> order >= stats.runs[order]);
	}
	EXPECT_EQ(runs, survey.runs);
	EXPECT_EQ(pages, stats.free);
	EXPECT_EQ(page_unusable_index(&stats, 0), 0);
	EXPECT_EQ(page_unusable_index(&stats, PAGE_ORDERS), 1000);
	EXPECT(stats.metadata_bytes >= (page_end_pfn - page_first_pfn) * sizeof(struct page));
}

TEST(page_alloc, addresses)
{
	struct page *page = page_alloc(1, 1, 0);
	char *bytes;

	ASSERT_TRUE(page);
	bytes = page_address(page);
	EXPECT_EQ(page_to_phys(page), (phys_addr_t)page_to_pfn(page) << PAGE_SHIFT);
	EXPECT(pfn_to_page(page_to_pfn(page)) == page);
	EXPECT(virt_to_page(bytes) == page && virt_to_page(bytes + PAGE_SIZE - 1) == page);
	memset(bytes, 0x5a, PAGE_SIZE);
	page_free(page, 1);
}

TEST(page_alloc, refuses_the_impossible)
{
	size_t before = page_free_count();

	EXPECT(!page_alloc(before + 1, 1, 0));
	EXPECT(!page_alloc(SIZE_MAX, 1, 0));
	EXPECT(!page_alloc(SIZE_MAX / 2 + 1, 1, PAGE_ZERO));
	EXPECT(!page_alloc(1, SIZE_MAX / 2 + 1, 0)); /* a multiple of it: frame 0 only */
	EXPECT(!page_alloc(1, 1, PAGE_BELOW(1)));
	EXPECT(!page_alloc(1, 1, PAGE_BELOW(PAGE_SHIFT))); /* frame 0 again */
	EXPECT_EQ(page_free_count(), before);
}

/* Takes what lies below 2^bits in runs of `count`: nothing else and, of single pages, all. */
static void exhaust_below(unsigned bits, size_t count)
{
	const pfn_t limit = (pfn_t)1 << (bits - PAGE_SHIFT);
	struct survey before = survey_memory(limit), after;
	struct page *page, *taken = NULL;
	size_t pages = 0;

	if (before.below > PAGES_MAX)
		return; /* takes too long */
	while ((page = page_alloc(count, count, PAGE_BELOW(bits)))) {
		EXPECT(page_to_pfn(page) + count <= limit);
		EXPECT(IS_ALIGNED(page_to_pfn(page), count));
		page->link.next = (struct list_node *)taken;
		taken = page;
		pages += count;
	}
	EXPECT(count == 1 ? pages == before.below : pages <= before.below);
	EXPECT_EQ(page_free_count(), before.free - pages);
	while (taken) {
		page = (struct page *)taken->link.next;
		page_free(taken, count);
		taken = page;
	}
	after = survey_memory(limit);
	EXPECT(after.below == before.below && after.runs == before.runs);
}

TEST(page_alloc, below_an_address)
{
	for (unsigned bits = 1; bits < 64; bits++) {
		struct page *page = page_alloc(1, 1, PAGE_BELOW(bits));

		if (!page)
			continue;
		EXPECT((page_to_phys(page) + PAGE_SIZE - 1) >> bits == 0);
		page_free(page, 1);
	}
	for (unsigned bits = PAGE_SHIFT + 1; bits < 32; bits++) {
		exhaust_below(bits, 1);
		exhaust_below(bits, 4);
		exhaust_below(bits, 16);
	}
}

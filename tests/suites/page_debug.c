/* SPDX-License-Identifier: MIT */
/* DEBUG_PAGE_ALLOC: every wrong page_free is found and names the page and who had it. */
#include <tessera/format.h>
#include <tessera/page.h>
#include <tessera/test.h>

#define NEED_CHECKS()                                     \
	do {                                              \
		if (!IS_ENABLED(CONFIG_DEBUG_PAGE_ALLOC)) \
			SKIP("DEBUG_PAGE_ALLOC");         \
	} while (0)

/* The message's words for a page, and what is said of it. */
static const char *expected(const struct page *page, const char *what)
{
	static char text[128];

	snprintf(text, sizeof(text), "page %#lx (physical %#llx) %s", page_to_pfn(page),
		 (unsigned long long)page_to_phys(page), what);
	return text;
}

TEST(page_debug, freed_twice)
{
	struct page *one, *run;

	NEED_CHECKS();
	one = page_alloc(1, 1, 0);
	run = page_alloc(5, 1, 0);
	ASSERT_TRUE(one && run);
	page_free(one, 1);
	EXPECT_PANIC(page_free(one, 1), expected(one, "is free already: allocated by "));
	page_free(run, 5);
	EXPECT_PANIC(page_free(run, 5), expected(run, "is free already: allocated by "));
	EXPECT_PANIC(page_free(run + 3, 1), expected(run + 3, "is free already: allocated by "));
}

TEST(page_debug, freed_twice_after_merging)
{
	struct page *run[4];

	NEED_CHECKS();
	for (unsigned i = 0; i < 4; i++)
		ASSERT_TRUE(run[i] = page_alloc(2, 1, 0));
	for (unsigned i = 0; i < 4; i++)
		page_free(run[i], 2);
	for (unsigned i = 0; i < 4; i++)
		EXPECT_PANIC(page_free(run[i], 2), expected(run[i], "is free already"));
}

TEST(page_debug, wrong_count)
{
	struct page *run;

	NEED_CHECKS();
	run = page_alloc(6, 1, 0);
	ASSERT_TRUE(run);
	EXPECT_PANIC(page_free(run, 1), expected(run, "with the wrong count 1: 6 were allocated"));
	EXPECT_PANIC(page_free(run, 7), expected(run, "with the wrong count 7: 6 were allocated"));
	EXPECT_PANIC(page_free(run, 0), expected(run, "with the wrong count 0: 6 were allocated"));
	page_free(run, 6);
}

TEST(page_debug, not_the_first_page)
{
	struct page *run;

	NEED_CHECKS();
	run = page_alloc(6, 1, 0);
	ASSERT_TRUE(run);
	EXPECT_PANIC(page_free(run + 1, 1),
		     expected(run + 1, "is not the first page: it is number 2 of 6 allocated"));
	EXPECT_PANIC(page_free(run + 5, 5),
		     expected(run + 5, "is not the first page: it is number 6 of 6 allocated"));
	page_free(run, 6);
}

TEST(page_debug, foreign_pages)
{
	struct page *hole;

	NEED_CHECKS();
	hole = pfn_to_page(page_first_pfn);
	EXPECT_PANIC(page_free(hole, 1), expected(hole, "never was the page allocator's"));
	EXPECT_PANIC(page_free(hole - 1, 1), "is no page descriptor");
	EXPECT_PANIC(page_free(pfn_to_page(page_end_pfn), 1), "is no page descriptor");
	EXPECT_PANIC(page_free((struct page *)((char *)hole + 4), 1), "is no page descriptor");
	EXPECT_PANIC(page_free(NULL, 1), "is no page descriptor");
}

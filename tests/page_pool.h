/* SPDX-License-Identifier: MIT */
/*
 * A page allocator with just a few free pages: everything else is taken out of the way. Tests and
 * benchmarks work on such a pool, so they cost the same and say the same on every machine.
 */
#ifndef PAGE_POOL_H
#define PAGE_POOL_H

#include <tessera/bitops.h>
#include <tessera/page.h>

#define PAGE_POOL_ALIGN 16384ul /* pages: no block of an allocator is longer */

struct page_pool {
	struct page *first; /* the pool: one run of free pages, */
	size_t count;	    /* a power of two, aligned to itself or to PAGE_POOL_ALIGN */
	struct page *hoard; /* all other pages, linked through link.next */
};

static inline struct page *page_pool_alloc(size_t count)
{
	return page_alloc(count, MIN(count, PAGE_POOL_ALIGN), 0);
}

/* Leaves a run of `count` (a power of two) pages free, fewer if there is no such run. */
static inline void page_pool_begin(struct page_pool *pool, size_t count)
{
	struct page *page;

	while (!(pool->first = page_pool_alloc(count)) && count > 1)
		count /= 2;
	pool->count = count;
	pool->hoard = NULL;
	for (size_t pages = 1ul << log2_floor(page_free_count() | 1); pages; pages /= 2) {
		while ((page = page_alloc(pages, 1, 0))) {
			page->link.next = (struct list_node *)pool->hoard;
			page->refcount = (uint32_t)pages;
			pool->hoard = page;
		}
	}
	page_free(pool->first, count);
}

/* Gives everything back; the pool itself must be free. */
static inline void page_pool_end(struct page_pool *pool)
{
	struct page *page = pool->hoard;

	while (page) {
		struct page *next = (struct page *)page->link.next;

		page_free(page, page->refcount);
		page = next;
	}
}

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Physical pages: what is the same for every variant.
 *
 * Start-up. The page array covers all frames from the lowest free one, less one, to the highest.
 * Nothing in it is initialised but the heads of holes and what the variant writes at the ends of
 * each range, so the cost depends on the number of ranges and not on the size of memory. Holes
 * between ranges cost their descriptors.
 *
 * Walking. Heads of blocks are always valid (page.h), so whatever wants to see all of memory walks
 * from head to head here, once for all variants: statistics, and the search for a run of pages
 * that lies in several free blocks.
 */
#include <tessera/bitops.h>
#include <tessera/fault_injection.h>
#include <tessera/kernel.h>
#include <tessera/lock.h>
#include <tessera/log.h>
#include <tessera/memory_map.h>
#include <tessera/page.h>
#include <tessera/page_record.h>
#include <tessera/string.h>

#include "hot_list.h"
#include "page_debug.h"

#define LOG_TAG "pages"

_Static_assert(MEMORY_LIMIT / PAGE_SIZE - 1 <= UINT32_MAX / sizeof(struct page),
	       "the length of a block fits into its descriptor");

struct page *page_array;
pfn_t page_first_pfn, page_end_pfn;

/* Protects the heads of all blocks, the variant's pool and the hot list. */
struct spinlock page_lock = SPINLOCK_INIT(LOCK_PAGE);

static size_t total_pages;
static size_t array_bytes;

/* ---- Allocation ---- */

/* The first frame number that a request with these flags must not reach. */
static pfn_t limit_of(unsigned flags)
{
	unsigned bits = PAGE_BELOW_BITS(flags);

	if (bits == 0 || bits >= PAGE_SHIFT + BITS_PER_LONG)
		return PFN_ANY;
	if (bits < PAGE_SHIFT)
		return 0;
	return (pfn_t)1 << (bits - PAGE_SHIFT) < page_end_pfn ? (pfn_t)1 << (bits - PAGE_SHIFT)
							      : PFN_ANY;
}

struct page *page_alloc_run(size_t count, size_t align, unsigned flags)
{
	pfn_t end = flags ? limit_of(flags) : PFN_ANY;
	struct page *page;

	ASSERT(count > 0 && is_power_of_two(align));
	if (fault_injected())
		return NULL;
	if (count == 1 && align == 1 && end == PFN_ANY)
		page = page_take_single();
	else
		page = page_take(count, align, end);
	if (unlikely(!page) && page_hot_drain())
		page = page_take(count, align, end);
	if (unlikely(!page))
		return NULL;
	page_debug_alloc(page, count, CALLER());
	page_record_alloc(page, count, align);
	if (flags & PAGE_ZERO)
		memset(page_address(page), 0, count << PAGE_SHIFT);
	return page;
}

void page_free_run(struct page *first, size_t count)
{
	page_debug_free(first, count, CALLER());
	page_record_free(first, count);
	if (count == 1)
		page_give_single(first);
	else
		page_give(first, count);
}

size_t page_free_count(void)
{
	return page_pool_free() + page_hot_count();
}

/* ---- Walking through memory ---- */

struct page *page_find_free(size_t count, size_t align, pfn_t end, struct page **block)
{
	struct page *page = pfn_to_page(page_first_pfn), *start, *place;
	struct page *const stop = page_limit(end);

	while (page < stop) {
		/* As far as there are free blocks side by side. */
		for (start = page; page->state & PAGE_FREE;) {
			page = page_next(page);
			place = page_fit(start, MIN(page, stop), count, align);
			if (!place)
				continue;
			while (page_next(start) <= place)
				start = page_next(start);
			*block = start;
			return place;
		}
		page = page_next(page);
	}
	return NULL;
}

void page_each_free(void (*each)(pfn_t first, size_t count, void *arg), void *arg)
{
	struct page *page = pfn_to_page(page_first_pfn), *const end = pfn_to_page(page_end_pfn);

	page_hot_drain();
	spin_lock(&page_lock);
	while (page < end) {
		struct page *start = page;

		while (page->state & PAGE_FREE)
			page = page_next(page);
		if (page > start)
			each(page_to_pfn(start), (size_t)(page - start), arg);
		page = page_next(page);
	}
	spin_unlock(&page_lock);
}

static void count_run(pfn_t first, size_t count, void *arg)
{
	struct page_stats *stats = arg;
	unsigned order = log2_floor(count);

	stats->free += count;
	stats->runs[order]++;
	stats->pages[order] += count;
	stats->largest_run = MAX(stats->largest_run, count);
}

void page_stats(struct page_stats *stats)
{
	*stats = (struct page_stats){
		.total = total_pages,
		.hot = page_hot_count(),
		.metadata_bytes = array_bytes + page_debug_bytes(),
	};
	page_each_free(count_run, stats);
}

unsigned page_unusable_index(const struct page_stats *stats, unsigned order)
{
	size_t unusable = 0;

	if (stats->free == 0)
		return 0;
	for (unsigned k = 0; k < MIN(order, PAGE_ORDERS); k++)
		unusable += stats->pages[k];
	return (unsigned)((uint64_t)unusable * 1000 / stats->free);
}

/* ---- Start-up ---- */

struct extent {
	pfn_t first, end;
	size_t pages;
};

static void extend(pfn_t first, pfn_t count, void *arg)
{
	struct extent *extent = arg;

	if (extent->pages == 0)
		extent->first = first;
	extent->end = first + count;
	extent->pages += count;
}

/* Writes the heads of the hole [page_end_pfn, first), and lets the variant have what follows. */
static void add_range(pfn_t first, pfn_t count, void *arg)
{
	pfn_t hole = page_end_pfn, last = first - 1, head;

	for (unsigned order = 0; (head = ALIGN_DOWN(last, 1ul << order)) > hole; order++)
		pfn_to_page(head)->state = PAGE_RESERVED;
	pfn_to_page(hole)->state = PAGE_RESERVED | PAGE_LENGTH(first - hole);

	page_end_pfn = first + count;
	pfn_to_page(page_end_pfn)->state = PAGE_RESERVED;
	page_pool_add(first, count);
	total_pages += count;
}

void page_init(void)
{
	struct extent extent = { 0 };
	size_t align;

	memory_map_each_free(extend, &extent);
	if (extent.pages == 0)
		boot_fail("no free memory is left for the page allocator: the machine needs more");

	/* No block of the variant is longer than all memory. */
	align = 1ul << MIN(page_pool_order, log2_floor(extent.end - extent.first) + 1);
	page_first_pfn = ALIGN_DOWN(extent.first - 1, align);
	array_bytes = (extent.end + 1 - page_first_pfn) * sizeof(struct page);
	page_array = (struct page *)boot_alloc(array_bytes, align * sizeof(struct page)) -
		     page_first_pfn;
	page_debug_init(page_first_pfn, extent.end);

	total_pages = 0;
	page_end_pfn = page_first_pfn;
	page_pool_init();
	memory_map_close();
	memory_map_each_free(add_range, NULL);
	log_info("%zu free pages, %zu KiB of descriptors", total_pages, array_bytes >> 10);
}

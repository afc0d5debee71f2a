/* SPDX-License-Identifier: MIT */
/*
 * Buddies: blocks of powers of two of pages, that split and merge.
 *
 * Theory of operation. A free block has 2^order pages and its frame number is a multiple of its
 * length; there is a list of free blocks for each order. A request takes the smallest block that is
 * long enough and splits off upper halves (each goes on the list of its order) until the rest fits.
 * The two halves of a split are buddies: their frame numbers differ in one bit. When a block is
 * freed and its buddy is a free block of the same length, the two become one again, and so on up.
 *
 * The page array is aligned so that the addresses of two buddies' descriptors differ in one bit too:
 * finding the buddy is one xor, and one comparison tells whether it is free and of the same
 * length. That word is only ever read where a block could begin: whoever takes several pages writes
 * "allocated" there (trim_block, mark_allocated), page_init does so around the holes, and splitting
 * writes the heads of the free halves. So nothing else needs to be initialised.
 *
 * On the list of the highest order are runs of any number of such blocks. A range that nobody has
 * used yet is one run, however long, and blocks are cut from its end.
 *
 * A count that is not a power of two gives its tail back at once: the block is split until what was
 * asked for is left (trim_block). When no block can serve a request because it is longer than the
 * highest order, aligned to more, limited by PAGE_BELOW, or because the free pages lie side by side
 * without being buddies, all of memory is searched for it, and the blocks around are split.
 *
 * Method: Knowlton, "A Fast Storage Allocator" (CACM 8/10, 1965); Knuth, The Art of Computer
 * Programming 1, section 2.5, algorithms R and S; ByteOS.
 *
 * Cost: O(order) for allocation and free, whatever the state of memory, when a block can serve;
 * O(blocks of memory) in the other cases.
 *
 * What it does badly. When most of memory is free, a single page costs a split at each order, and
 * its return as many merges (PAGE_HOT_LIST avoids both). A freed page whose buddy lives on is of no
 * use to its other neighbour.
 */
#include <tessera/bitops.h>
#include <tessera/lock.h>
#include <tessera/page.h>

#define MAX_ORDER CONFIG_PAGE_BUDDY_MAX_ORDER
#define MAX_PAGES (1ul << MAX_ORDER)

static struct {
	/* By order. The last but one: runs of blocks. The last (zeros) never looks empty, and so
	 * ends a search. */
	struct list_node blocks[MAX_ORDER + 2];
	size_t free;
} pool;

#define RUNS (&pool.blocks[MAX_ORDER])

const unsigned page_pool_order = MAX_ORDER;

void page_pool_init(void)
{
	for (unsigned order = 0; order <= MAX_ORDER; order++)
		list_init(&pool.blocks[order]);
	pool.free = 0;
}

size_t page_pool_free(void)
{
	return pool.free;
}

static inline void add_block(struct list_node *list, struct page *block, size_t length)
{
	block->state = PAGE_FREE + length;
	list_add_head(list, &block->link);
}

/* The order of the longest block that may begin at this frame and has at most `count` pages. */
static inline unsigned block_order(const struct page *first, size_t count)
{
	return MIN(bit_first(page_to_pfn(first) | MAX_PAGES), log2_floor(count));
}

/* The pages in it; of the highest order as many blocks as there are. */
static inline size_t block_pages(unsigned order, size_t count)
{
	return order == MAX_ORDER ? ALIGN_DOWN(count, MAX_PAGES) : 1ul << order;
}

/* No block begins in these pages: so that nobody merges with what was a head here. */
static void mark_allocated(struct page *first, size_t count)
{
	while (count) {
		size_t pages = block_pages(block_order(first, count), count);

		first->state = 0;
		first += pages;
		count -= pages;
	}
}

/* ---- Allocation ---- */

/*
 * Takes a block of 2^order pages off its list: the shortest that is long enough, its upper halves
 * split off. The block itself is left unmarked. Lengths are in bytes of descriptors (PAGE_LENGTH),
 * so that adding one to a block gives its upper neighbour.
 */
static __always_inline struct page *take_block(unsigned order)
{
	struct list_node *list = &pool.blocks[order];
	struct page *block;
	size_t length;

	while (list_empty(list))
		list++;
	if (unlikely(list > RUNS))
		return NULL;
	block = list_entry(list->next, struct page, link);
	length = block->state - PAGE_FREE;
	if (length > PAGE_LENGTH(MAX_PAGES)) { /* one from the end of a run of blocks */
		length -= PAGE_LENGTH(MAX_PAGES);
		block->state = PAGE_FREE + length;
		block = page_behind(block, length);
		length = PAGE_LENGTH(MAX_PAGES);
	} else {
		list_remove(&block->link);
	}
	while (length > PAGE_LENGTH(1) << order) {
		struct page *upper;

		length /= 2;
		list--; /* it is empty: we have just been there */
		upper = page_behind(block, length);
		upper->state = PAGE_FREE + length;
		upper->link.next = upper->link.prev = list;
		list->next = list->prev = &upper->link;
	}
	return block;
}

struct page *page_take_one(void)
{
	struct page *page;

	spin_lock(&page_lock);
	page = take_block(0);
	if (likely(page)) {
		page->state = PAGE_LENGTH(1);
		pool.free--;
	}
	spin_unlock(&page_lock);
	return page;
}

/* ---- Free ---- */

/* Makes a block of 2^order pages free, and one with its buddies. */
static __always_inline void give_block(struct page *block, unsigned order)
{
	struct list_node *list = &pool.blocks[order];
	size_t length = PAGE_LENGTH(1) << order;

	while (list < RUNS) {
		struct page *buddy = (struct page *)((uintptr_t)block ^ length);

		if (buddy->state != PAGE_FREE + length)
			break;
		list_remove(&buddy->link);
		block = (struct page *)((uintptr_t)block & (uintptr_t)buddy); /* the lower one */
		length *= 2;
		list++;
	}
	add_block(list, block, length);
}

void page_give_one(struct page *page)
{
	spin_lock(&page_lock);
	give_block(page, 0);
	pool.free++;
	spin_unlock(&page_lock);
}

static void give_blocks(struct page *first, size_t count)
{
	while (count) {
		unsigned order = block_order(first, count);
		size_t pages = block_pages(order, count);

		if (order == MAX_ORDER)
			add_block(RUNS, first, PAGE_LENGTH(pages));
		else
			give_block(first, order);
		first += pages;
		count -= pages;
	}
}

void page_give(struct page *first, size_t count)
{
	spin_lock(&page_lock);
	pool.free += count;
	give_blocks(first, count);
	spin_unlock(&page_lock);
}

void page_pool_add(pfn_t first, size_t count)
{
	mark_allocated(pfn_to_page(first), count);
	page_give(pfn_to_page(first), count);
}

/* ---- Allocation of several pages ---- */

/* Gives back all but the first `count` pages of a block that is on no list. */
static inline void trim_block(struct page *block, unsigned order, size_t count)
{
	while (count < 1ul << order) {
		struct page *upper = block + (1ul << --order);

		if (count <= 1ul << order) {
			add_block(&pool.blocks[order], upper, PAGE_LENGTH(1) << order);
		} else {
			count -= 1ul << order;
			block = upper;
			block->state = 0; /* so that nobody merges with it */
		}
	}
}

/*
 * Takes free pages that lie in several blocks or only in a part of one, the first in `block`. They
 * begin where it does, or in a run of blocks: nothing else is aligned to more than its length.
 */
static void isolate(struct page *block, struct page *first, size_t count)
{
	struct page *behind = first + count, *end = block;

	do {
		list_remove(&end->link);
		end = page_next(end);
	} while (end < behind);
	if (block < first)
		add_block(RUNS, block, PAGE_LENGTH(first - block));
	mark_allocated(first, count);
	give_blocks(behind, end - behind);
}

static noinline struct page *search(size_t count, size_t align, pfn_t end)
{
	struct page *block, *first = page_find_free(count, align, end, &block);

	if (first)
		isolate(block, first, count);
	return first;
}

struct page *page_take(size_t count, size_t align, pfn_t end)
{
	size_t need = MAX(count, align);
	struct page *page = NULL;

	spin_lock(&page_lock);
	if (likely(need <= MAX_PAGES && end == PFN_ANY)) {
		unsigned order = log2_ceil(need);

		page = take_block(order);
		if (likely(page))
			trim_block(page, order, count);
	}
	if (unlikely(!page))
		page = search(count, align, end);
	if (likely(page)) {
		page->state = PAGE_LENGTH(count);
		pool.free -= count;
	}
	spin_unlock(&page_lock);
	return page;
}

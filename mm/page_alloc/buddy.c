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
 * length. That word is only ever read where a block could begin: whoever takes pages for good writes
 * "allocated" there (mark_allocated), page_init does so around the holes, and splitting writes the
 * heads of the free halves. So nothing else needs to be initialised.
 *
 * On the list of the highest order are runs of any number of such blocks. A range that nobody has
 * used yet is one run, however long, and blocks are cut from its end.
 *
 * A count that is not a power of two gives its tail back at once: the block is split until what was
 * asked for is left (split_to). When no block can serve a request because it is longer than the
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
	struct list_node blocks[MAX_ORDER + 1]; /* by order; the last: runs of blocks */
	size_t free;
} pool;

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

static inline struct page *block_of(struct list_node *node)
{
	return list_entry(node, struct page, link);
}

/* The longest block that may begin at this frame and has at most `count` pages; at the highest order
 * the longest run of blocks. */
static size_t block_pages(pfn_t first, size_t count)
{
	if (count >= MAX_PAGES && IS_ALIGNED(first, MAX_PAGES))
		return ALIGN_DOWN(count, MAX_PAGES);
	return MIN(1ul << bit_first(first | MAX_PAGES), 1ul << log2_floor(count));
}

/* No block begins in these pages: so that nobody merges with what was a head here. */
static void mark_allocated(struct page *first, size_t count)
{
	while (count) {
		size_t pages = block_pages(page_to_pfn(first), count);

		first->state = 0;
		first += pages;
		count -= pages;
	}
}

/* ---- Allocation ---- */

/* Takes a block of 2^order pages off its list, splitting a longer one if need be; the shortest there
 * is. The block itself is left unmarked. */
static __always_inline struct page *take_block(unsigned order)
{
	struct list_node *list = &pool.blocks[order], *const last = &pool.blocks[MAX_ORDER];
	size_t pages = 1ul << order, length;
	struct page *block;

	while (list_empty(list)) {
		if (list == last)
			return NULL;
		list++;
	}
	block = block_of(list->next);
	length = page_length(block);
	if (length > MAX_PAGES) {
		length -= MAX_PAGES;
		block->state = PAGE_FREE | PAGE_LENGTH(length);
		block += length;
		length = MAX_PAGES;
	} else {
		list_remove(&block->link);
	}
	/* All lists of shorter blocks, down to `order`, are empty. */
	while (length > pages) {
		struct page *upper;

		length >>= 1;
		list--;
		upper = block + length;
		upper->state = PAGE_FREE | PAGE_LENGTH(length);
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
	uintptr_t bit = sizeof(struct page) << order;
	uint32_t state = PAGE_FREE | PAGE_LENGTH(1u << order);

	while (list < &pool.blocks[MAX_ORDER]) {
		struct page *buddy = (struct page *)((uintptr_t)block ^ bit);

		if (buddy->state != state)
			break;
		list_remove(&buddy->link);
		block = MIN(block, buddy);
		bit <<= 1;
		state = 2 * state - PAGE_FREE;
		list++;
	}
	block->state = state;
	list_add_head(list, &block->link);
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
		size_t pages = block_pages(page_to_pfn(first), count);

		if (pages < MAX_PAGES) {
			give_block(first, log2_floor(pages));
		} else {
			first->state = PAGE_FREE | PAGE_LENGTH(pages);
			list_add_head(&pool.blocks[MAX_ORDER], &first->link);
		}
		first += pages;
		count -= pages;
	}
}

void page_give(struct page *first, size_t count)
{
	spin_lock(&page_lock);
	give_blocks(first, count);
	pool.free += count;
	spin_unlock(&page_lock);
}

void page_pool_add(pfn_t first, size_t count)
{
	mark_allocated(pfn_to_page(first), count);
	page_give(pfn_to_page(first), count);
}

/* ---- Allocation of several pages ---- */

/* Splits a block that is on no list until just its first `count` pages are left. */
static void split_to(struct page *block, size_t length, size_t count)
{
	block->state = 0; /* first, or an upper half would merge with it again */
	while (count < length) {
		length /= 2;
		if (count <= length) {
			give_block(block + length, log2_floor(length));
		} else {
			block += length;
			block->state = 0;
			count -= length;
		}
	}
}

/* Takes free pages wherever they lie, the first of them in the free block `block`. */
static void isolate(struct page *block, struct page *first, size_t count)
{
	struct page *behind = first + count, *end = block;

	do {
		list_remove(&end->link);
		end += page_length(end);
	} while (end < behind);
	mark_allocated(block, first - block);
	mark_allocated(first, count);
	mark_allocated(behind, end - behind);
	give_blocks(block, first - block);
	give_blocks(behind, end - behind);
}

struct page *page_take(size_t count, size_t align, pfn_t end)
{
	size_t need = MAX(count, align);
	struct page *page = NULL, *block;

	spin_lock(&page_lock);
	if (need <= MAX_PAGES && end == page_end_pfn) {
		unsigned order = log2_ceil(need);

		page = take_block(order);
		if (page)
			split_to(page, 1ul << order, count);
	}
	if (!page) {
		page = page_find_free(count, align, end, &block);
		if (page)
			isolate(block, page, count);
	}
	if (page) {
		page->state = PAGE_LENGTH(count);
		pool.free -= count;
	}
	spin_unlock(&page_lock);
	return page;
}

/* SPDX-License-Identifier: MIT */
/*
 * One page of the slob: a map of where objects end, and the list of free blocks in order of
 * address (slob.c explains both). Places are offsets from the start of the page and sizes are in
 * bytes, all multiples of UNIT. Nothing here knows of other pages. O(free blocks).
 */
#ifndef SLOB_PAGE_H
#define SLOB_PAGE_H

#include <tessera/bitops.h>
#include <tessera/kmalloc.h>
#include <tessera/list.h>
#include <tessera/page.h>

#define UNIT KMALLOC_ALIGN

struct slob_page {
	unsigned long ends[PAGE_SIZE / UNIT / BITS_PER_LONG]; /* last units of objects */
	struct list_node link;				      /* the owner's */
	uint16_t longest;				      /* size of the longest free block */
	uint16_t first;					      /* the first free block; 0: none */
};

/* The first unit of a free block. */
struct block {
	uint16_t size;
	uint16_t next; /* the next free block; 0: none */
};

#define SLOB_HEAD ALIGN_UP(sizeof(struct slob_page), UNIT)
#define SLOB_FREE (PAGE_SIZE - SLOB_HEAD) /* an empty page is one block of this size */

_Static_assert(sizeof(struct block) <= UNIT, "a block's words fit into the smallest one");
_Static_assert(PAGE_SIZE <= UINT16_MAX, "offsets have 16 bits");

static inline struct slob_page *slob_page_of(const void *object)
{
	return (struct slob_page *)ALIGN_DOWN((uintptr_t)object, PAGE_SIZE);
}

static inline unsigned slob_offset_of(const void *object)
{
	return (uintptr_t)object % PAGE_SIZE;
}

static inline struct block *block_at(struct slob_page *page, unsigned offset)
{
	return (struct block *)((char *)page + offset);
}

/* Sets or clears the mark of an object that ends at `end`. */
static inline void flip_end(struct slob_page *page, unsigned end)
{
	unsigned unit = end / UNIT - 1;

	page->ends[unit / BITS_PER_LONG] ^= BIT(unit % BITS_PER_LONG);
}

/* Where the object that starts at `start` ends. */
static inline unsigned object_end(const struct slob_page *page, unsigned start)
{
	unsigned unit = start / UNIT, word = unit / BITS_PER_LONG, skip = unit % BITS_PER_LONG;
	unsigned long ends = page->ends[word] >> skip << skip;

	while (!ends)
		ends = page->ends[++word];
	return (word * BITS_PER_LONG + bit_first(ends) + 1) * UNIT;
}

static inline unsigned longest_block(struct slob_page *page)
{
	unsigned longest = 0;

	for (unsigned offset = page->first; offset; offset = block_at(page, offset)->next)
		longest = MAX(longest, (unsigned)block_at(page, offset)->size);
	return longest;
}

/* The word that leads to the first block with room for an object, or NULL. */
static inline uint16_t *find_block(struct slob_page *page, unsigned size, unsigned align)
{
	uint16_t *link = &page->first;

	while (*link) {
		struct block *block = block_at(page, *link);

		if (ALIGN_UP(*link, align) + size <= *link + block->size)
			return link;
		link = &block->next;
	}
	return NULL;
}

/* Makes an object in the block that `link` leads to, which has room for it. */
static inline void *take_bytes(struct slob_page *page, uint16_t *link, unsigned size,
			       unsigned align)
{
	unsigned first = *link, start = ALIGN_UP(first, align), end = start + size;
	struct block *block = block_at(page, first);
	unsigned length = block->size, next = block->next;

	if (end < first + length) { /* what lies behind stays a block */
		struct block *behind = block_at(page, end);

		behind->size = first + length - end;
		behind->next = next;
		next = end;
	}
	if (start > first) { /* and what lies before */
		block->size = start - first;
		block->next = next;
		next = first;
	}
	*link = next;
	flip_end(page, end);
	if (length == page->longest)
		page->longest = longest_block(page);
	return block_at(page, start);
}

/* The word that leads to the first free block at or behind `offset`, or that ends the list. */
static inline uint16_t *link_at(struct slob_page *page, unsigned offset)
{
	uint16_t *link = &page->first;

	while (*link && *link < offset)
		link = &block_at(page, *link)->next;
	return link;
}

/* Makes bytes free and merges them with their neighbours. */
static inline void give_bytes(struct slob_page *page, unsigned start, unsigned size)
{
	uint16_t *link = link_at(page, start);
	struct block *block = block_at(page, start), *before;
	unsigned next = *link;

	if (next == start + size) {
		size += block_at(page, next)->size;
		next = block_at(page, next)->next;
	}
	before = container_of(link, struct block, next);
	if (link != &page->first && (char *)before + before->size == (char *)block) {
		size += before->size;
		block = before;
	} else {
		*link = start;
	}
	block->size = size;
	block->next = next;
	page->longest = MAX(page->longest, size);
}

/* take_bytes at `start`, if a block begins there and is long enough. */
static inline bool take_bytes_at(struct slob_page *page, unsigned start, unsigned size)
{
	uint16_t *link = link_at(page, start);

	if (*link != start || block_at(page, start)->size < size)
		return false;
	take_bytes(page, link, size, UNIT);
	return true;
}

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Slob: one list of free blocks for objects of all sizes.
 *
 * Theory of operation. Pages are divided into units of 8 bytes. Objects and free blocks are runs of
 * units. The free blocks of a page form a list in order of address, inside the blocks themselves:
 * the first unit of each holds its length and where the next one starts. Freeing walks that list to
 * the place between two neighbours and merges with those it touches; allocating takes the first
 * block that has room at the wanted alignment, and what is left before and behind stays free.
 *
 * Where is an object's size? Not in front of it, as in Kernighan and Ritchie: a header would push
 * every 64-byte object that is to be aligned to 64 into 128 bytes. Instead the first 1/64 of a
 * page is a map with one bit for each of its units, set for the last unit of every object; kfree
 * looks for the first bit at or after the object's first unit. So objects cost nothing but the
 * rounding to 8 bytes.
 *
 * The page descriptors hold the first free block, an upper bound for the longest one, by which a
 * search passes a page without looking inside, and the page's place on the list of pages with free
 * blocks. A search starts at the page that served last: next fit over pages, first fit inside one.
 * An empty page goes back to the page allocator, unless it is the only one on the list. What does
 * not fit into a page beside its map is whole pages; these, and they alone, start at the first byte
 * of a page, so kfree tells them by their address.
 *
 * Method: Kernighan and Ritchie, "The C Programming Language", section 8.7, page by page as in
 * Linux's former SLOB.
 *
 * Cost: little code and little memory. Allocation passes the pages without room, a few instructions
 * each, and then the free blocks of one page; freeing passes free blocks of one page.
 *
 * What it does badly. Time depends on what others did: hundreds of instructions once memory is
 * fragmented. Objects of short and of long life share pages, so pages return late. An object of
 * half a page or more leaves a remainder that only smaller ones can use.
 */
#include <tessera/errno.h>
#include <tessera/fault_injection.h>
#include <tessera/lock.h>
#include <tessera/page.h>
#include <tessera/string.h>

#include "variant.h"

#define UNIT	   KMALLOC_ALIGN
#define PAGE_UNITS (PAGE_SIZE / UNIT)
#define MAP_UNITS  (PAGE_UNITS / 8 / UNIT)  /* the map of object ends, at the start of the page */
#define FREE_UNITS (PAGE_UNITS - MAP_UNITS) /* an empty page is one block of so many */

/* The first unit of a free block. */
struct block {
	uint16_t units;
	uint16_t next; /* unit number of the next free block in the page; 0: this is the last */
};

_Static_assert(sizeof(struct block) <= UNIT, "a block's words fit into its smallest size");

struct object_cache {
	struct object_cache_base base;
	size_t slot_size;
	size_t align;
	size_t in_use;
	size_t units; /* of all objects in use that are not whole pages */
};

/* Everything that kmalloc gives. */
static struct object_cache kmalloc_cache;

/* Free space is everybody's, so everything here is under object_lock. */

/* The pages with free blocks. The list's head moves: behind it is where the search starts. */
static struct list_node pages = LIST_INIT(pages);
static size_t page_count; /* those and the full ones, but no large objects */

/* ---- Inside one page ---- */

static struct block *block_at(void *base, unsigned unit)
{
	return (struct block *)((char *)base + unit * UNIT);
}

static unsigned unit_of(const void *address)
{
	return (uintptr_t)address % PAGE_SIZE / UNIT;
}

/* Sets or clears the mark of an object's last unit. */
static void flip_end(void *base, unsigned unit)
{
	unsigned long *map = base;

	map[unit / BITS_PER_LONG] ^= BIT(unit % BITS_PER_LONG);
}

/* The length of the object that starts at unit `start`. */
static unsigned object_units(const void *base, unsigned start)
{
	const unsigned long *map = base;
	unsigned word = start / BITS_PER_LONG, skip = start % BITS_PER_LONG;
	unsigned long ends = map[word] >> skip << skip;

	while (!ends)
		ends = map[++word];
	return word * BITS_PER_LONG + bit_first(ends) + 1 - start;
}

/* Takes `units` units from the front of a free block at `start`, which `link` leads to. */
static void cut_block(void *base, uint16_t *link, unsigned start, unsigned units)
{
	const struct block *block = block_at(base, start);
	unsigned next = block->next;

	if (block->units > units) {
		struct block *rest = block_at(base, start + units);

		rest->units = block->units - units;
		rest->next = next;
		next = start + units;
	}
	*link = next;
}

/* Makes an object of the first block with room for it. Gives its first unit, or 0. */
static unsigned take_units(struct page *page, unsigned units, unsigned align)
{
	void *base = page_address(page);
	uint16_t *link = &page->slob_first;
	unsigned largest = 0;

	while (*link) {
		unsigned first = *link, start = ALIGN_UP(first, align);
		struct block *block = block_at(base, first);

		if (start + units <= first + block->units) {
			if (start > first) { /* split off what lies before */
				struct block *aligned = block_at(base, start);

				aligned->units = block->units - (start - first);
				aligned->next = block->next;
				block->units = start - first;
				block->next = start;
				link = &block->next;
			}
			cut_block(base, link, start, units);
			flip_end(base, start + units - 1);
			return start;
		}
		largest = MAX(largest, (unsigned)block->units);
		link = &block->next;
	}
	page->slob_largest = largest;
	return 0;
}

/* The word that leads to the first free block at or behind a unit, or that ends the list. */
static uint16_t *link_at(struct page *page, unsigned unit)
{
	void *base = page_address(page);
	uint16_t *link = &page->slob_first;

	while (*link && *link < unit)
		link = &block_at(base, *link)->next;
	return link;
}

/* Makes units free and merges them with their neighbours. Gives the size of the resulting block. */
static unsigned give_units(struct page *page, unsigned start, unsigned units)
{
	void *base = page_address(page);
	uint16_t *link = link_at(page, start);
	struct block *block = block_at(base, start);

	block->units = units;
	block->next = *link;
	*link = start;
	if (block->next == start + units) {
		const struct block *behind = block_at(base, block->next);

		block->units += behind->units;
		block->next = behind->next;
	}
	if (link != &page->slob_first) {
		struct block *before = container_of(link, struct block, next);

		if (block_at(before, before->units) == block) {
			before->units += block->units;
			before->next = block->next;
			block = before;
		}
	}
	page->slob_largest = MAX(page->slob_largest, block->units);
	return block->units;
}

/* Takes the units at `start` if they are the front of a free block that is long enough. */
static bool take_units_at(struct page *page, unsigned start, unsigned units)
{
	uint16_t *link = link_at(page, start);
	void *base = page_address(page);

	if (*link != start || block_at(base, start)->units < units)
		return false;
	cut_block(base, link, start, units);
	return true;
}

/* ---- Pages ---- */

static struct page *page_create(void)
{
	struct page *page = object_pages_alloc(1);
	struct block *block;

	if (!page)
		return NULL;
	memset(page_address(page), 0, MAP_UNITS * UNIT);
	block = block_at(page_address(page), MAP_UNITS);
	block->units = FREE_UNITS;
	block->next = 0;
	page->slob_first = MAP_UNITS;
	page->slob_largest = FREE_UNITS;
	list_add_head(&pages, &page->link);
	page_count++;
	return page;
}

static void page_release(struct page *page)
{
	list_remove(&page->link);
	page_count--;
	page_free(page, 1);
}

static bool page_is_empty(const struct page *page)
{
	return page->slob_first == MAP_UNITS &&
	       block_at(page_address(page), MAP_UNITS)->units == FREE_UNITS;
}

void object_release_empty(void)
{
	list_for_each_safe(node, &pages) {
		struct page *page = list_entry(node, struct page, link);

		if (page_is_empty(page))
			page_release(page);
	}
}

/* An object from the first page that has room, starting at the one that served last. */
static void *alloc_units(unsigned units, unsigned align)
{
	struct page *page;
	unsigned start;

	list_for_each(node, &pages) {
		page = list_entry(node, struct page, link);
		if (page->slob_largest < units)
			continue;
		start = take_units(page, units, align);
		if (start)
			goto found;
	}
	page = page_create();
	if (!page)
		return NULL;
	start = take_units(page, units, align);
found:
	if (pages.next != &page->link) {
		list_remove(&pages);
		list_add_before(&page->link, &pages);
	}
	if (!page->slob_first)
		list_remove(&page->link);
	return block_at(page_address(page), start);
}

static void free_units(struct page *page, unsigned start, unsigned units)
{
	if (!page->slob_first) {
		page->slob_largest = 0;
		list_add_head(&pages, &page->link);
	}
	if (give_units(page, start, units) == FREE_UNITS && page->link.next != page->link.prev)
		page_release(page);
}

/* ---- Objects ---- */

static size_t to_units(size_t size)
{
	return size / UNIT + !IS_ALIGNED(size, UNIT);
}

/* Whole pages start where in other pages the map is. */
static bool is_large(const void *object)
{
	return IS_ALIGNED((uintptr_t)object, PAGE_SIZE);
}

static void *alloc_object(struct object_cache *cache, size_t size, size_t align)
{
	size_t units = to_units(size);
	bool small = units + ALIGN_UP((size_t)MAP_UNITS, align / UNIT) <= PAGE_UNITS;
	void *object;

	if (fault_injected())
		return NULL;
	spin_lock(&object_lock);
	object = small ? alloc_units(units, align / UNIT) : large_alloc(size);
	if (object) {
		cache->in_use++;
		cache->units += small ? units : 0;
	}
	spin_unlock(&object_lock);
	return object;
}

static void free_object(struct object_cache *cache, void *object)
{
	struct page *page = virt_to_page(object);
	void *base = page_address(page);
	unsigned start, units;

	spin_lock(&object_lock);
	cache->in_use--;
	if (is_large(object)) {
		large_free(page);
	} else {
		start = unit_of(object);
		units = object_units(base, start);
		cache->units -= units;
		flip_end(base, start + units - 1);
		free_units(page, start, units);
	}
	spin_unlock(&object_lock);
}

void *kmalloc_any(size_t size)
{
	size_t align = UNIT;

	if (size == 0)
		return NULL;
	if (is_power_of_two(size))
		align = MIN(MAX(size, (size_t)UNIT), (size_t)PAGE_SIZE);
	return alloc_object(&kmalloc_cache, size, align);
}

void kfree(void *object)
{
	if (object)
		free_object(&kmalloc_cache, object);
}

size_t kmalloc_usable_size(const void *object)
{
	const struct page *page = virt_to_page(object);
	const void *base = page_address(page);

	if (is_large(object))
		return large_size(page);
	return object_units(base, unit_of(object)) * UNIT;
}

bool object_resize(void *object, size_t size)
{
	struct page *page = virt_to_page(object);
	void *base = page_address(page);
	unsigned start = unit_of(object), old, units = to_units(size);
	bool done = true;

	if (is_large(object))
		return large_resize(page, size);
	if (to_units(size) > FREE_UNITS)
		return false;
	spin_lock(&object_lock);
	old = object_units(base, start);
	if (units > old) {
		done = take_units_at(page, start + old, units - old);
		if (done && !page->slob_first)
			list_remove(&page->link);
	} else if (units < old) {
		free_units(page, start + units, old - units);
	}
	if (done) {
		flip_end(base, start + old - 1);
		flip_end(base, start + units - 1);
		kmalloc_cache.units += units - old;
	}
	spin_unlock(&object_lock);
	return done;
}

/* ---- Caches: each is a size, an alignment and a count ---- */

static void cache_init(struct object_cache *cache, const char *name, size_t size, size_t align)
{
	cache->base.name = name;
	cache->base.object_size = size;
	cache->slot_size = ALIGN_UP(size, UNIT);
	cache->align = align;
	cache->in_use = 0;
	cache->units = 0;
	list_add_tail(&object_caches, &cache->base.link);
}

struct object_cache *object_cache_create(const char *name, size_t size, size_t align)
{
	struct object_cache *cache;

	if (size == 0 || size > CACHE_PAGES_MAX * PAGE_SIZE || (align & (align - 1)) ||
	    align > PAGE_SIZE)
		return NULL;
	cache = kmalloc_any(sizeof(*cache));
	if (!cache)
		return NULL;
	spin_lock(&object_lock);
	cache_init(cache, name, size, MAX(align, (size_t)KMALLOC_ALIGN));
	spin_unlock(&object_lock);
	return cache;
}

void *object_cache_alloc(struct object_cache *cache)
{
	return alloc_object(cache, cache->slot_size, cache->align);
}

void object_cache_free(struct object_cache *cache, void *object)
{
	if (object)
		free_object(cache, object);
}

int object_cache_destroy(struct object_cache *cache)
{
	if (cache->in_use)
		return -EBUSY;
	spin_lock(&object_lock);
	list_remove(&cache->base.link);
	spin_unlock(&object_lock);
	kfree(cache);
	return 0;
}

void object_cache_measure(const struct object_cache *cache, struct object_cache_stats *stats)
{
	stats->slot_size = cache->slot_size;
	stats->in_use = stats->capacity = cache->in_use;
	stats->pages = cache == &kmalloc_cache ? page_count + large_pages : 0;
}

void object_stats(struct object_stats *stats)
{
	struct object_cache_base *base;

	stats->pages = page_count + large_pages;
	stats->in_use = 0;
	stats->bytes = large_pages << PAGE_SHIFT;
	list_for_each_entry(base, &object_caches, link) {
		const struct object_cache *cache = (struct object_cache *)base;

		stats->in_use += cache->in_use;
		stats->bytes += cache->units * UNIT;
	}
}

void object_reclaim(void)
{
	spin_lock(&object_lock);
	object_release_empty();
	spin_unlock(&object_lock);
}

void object_init(void)
{
	cache_init(&kmalloc_cache, "kmalloc", 0, KMALLOC_ALIGN);
}

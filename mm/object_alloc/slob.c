/* SPDX-License-Identifier: MIT */
/*
 * Slob: lists of free blocks for objects of all sizes.
 *
 * Theory of operation. A page is divided into units of 8 bytes. Objects and free blocks are runs of
 * units. The free blocks of a page form a list in order of address, inside the blocks themselves:
 * the first unit of each holds its length and where the next one starts. Freeing walks that list to
 * the place between two neighbours and merges with those it touches; allocating takes the first
 * block that has room at the wanted alignment, and what is left before and behind stays free.
 *
 * Where is an object's size? Not in front of it, as in Kernighan and Ritchie: a header would push
 * every 64-byte object that is to be aligned to 64 into 128 bytes. Instead a page begins with a map
 * of one bit for each of its units, set for the last unit of every object; kfree looks for the
 * first bit at or after the object's first unit. So objects cost nothing but the rounding to 8
 * bytes, and a page 2 percent.
 *
 * Which page? Each knows the length of its longest block, and the pages are on lists by that length,
 * one list for each power of two. A request looks at the pages on the list of its own length, some
 * of which may have room, and then takes the first page of a longer one. So it passes no full pages,
 * and cuts up no long block while a shorter one is there. A page that changes lists goes to the
 * tail: those that had time to collect free blocks come first. With objects of mixed sizes coming
 * and going this holds a fifth fewer pages than the roving pointer of Kernighan and Ritchie.
 *
 * The object that was freed last waits, and the next request gets it if it asks for just this size:
 * so those that come and go in turn cost no search. Then it is made free as described.
 *
 * One empty page is kept for the next time of need; others go back to the page allocator. A request
 * with alignment can fail in a page with a block that is long enough; after some such pages it
 * looks only where the alignment cannot matter. What does not fit into a page behind its map is whole pages; these, and they
 * alone, start at the first byte of a page, so kfree tells them by their address.
 *
 * Method: Kernighan and Ritchie, "The C Programming Language", section 8.7, page by page as in
 * Linux's former SLOB; lists by power of two as in the first level of TLSF (Masmano et al., 2004).
 *
 * Cost: little memory. Allocation walks the pages of one list and the free blocks of one page,
 * freeing the free blocks of one page.
 *
 * What it does badly. Time depends on what others did: some hundred instructions as soon as memory
 * is fragmented. Objects of short and of long life share pages, so pages return late. An object of
 * half a page or more leaves a remainder that only smaller ones can use.
 */
#include <tessera/errno.h>
#include <tessera/fault_injection.h>
#include <tessera/lock.h>
#include <tessera/page.h>
#include <tessera/string.h>

#include "slob_page.h"
#include "variant.h"

struct object_cache {
	struct object_cache_base base;
	size_t slot_size;
	size_t align;
	size_t in_use;
	size_t bytes; /* of the objects in use, but for whole pages */
};

/* Everything that kmalloc gives. */
static struct object_cache kmalloc_cache;

/* All pages, by the number of bits in `longest`: list 0 has the full ones. Bit n of lists_used is set
 * when list n is not empty. Free space is everybody's, so all of this, and what is in the pages,
 * is under object_lock. */
#define LISTS (PAGE_SHIFT + 1)
static struct list_node lists[LISTS];
static unsigned lists_used;
static struct slob_page *spare; /* the one empty page that is kept, if any */
static void *waiting;		/* freed last and still marked as an object, */
static size_t waiting_size;	/* unless this is 0 */
static size_t page_count;

/* How many pages a search tries in vain before it leaves out all but the certain ones. */
#define TRIES 8

/* ---- Pages ---- */

/* The list for pages with this `longest`: its number of bits. */
static unsigned list_for(unsigned longest)
{
	return log2_floor(2 * longest + 1);
}

static void list_page(struct slob_page *page)
{
	unsigned list = list_for(page->longest);

	list_add_tail(&lists[list], &page->link);
	lists_used |= 1u << list;
}

static void unlist_page(struct slob_page *page, unsigned longest)
{
	unsigned list = list_for(longest);

	list_remove(&page->link);
	if (list_empty(&lists[list]))
		lists_used &= ~(1u << list);
}

static noinline void move_page(struct slob_page *page, unsigned before)
{
	unlist_page(page, before);
	list_page(page);
}

/* `longest` has changed from `before`: moves the page to the list where it belongs now. */
static __always_inline void sort_page(struct slob_page *page, unsigned before)
{
	unsigned now = page->longest;

	if ((before ^ now) > (before & now)) /* not as many bits */
		move_page(page, before);
}

static void page_release(struct slob_page *page)
{
	unlist_page(page, page->longest);
	page_free(virt_to_page(page), 1);
	page_count--;
}

/* Makes an object in a page where find_block found room. */
static __always_inline void *alloc_at(struct slob_page *page, uint16_t *link, unsigned size,
				      unsigned align)
{
	unsigned before = page->longest;
	void *object = take_bytes(page, link, size, align);

	if (page == spare)
		spare = NULL;
	sort_page(page, before);
	return object;
}

static noinline void *alloc_in_new_page(unsigned size, unsigned align)
{
	struct page *new = object_pages_alloc(1);
	struct slob_page *page;

	if (!new)
		return NULL;
	page = page_address(new);
	memset(page->ends, 0, sizeof(page->ends));
	page->first = SLOB_HEAD;
	page->longest = SLOB_FREE;
	*block_at(page, SLOB_HEAD) = (struct block){ .size = SLOB_FREE };
	list_page(page);
	page_count++;
	return alloc_at(page, &page->first, size, align);
}

static void *alloc_bytes(unsigned size, unsigned align)
{
	unsigned list = list_for(size), enough = size, tries = 0;

	for (unsigned used = lists_used >> list << list; used; used &= used - 1) {
		list_for_each(node, &lists[bit_first(used)]) {
			struct slob_page *page = list_entry(node, struct slob_page, link);
			uint16_t *link;

			if (page->longest < enough)
				continue;
			link = find_block(page, size, align);
			if (link)
				return alloc_at(page, link, size, align);
			if (++tries == TRIES)
				enough = size + align - UNIT;
		}
	}
	return alloc_in_new_page(size, align);
}

static void free_bytes(struct slob_page *page, unsigned start, unsigned size)
{
	unsigned before = page->longest;

	give_bytes(page, start, size);
	sort_page(page, before);
	if (page->longest < SLOB_FREE)
		return;
	if (spare)
		page_release(page);
	else
		spare = page;
}

/* Makes the waiting object free, if there is one. */
static void end_waiting(void)
{
	struct slob_page *page = slob_page_of(waiting);
	unsigned start = slob_offset_of(waiting);

	if (!waiting_size)
		return;
	flip_end(page, start + waiting_size);
	free_bytes(page, start, waiting_size);
	waiting_size = 0;
}

void object_release_empty(void)
{
	end_waiting();
	if (spare)
		page_release(spare);
	spare = NULL;
}

/* ---- Objects ---- */

/* Whole pages start where in other pages the map is. */
static bool is_large(const void *object)
{
	return slob_offset_of(object) == 0;
}

/* Whether an object has room in an empty page. */
static bool is_small(size_t size, size_t align)
{
	return size <= SLOB_FREE && ALIGN_UP(SLOB_HEAD, align) + size <= PAGE_SIZE;
}

/* The waiting object, if it is what is asked for, or a new one. */
static void *alloc_small(size_t size, size_t align)
{
	if (size != waiting_size || !IS_ALIGNED((uintptr_t)waiting, align))
		return alloc_bytes(size, align);
	waiting_size = 0;
	return waiting;
}

static void *alloc_object(struct object_cache *cache, size_t size, size_t align)
{
	size_t bytes = 0; /* large_pages counts the others */
	void *object;

	if (fault_injected())
		return NULL;
	spin_lock(&object_lock);
	if (is_small(size, align)) {
		bytes = ALIGN_UP(size, UNIT);
		object = alloc_small(bytes, align);
	} else {
		object = large_alloc(size);
	}
	if (object) {
		cache->in_use++;
		cache->bytes += bytes;
	}
	spin_unlock(&object_lock);
	return object;
}

static void free_object(struct object_cache *cache, void *object)
{
	unsigned start = slob_offset_of(object), end;

	spin_lock(&object_lock);
	cache->in_use--;
	if (is_large(object)) {
		large_free(virt_to_page(object));
	} else {
		end = object_end(slob_page_of(object), start);
		cache->bytes -= end - start;
		end_waiting();
		waiting = object;
		waiting_size = end - start;
	}
	spin_unlock(&object_lock);
}

void *kmalloc_any(size_t size)
{
	if (size == 0)
		return NULL;
	return alloc_object(&kmalloc_cache, size, is_power_of_two(size) ? size : UNIT);
}

void kfree(void *object)
{
	if (object)
		free_object(&kmalloc_cache, object);
}

size_t kmalloc_usable_size(const void *object)
{
	unsigned start = slob_offset_of(object);

	if (is_large(object))
		return large_size(virt_to_page(object));
	return object_end(slob_page_of(object), start) - start;
}

bool object_resize(void *object, size_t size)
{
	struct slob_page *page = slob_page_of(object);
	unsigned start = slob_offset_of(object), before;
	size_t old, new;
	bool done = true;

	if (is_large(object))
		return large_resize(virt_to_page(object), size);
	if (!is_small(size, UNIT))
		return false;
	spin_lock(&object_lock);
	old = object_end(page, start);
	new = start + ALIGN_UP(size, UNIT);
	if (new > old) {
		before = page->longest;
		done = take_bytes_at(page, old, new - old);
		sort_page(page, before);
	} else if (new < old) {
		flip_end(page, new);
		free_bytes(page, new, old - new);
	}
	if (done && new != old) {
		flip_end(page, old);
		kmalloc_cache.bytes += new - old;
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
	cache->bytes = 0;
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
		stats->bytes += cache->bytes;
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
	for (unsigned i = 0; i < LISTS; i++)
		list_init(&lists[i]);
	cache_init(&kmalloc_cache, "kmalloc", 0, KMALLOC_ALIGN);
}

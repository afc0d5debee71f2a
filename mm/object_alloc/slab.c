/* SPDX-License-Identifier: MIT */
/*
 * Slab: pages cut into objects of one size.
 *
 * Theory of operation. A cache gives objects of one size; kmalloc is an array of caches, two per
 * power of two, and whole pages above the largest. A slab is a run of pages (one, unless that wastes
 * too much) laid out as an array of slots from its first byte, so slots of a power of two are
 * aligned to themselves. All bookkeeping lies outside, in the page descriptors (struct page):
 * an object's page leads to its cache, and the cache to everything else.
 *
 * A slab is in one of three states:
 *
 *	active	 One per cache. Its free slots belong to the cache: `free` lists those that came
 *		 back, the last one first, and `fresh` .. `fresh_end` were never used and are on no
 *		 list, so a new slab costs nothing ahead of use. All allocation is from here. Its
 *		 slab_in_use stays at capacity: whatever is in the cache's hands counts as in use.
 *	full	 Every slot allocated; the active slab becomes full by having no free slot left. On
 *		 no list: its objects find it again.
 *	partial	 A full slab of which something was freed. On the cache's list, newest first; from
 *		 there it becomes active again, with all its free slots.
 *
 * A descriptor has no room for a list node on 32-bit machines. But nothing is allocated from a
 * partial slab while it is one, so the slot that was freed first stays free that long: it is the
 * slab's anchor and holds the node. slab_free lists the slots freed after it.
 *
 * A partial slab whose last object is freed goes back to the page allocator, unless it is the only
 * one on its list: a cache keeps at most its active slab and one empty one. When the page allocator
 * has no page, the empty slabs of all caches go back and it is asked once more.
 *
 * Method: after Bonwick, "The Slab Allocator" (USENIX Summer 1994), with the single active slab and
 * the bookkeeping in page descriptors of Linux's SLUB, and uCore's habit of doing without
 * constructors.
 *
 * Cost: O(1); alloc and free in the active slab are a handful of instructions without a search, a
 * count or a division. Two statistics cost more, O(partial slabs), because nothing is counted.
 *
 * What it does badly. Sizes are rounded up, by a third at worst between 16 and 1024 bytes, and by
 * half above. One long-lived object keeps its page; objects are never moved. A program that frees
 * in an order unlike that of its allocation leaves partial slabs, and the newest is used first, not
 * the fullest. Slabs of several pages need neighbouring pages.
 */
#include <tessera/errno.h>
#include <tessera/fault_injection.h>
#include <tessera/kernel.h>
#include <tessera/lock.h>
#include <tessera/page.h>
#include <tessera/string.h>

#include "variant.h"

/* A slab gets more pages as long as it wastes more than one byte in so many. */
#define SLAB_WASTE_LIMIT 6

/* A free slot: of the active slab, or of a partial one behind its anchor. */
struct free_slot {
	struct free_slot *next;
};

struct object_cache {
	struct object_cache_base base;
	struct free_slot *free;
	struct page *active; /* first page of the active slab; NULL: none */
	char *fresh, *fresh_end;
	struct list_node partial; /* of anchors */
	size_t slot_size;
	unsigned capacity;   /* slots in a slab */
	unsigned slab_pages; /* pages in a slab */
	size_t slabs;	     /* slabs held */
};

/* In slab_in_use: a further page of a slab; slab_anchor says how far behind the first. */
#define SLAB_FURTHER 0xffff
/* Anchors are counted in units of KMALLOC_ALIGN from the start of the slab. */
_Static_assert(CACHE_PAGES_MAX *PAGE_SIZE / KMALLOC_ALIGN <= UINT16_MAX, "anchor has 16 bits");
_Static_assert(CACHE_PAGES_MAX *PAGE_SIZE / sizeof(struct list_node) < SLAB_FURTHER,
	       "slab_in_use has 16 bits");

static const uint16_t class_size[] = { 16,  24,	 32,  48,  64,	96,   128,
				       192, 256, 384, 512, 768, 1024, KMALLOC_CLASS_MAX };
_Static_assert(ARRAY_SIZE(class_size) == KMALLOC_CLASSES, "one size per class");
_Static_assert(KMALLOC_CLASS_MAX <= PAGE_SIZE / 2, "larger objects are whole pages");

static struct object_cache classes[KMALLOC_CLASSES];
#define C(n) &classes[n]
struct object_cache *const kmalloc_caches[KMALLOC_CLASSES] = {
	C(0), C(1), C(2), C(3), C(4), C(5), C(6), C(7), C(8), C(9), C(10), C(11), C(12), C(13),
};
#undef C

/* Stands in the descriptor of a large object's first page. It has no active slab, so kfree needs no
 * test of its own for large objects. */
static struct object_cache large;
static size_t large_objects;

/* ---- Slabs ---- */

static struct page *slab_of(const void *object)
{
	struct page *page = virt_to_page(object);

	return page->slab_in_use == SLAB_FURTHER ? page - page->slab_anchor : page;
}

static void slab_release(struct object_cache *cache, struct page *slab)
{
	cache->slabs--;
	page_free(slab, cache->slab_pages);
}

/* The slots in the cache's own hands: those of the active slab that are free. */
static size_t active_free(const struct object_cache *cache)
{
	size_t count = (size_t)(cache->fresh_end - cache->fresh) / cache->slot_size;

	for (const struct free_slot *slot = cache->free; slot; slot = slot->next)
		count++;
	return count;
}

/* Gives back the slabs without objects: the active one, and at most one partial one. */
static void reclaim_cache(struct object_cache *cache)
{
	if (cache->active && active_free(cache) == cache->capacity) {
		slab_release(cache, cache->active);
		cache->active = NULL;
		cache->free = NULL;
		cache->fresh = cache->fresh_end = NULL;
	}
	list_for_each_safe(anchor, &cache->partial) {
		struct page *slab = slab_of(anchor);

		if (slab->slab_in_use)
			continue;
		list_remove(anchor);
		slab_release(cache, slab);
	}
}

void object_release_empty(void)
{
	struct object_cache_base *base;

	list_for_each_entry(base, &object_caches, link)
		reclaim_cache((struct object_cache *)base);
}

/* Makes a new slab the active one, with all slots fresh. */
static bool slab_create(struct object_cache *cache)
{
	struct page *slab = object_pages_alloc(cache->slab_pages);

	if (!slab)
		return false;
	for (unsigned i = 1; i < cache->slab_pages; i++) {
		slab[i].slab_cache = cache;
		slab[i].slab_in_use = SLAB_FURTHER;
		slab[i].slab_anchor = i;
	}
	slab->slab_cache = cache;
	slab->slab_in_use = cache->capacity;
	cache->slabs++;
	cache->active = slab;
	cache->fresh = page_address(slab);
	cache->fresh_end = cache->fresh + cache->capacity * cache->slot_size;
	return true;
}

/* ---- Objects ---- */

static void *take_fresh(struct object_cache *cache)
{
	char *object = cache->fresh;

	cache->fresh += cache->slot_size;
	return object;
}

/* Nothing on the free list: a fresh slot, else a partial slab, else a new slab. */
static noinline void *alloc_slow(struct object_cache *cache)
{
	struct list_node *anchor;
	struct page *slab;

	if (cache->fresh != cache->fresh_end)
		return take_fresh(cache);

	/* The active slab is full now; whatever comes next takes its place. */
	anchor = list_pop_head(&cache->partial);
	if (!anchor)
		return slab_create(cache) ? take_fresh(cache) : NULL;
	slab = slab_of(anchor);
	slab->slab_in_use = cache->capacity;
	cache->active = slab;
	cache->free = slab->slab_free;
	return anchor;
}

void *object_cache_alloc(struct object_cache *cache)
{
	struct free_slot *slot;

	if (fault_injected())
		return NULL;
	spin_lock(&object_lock);
	slot = cache->free;
	if (likely(slot))
		cache->free = slot->next;
	else
		slot = alloc_slow(cache);
	spin_unlock(&object_lock);
	return slot;
}

/* An object of a slab that is full or partial. */
static void free_into(struct object_cache *cache, struct page *slab, void *object)
{
	char *base = page_address(slab);
	struct free_slot *slot = object;
	struct list_node *anchor;

	if (slab->slab_in_use == cache->capacity) {
		slab->slab_anchor = ((char *)object - base) / KMALLOC_ALIGN;
		slab->slab_free = NULL;
		list_add_head(&cache->partial, object);
	} else {
		slot->next = slab->slab_free;
		slab->slab_free = slot;
	}
	if (--slab->slab_in_use)
		return;
	anchor = (struct list_node *)(base + slab->slab_anchor * KMALLOC_ALIGN);
	if (anchor->next == anchor->prev)
		return; /* alone on the list */
	list_remove(anchor);
	slab_release(cache, slab);
}

static inline void free_active(struct object_cache *cache, void *object)
{
	struct free_slot *slot = object;

	slot->next = cache->free;
	cache->free = slot;
}

/* Not of an active slab, or not of its first page. */
static noinline void free_slow(struct page *page, void *object)
{
	struct object_cache *cache = page->slab_cache;
	struct page *slab;

	if (cache == &large) {
		large_objects--;
		large_free(page);
		return;
	}
	slab = slab_of(object);
	if (slab == cache->active)
		free_active(cache, object);
	else
		free_into(cache, slab, object);
}

void kfree(void *object)
{
	struct page *page;

	if (!object)
		return;
	spin_lock(&object_lock);
	page = virt_to_page(object);
	if (likely(page == page->slab_cache->active))
		free_active(page->slab_cache, object);
	else
		free_slow(page, object);
	spin_unlock(&object_lock);
}

void object_cache_free(struct object_cache *cache, void *object)
{
	ASSERT(!object || virt_to_page(object)->slab_cache == cache);
	kfree(object);
}

void *kmalloc_any(size_t size)
{
	void *object;

	if (size - 1 < KMALLOC_CLASS_MAX)
		return object_cache_alloc(kmalloc_caches[kmalloc_class(size)]);
	if (size == 0 || fault_injected())
		return NULL;
	spin_lock(&object_lock);
	object = large_alloc(size);
	if (object) {
		virt_to_page(object)->slab_cache = &large;
		large_objects++;
	}
	spin_unlock(&object_lock);
	return object;
}

size_t kmalloc_usable_size(const void *object)
{
	const struct page *page = virt_to_page(object);

	return page->slab_cache == &large ? large_size(page) : page->slab_cache->slot_size;
}

bool object_resize(void *object, size_t size)
{
	struct page *page = virt_to_page(object);
	size_t usable;

	if (page->slab_cache == &large)
		return large_resize(page, size);
	usable = page->slab_cache->slot_size;
	return size <= usable && (size > usable / 2 || usable == class_size[0]);
}

/* ---- Caches ---- */

/* Lays out slots of slot_size bytes and puts the cache on the list. */
static void cache_init(struct object_cache *cache, const char *name, size_t size, size_t slot_size)
{
	unsigned pages = 1;
	size_t waste;

	while (pages < CACHE_PAGES_MAX) {
		waste = pages * PAGE_SIZE % slot_size;
		if (slot_size <= pages * PAGE_SIZE && waste * SLAB_WASTE_LIMIT <= pages * PAGE_SIZE)
			break;
		pages++;
	}
	cache->base.name = name;
	cache->base.object_size = size;
	cache->slot_size = slot_size;
	cache->slab_pages = pages;
	cache->capacity = pages * PAGE_SIZE / slot_size;
	list_init(&cache->partial);
	list_add_tail(&object_caches, &cache->base.link);
}

struct object_cache *object_cache_create(const char *name, size_t size, size_t align)
{
	struct object_cache *cache;

	if (size == 0 || size > CACHE_PAGES_MAX * PAGE_SIZE || (align & (align - 1)) ||
	    align > PAGE_SIZE)
		return NULL;
	align = MAX(align, (size_t)KMALLOC_ALIGN);
	cache = kmalloc_any(sizeof(*cache));
	if (!cache)
		return NULL;
	memset(cache, 0, sizeof(*cache));
	spin_lock(&object_lock);
	cache_init(cache, name, size, ALIGN_UP(MAX(size, sizeof(struct list_node)), align));
	spin_unlock(&object_lock);
	return cache;
}

int object_cache_destroy(struct object_cache *cache)
{
	bool busy;

	spin_lock(&object_lock);
	reclaim_cache(cache);
	busy = cache->slabs != 0;
	if (!busy)
		list_remove(&cache->base.link);
	spin_unlock(&object_lock);
	if (busy)
		return -EBUSY;
	kfree(cache);
	return 0;
}

void object_cache_measure(const struct object_cache *cache, struct object_cache_stats *stats)
{
	size_t free;

	spin_lock(&object_lock);
	free = active_free(cache);
	list_for_each(anchor, &cache->partial)
		free += cache->capacity - slab_of(anchor)->slab_in_use;
	stats->slot_size = cache->slot_size;
	stats->capacity = cache->slabs * cache->capacity;
	stats->in_use = stats->capacity - free;
	stats->pages = cache->slabs * cache->slab_pages;
	spin_unlock(&object_lock);
}

void object_stats(struct object_stats *stats)
{
	struct object_cache_base *base;
	struct object_cache_stats cache;

	stats->pages = large_pages;
	stats->in_use = large_objects;
	stats->bytes = large_pages << PAGE_SHIFT;
	list_for_each_entry(base, &object_caches, link) {
		object_cache_measure((struct object_cache *)base, &cache);
		stats->pages += cache.pages;
		stats->in_use += cache.in_use;
		stats->bytes += cache.in_use * cache.slot_size;
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
	for (unsigned i = 0; i < KMALLOC_CLASSES; i++)
		cache_init(&classes[i], "kmalloc", class_size[i], class_size[i]);
}

/* SPDX-License-Identifier: MIT */
/*
 * Kernel objects: what is the same for every variant. Clearing, resizing and the list of caches
 * need nothing but the contract, and whole pages are whole pages; so a variant holds only what makes
 * it different.
 */
#include <tessera/string.h>

#include "object_alloc.h"

struct spinlock object_lock = SPINLOCK_INIT(LOCK_OBJECT);
struct list_node object_caches = LIST_INIT(object_caches);
size_t large_pages;

/* ---- Pages ---- */

struct page *object_pages_alloc(size_t count)
{
	struct page *page = page_alloc(count, 1, 0);

	if (page)
		return page;
	object_release_empty();
	return page_alloc(count, 1, 0);
}

static size_t pages_for(size_t size)
{
	return (size >> PAGE_SHIFT) + !IS_ALIGNED(size, PAGE_SIZE);
}

void *large_alloc(size_t size)
{
	size_t count = pages_for(size);
	struct page *first = object_pages_alloc(count);

	if (!first)
		return NULL;
	large_pages += count;
	return page_address(first);
}

void large_free(struct page *first)
{
	size_t count = page_length(first);

	large_pages -= count;
	page_free(first, count);
}

size_t large_size(const struct page *first)
{
	return page_length(first) << PAGE_SHIFT;
}

/* The page allocators take back only what they gave, so a large object keeps its pages or moves. */
bool large_resize(const struct page *first, size_t size)
{
	return size <= large_size(first) && size > large_size(first) / 2;
}

/* ---- Objects ---- */

static void *clear(void *object, size_t size)
{
	return object ? memset(object, 0, size) : NULL;
}

void *kzalloc(size_t size)
{
	return clear(kmalloc_for(size, CALLER()), size);
}

void *kzalloc_array(size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes))
		return NULL;
	return clear(kmalloc_for(bytes, CALLER()), bytes);
}

/* What kmalloc promises of an object of this size. */
static bool is_aligned_for(const void *object, size_t size)
{
	return !is_power_of_two(size) ||
	       IS_ALIGNED((uintptr_t)object, MIN(size, (size_t)PAGE_SIZE));
}

void *krealloc(void *object, size_t size)
{
	void *moved;

	if (!object)
		return kmalloc_for(size, CALLER());
	if (size == 0) {
		kfree_for(object, CALLER());
		return NULL;
	}
	if (is_aligned_for(object, size) && object_resize(object, size))
		return object;
	moved = kmalloc_for(size, CALLER());
	if (!moved)
		return NULL;
	memcpy(moved, object, MIN(size, kmalloc_usable_size(object)));
	kfree_for(object, CALLER());
	return moved;
}

/* ---- Caches ---- */

void object_cache_each(void (*each)(const struct object_cache_stats *stats, void *arg), void *arg)
{
	struct object_cache_base *base;

	object_debug_flush();
	list_for_each_entry(base, &object_caches, link) {
		struct object_cache_stats stats = {
			.name = base->name,
			.object_size = base->object_size,
		};

		object_cache_measure((struct object_cache *)base, &stats);
		each(&stats, arg);
	}
}

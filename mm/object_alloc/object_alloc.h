/* SPDX-License-Identifier: MIT */
/*
 * What the files of this folder share. Callers elsewhere see <tessera/kmalloc.h> only.
 *
 *	object_alloc.c		what is the same for every variant
 *	slab.c, slob.c		the variants: they fulfil the contract
 *	debug.c			DEBUG_OBJECT_ALLOC: stands between the callers and the variant
 *
 * A variant includes variant.h after everything else.
 */
#ifndef OBJECT_ALLOC_H
#define OBJECT_ALLOC_H

#include <tessera/kmalloc.h>
#include <tessera/list.h>
#include <tessera/lock.h>
#include <tessera/page.h>

/* Protects all that lies behind the contract. The page allocator's lock nests inside. */
extern struct spinlock object_lock;

/* The largest object of a named cache, and the pages that it may need: DEBUG_OBJECT_ALLOC asks the
 * variant for a red zone more. */
#define CACHE_SIZE_MAX	(8 * PAGE_SIZE)
#define CACHE_PAGES_MAX (8 + IS_ENABLED(CONFIG_DEBUG_OBJECT_ALLOC))

/* The first member of every variant's struct object_cache. */
struct object_cache_base {
	const char *name;
	size_t object_size;    /* as asked for */
	struct list_node link; /* on object_caches */
};

/* All caches in order of creation. */
extern struct list_node object_caches;

/*
 * Pages for objects: when the page allocator has none, what the variant holds without need goes
 * back and it is asked once more. object_lock is held.
 */
struct page *object_pages_alloc(size_t count);

/*
 * Objects that are whole pages, large_pages of them in all. The page descriptor knows their length.
 * object_lock is held for alloc and free.
 */
extern size_t large_pages;
void *large_alloc(size_t size);
void large_free(struct page *first);
size_t large_size(const struct page *first);
bool large_resize(const struct page *first, size_t size); /* as object_resize */

/* ---- What a variant provides besides the contract. ---- */

/* Gives back every page without objects. object_lock is held. */
void object_release_empty(void);

/* Makes the object usable for `size` bytes (>= 1) where it lies, if that is possible and no waste. */
bool object_resize(void *object, size_t size);

/* Fills in all of *stats but name and object_size. */
void object_cache_measure(const struct object_cache *cache, struct object_cache_stats *stats);

/* ---- What debug.c adds: `caller` is the code address that messages name. ---- */

#ifdef CONFIG_DEBUG_OBJECT_ALLOC
void *kmalloc_for(size_t size, const void *caller);
void kfree_for(void *object, const void *caller);
/* Really frees what was freed a short while ago. */
void object_debug_flush(void);
#else
static inline void *kmalloc_for(size_t size, const void *caller)
{
	(void)caller;
	return kmalloc_any(size);
}

static inline void kfree_for(void *object, const void *caller)
{
	(void)caller;
	kfree(object);
}

static inline void object_debug_flush(void)
{
}
#endif

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Kernel objects: memory in bytes.
 *
 * Variation point: mm/object_alloc/{slab,slob}.c fulfil this contract on top of any page
 * allocator. Context: threads and start-up code, never interrupt handlers (as page.h).
 */
#ifndef TESSERA_KMALLOC_H
#define TESSERA_KMALLOC_H

#include <tessera/bitops.h>

/* Every object is aligned to at least this many bytes: enough for any scalar. */
#define KMALLOC_ALIGN 8

/*
 * Gives size bytes, content undefined, aligned to KMALLOC_ALIGN (a power-of-two size is aligned
 * to itself, up to a page), or NULL when memory is exhausted. Size 0 gives NULL. Sizes of about a
 * page and more are whole pages, physically contiguous. O(1) in the slab, O(pages with free
 * blocks + free blocks in one page) in the slob.
 */
static inline void *kmalloc(size_t size);

/* The same, cleared. kzalloc_array checks count * size for overflow (then NULL). */
void *kzalloc(size_t size);
void *kzalloc_array(size_t count, size_t size);

/*
 * Makes an object larger or smaller, keeping the content up to the smaller size; it may move.
 * krealloc(NULL, n) is kmalloc(n), krealloc(p, 0) is kfree(p) and gives NULL. NULL otherwise
 * means no memory: p is then untouched and still the caller's.
 */
void *krealloc(void *object, size_t size);

/*
 * Gives an object back; NULL is allowed. With DEBUG_OBJECT_ALLOC a double free, a pointer that
 * no allocation gave, a write past the end (red zone) and a write after free (poison) are found
 * and reported through panic with the object's address, its cache and its size.
 */
void kfree(void *object);

/* The number of bytes that may be used at `object`, which kmalloc gave (>= what was asked for). O(1)
 * in the slab, O(size / 256) in the slob. */
size_t kmalloc_usable_size(const void *object);

/*
 * A named cache of objects of one size: `size` bytes (1 up to 8 pages), aligned to `align` (a power
 * of two up to PAGE_SIZE; 0: KMALLOC_ALIGN). `name` is kept, not copied. NULL: no memory, or
 * a bad size or alignment.
 */
struct object_cache;
struct object_cache *object_cache_create(const char *name, size_t size, size_t align);

/* NULL when memory is exhausted. Content undefined. What a cache gave goes back to that cache, not
 * to kfree, and is not resized. Cost as kmalloc and kfree. */
void *object_cache_alloc(struct object_cache *cache);
void object_cache_free(struct object_cache *cache, void *object);

/* Destroys a cache and returns its pages. 0, or -EBUSY while objects of it are in use. */
int object_cache_destroy(struct object_cache *cache);

struct object_cache_stats {
	const char *name;
	size_t object_size; /* as asked for */
	size_t slot_size;   /* as laid out */
	size_t in_use;	    /* objects allocated now */
	size_t capacity;    /* objects that fit into the pages held now */
	size_t pages;	    /* pages held now */
};

/* Calls `each` for every cache, kmalloc's own included, in order of creation. `each` must not
 * allocate or free. (The slob keeps the objects of all caches in the same pages: there a cache holds
 * no pages of its own, and all of them count as kmalloc's.) */
void object_cache_each(void (*each)(const struct object_cache_stats *stats, void *arg), void *arg);

struct object_stats {
	size_t pages;  /* held from the page allocator, large objects included */
	size_t in_use; /* objects allocated now */
	size_t bytes;  /* what they occupy, rounding included */
};
void object_stats(struct object_stats *stats);

/* Gives back to the page allocator whatever pages are held without objects (for tests and for
 * a kernel short of memory). O(caches + empty slabs). */
void object_reclaim(void);

/* Makes kmalloc usable. Start-up, once, after page_init. */
void object_init(void);

/*
 * kmalloc of a constant size picks its size class while compiling where the variant has classes: the
 * slab rounds up to 16, 24, 32, 48, 64, ... 768, 1024, 2048. Any other size goes to kmalloc_any,
 * which callers do not use themselves.
 */
#define KMALLOC_CLASSES	  14
#define KMALLOC_CLASS_MAX 2048

extern struct object_cache *const kmalloc_caches[KMALLOC_CLASSES];

/* The class of a size from 1 to KMALLOC_CLASS_MAX. O(1). */
static __always_inline unsigned kmalloc_class(size_t size)
{
	unsigned bit;

	if (size <= 16)
		return 0;
	if (size > 1024)
		return KMALLOC_CLASSES - 1;
	/* 2^bit < size <= 2^(bit + 1): one class in the middle and one at the end. */
	bit = bit_last(size - 1);
	return 2 * bit + ((size - 1) >> (bit - 1) & 1) - 7;
}

void *kmalloc_any(size_t size);

static __always_inline void *kmalloc(size_t size)
{
	if (IS_ENABLED(CONFIG_OBJECT_ALLOC_SLAB) && !IS_ENABLED(CONFIG_DEBUG_OBJECT_ALLOC) &&
	    __builtin_constant_p(size) && size >= 1 && size <= KMALLOC_CLASS_MAX)
		return object_cache_alloc(kmalloc_caches[kmalloc_class(size)]);
	return kmalloc_any(size);
}

#endif

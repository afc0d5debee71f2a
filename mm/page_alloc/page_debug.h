/* SPDX-License-Identifier: MIT */
/*
 * DEBUG_PAGE_ALLOC (page_debug.c): checks every page_free, and knows for every page who had it.
 * Without the option nothing of it is there.
 */
#ifndef PAGE_DEBUG_H
#define PAGE_DEBUG_H

#include <tessera/page.h>

#ifdef CONFIG_DEBUG_PAGE_ALLOC

/* Start-up: clears the descriptors, and takes memory for the notes with boot_alloc; for the frames
 * from `first` to `end`. */
void page_debug_init(pfn_t first, pfn_t end);

/* `caller` has got these pages. */
void page_debug_alloc(struct page *first, size_t count, const void *caller);
/* `caller` wants to free these pages: panic if it may not. */
void page_debug_free(struct page *first, size_t count, const void *caller);

size_t page_debug_bytes(void);

#else

static inline void page_debug_init(pfn_t first, pfn_t end)
{
}

static inline void page_debug_alloc(struct page *first, size_t count, const void *caller)
{
}

static inline void page_debug_free(struct page *first, size_t count, const void *caller)
{
}

static inline size_t page_debug_bytes(void)
{
	return 0;
}

#endif
#endif

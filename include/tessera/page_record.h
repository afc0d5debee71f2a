/* SPDX-License-Identifier: MIT */
/*
 * PAGE_RECORD: keeps every request to the page allocator from start-up on, to be replayed as a
 * workload (tests/workloads/record). Without the option it costs nothing.
 */
#ifndef TESSERA_PAGE_RECORD_H
#define TESSERA_PAGE_RECORD_H

#include <tessera/types.h>

struct page;

#ifdef CONFIG_PAGE_RECORD

/* A request was served; pages were given back. Any context of page_alloc. O(1). */
void page_record_alloc(const struct page *first, size_t count, size_t align);
void page_record_free(const struct page *first, size_t count);

#else

static inline void page_record_alloc(const struct page *first, size_t count, size_t align)
{
}

static inline void page_record_free(const struct page *first, size_t count)
{
}

#endif
#endif

/* SPDX-License-Identifier: MIT */
/* The hot list (hot_list.c) as the common part sees it; PAGE_HOT_LIST = 0 leaves nothing of it. */
#ifndef HOT_LIST_H
#define HOT_LIST_H

#include <tessera/compiler.h>

#if CONFIG_PAGE_HOT_LIST > 0

/* Gives all pages in the list to the variant: how many there were. */
size_t page_hot_drain(void);
size_t page_hot_count(void);

#else

static inline size_t page_hot_drain(void)
{
	return 0;
}

static inline size_t page_hot_count(void)
{
	return 0;
}

#endif
#endif

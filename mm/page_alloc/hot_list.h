/* SPDX-License-Identifier: MIT */
/* The hot list (hot_list.c) as the common part sees it; without PAGE_HOT (no length) there is nothing of it. */
#ifndef HOT_LIST_H
#define HOT_LIST_H

#include <tessera/compiler.h>

#ifdef CONFIG_PAGE_HOT

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

/* SPDX-License-Identifier: MIT */
/*
 * The hot list: a stack of at most PAGE_HOT_LIST single pages in front of the variant.
 *
 * The variant takes these pages for allocated. Push and pop are a handful of instructions with
 * any variant, and the page that was freed last, whose content may still be in the cache, is
 * allocated first. It takes pages from the variant and gives pages to it one at a time, so neither
 * call ever does the work of many.
 *
 * What it does badly: a page in it cannot merge with its neighbours. So before a request fails,
 * and before anyone looks at all of memory, the list is emptied: nothing is ever hidden in it.
 *
 * One CPU: one list, under page_lock.
 */
#include <tessera/lock.h>
#include <tessera/page.h>

#include "hot_list.h"

static struct {
	struct page *top; /* linked through link.next */
	size_t count;
} hot;

static inline struct page *page_below(const struct page *page)
{
	return (struct page *)page->link.next;
}

struct page *page_alloc_hot(void)
{
	struct page *page;

	spin_lock(&page_lock);
	page = hot.top;
	if (likely(page)) {
		hot.top = page_below(page);
		hot.count--;
	}
	spin_unlock(&page_lock);
	return likely(page) ? page : page_take_one();
}

void page_free_hot(struct page *page)
{
	bool full;

	spin_lock(&page_lock);
	full = hot.count == CONFIG_PAGE_HOT_LIST;
	if (likely(!full)) {
		page->link.next = (struct list_node *)hot.top;
		hot.top = page;
		hot.count++;
	}
	spin_unlock(&page_lock);
	if (unlikely(full))
		page_give_one(page);
}

size_t page_hot_drain(void)
{
	struct page *page;
	size_t count;

	spin_lock(&page_lock);
	page = hot.top;
	count = hot.count;
	hot.top = NULL;
	hot.count = 0;
	spin_unlock(&page_lock);
	while (page) {
		struct page *below = page_below(page);

		page_give_one(page);
		page = below;
	}
	return count;
}

size_t page_hot_count(void)
{
	return hot.count;
}

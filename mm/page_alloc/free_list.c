/* SPDX-License-Identifier: MIT */
/*
 * Free list: a stack of single pages.
 *
 * Theory of operation. Freed pages go on a stack and come from there again, the last one first.
 * Pages that belong together are kept together as long as that costs nothing: a range of memory
 * that nobody has used yet, and the pages of one page_free, stay a run (its head marked PAGE_MARK)
 * on a list of runs. Single pages are cut from the runs when the stack is empty; several pages are
 * taken from the first run on the list in which they fit. Only when no run can serve them, all of
 * memory is searched for free blocks that lie side by side, and what is found is picked off the
 * stack.
 *
 * Nothing is merged, with one exception that costs one look: pages freed just below a run join it.
 *
 * Method: the single list is JOS's; runs spare start-up the work of building it, and most searches.
 *
 * Cost. One page: O(1), and nothing is cheaper. Several pages: O(runs on the list), when that fails
 * O(blocks of memory + pages on the stack). Free: O(1).
 *
 * What it does badly. The longer it runs, the more memory is on the stack in any order, and the
 * more requests for several pages take the long search. Pages for PAGE_BELOW are not spared.
 */
#include <tessera/lock.h>
#include <tessera/page.h>

static struct {
	struct page *stack; /* linked through link.next */
	size_t free;
	struct list_node runs; /* newest first */
} pool;

const unsigned page_pool_order = 0;

void page_pool_init(void)
{
	pool.stack = NULL;
	pool.free = 0;
	list_init(&pool.runs);
}

size_t page_pool_free(void)
{
	return pool.free;
}

static inline struct page *page_below(const struct page *page)
{
	return (struct page *)page->link.next;
}

static inline void push(struct page *page)
{
	page->link.next = (struct list_node *)pool.stack;
	page->state = PAGE_FREE | PAGE_LENGTH(1);
	pool.stack = page;
}

static inline bool is_run(const struct page *head)
{
	return head->state & PAGE_MARK;
}

static inline void write_run(struct page *head, size_t count)
{
	head->state = PAGE_FREE | PAGE_MARK | PAGE_LENGTH(count);
}

/* Takes `count` pages out of a run from `first` on; what is left on either side stays a run. */
static inline void cut(struct page *run, struct page *first, size_t count)
{
	size_t before = first - run, after = page_length(run) - before - count;
	struct page *rest = first + count;

	if (after)
		write_run(rest, after);
	if (before) {
		write_run(run, before);
		if (after)
			list_add_head(&run->link, &rest->link);
	} else if (after) {
		list_replace(&run->link, &rest->link);
	} else {
		list_remove(&run->link);
	}
}

static struct page *allocated(struct page *first, size_t count)
{
	first->state = PAGE_LENGTH(count);
	pool.free -= count;
	return first;
}

/* The stack is empty. */
static noinline struct page *take_one_from_run(void)
{
	struct page *run;

	if (list_empty(&pool.runs))
		return NULL;
	run = list_first_entry(&pool.runs, struct page, link);
	cut(run, run, 1);
	return allocated(run, 1);
}

struct page *page_take_one(void)
{
	struct page *page;

	spin_lock(&page_lock);
	page = pool.stack;
	if (likely(page)) {
		pool.stack = page_below(page);
		allocated(page, 1);
	} else {
		page = take_one_from_run();
	}
	spin_unlock(&page_lock);
	return page;
}

static struct page *take_from_run(size_t count, size_t align, pfn_t end)
{
	struct page *const limit = page_limit(end);

	list_for_each(node, &pool.runs) {
		struct page *run = list_entry(node, struct page, link);
		struct page *first = page_fit(run, MIN(page_next(run), limit), count, align);

		if (first) {
			cut(run, first, count);
			return allocated(first, count);
		}
	}
	return NULL;
}

/* Takes free pages that lie in several blocks, the first of them in `block`. */
static void pick(struct page *block, struct page *first, size_t count)
{
	struct page *end = first + count, *page = block, **link = &pool.stack;
	size_t on_stack = 0;

	while (page < end) {
		struct page *next = page_next(page), *from = MAX(page, first);

		if (is_run(page))
			cut(page, from, MIN(next, end) - from);
		else
			on_stack++;
		page = next;
	}
	while (on_stack) {
		page = *link;
		if (page >= first && page < end) {
			*link = page_below(page);
			on_stack--;
		} else {
			link = (struct page **)&page->link.next;
		}
	}
}

static noinline struct page *search(size_t count, size_t align, pfn_t end)
{
	struct page *block, *first = page_find_free(count, align, end, &block);

	if (!first)
		return NULL;
	pick(block, first, count);
	return allocated(first, count);
}

struct page *page_take(size_t count, size_t align, pfn_t end)
{
	struct page *page;

	spin_lock(&page_lock);
	page = take_from_run(count, align, end);
	if (unlikely(!page))
		page = search(count, align, end);
	spin_unlock(&page_lock);
	return page;
}

void page_give_one(struct page *page)
{
	spin_lock(&page_lock);
	push(page);
	pool.free++;
	spin_unlock(&page_lock);
}

void page_give(struct page *first, size_t count)
{
	struct page *above = first + count;

	spin_lock(&page_lock);
	pool.free += count;
	if (is_run(above)) {
		list_remove(&above->link);
		count += page_length(above);
	}
	write_run(first, count);
	list_add_head(&pool.runs, &first->link);
	spin_unlock(&page_lock);
}

void page_pool_add(pfn_t first, size_t count)
{
	page_give(pfn_to_page(first), count);
}

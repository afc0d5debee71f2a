/* SPDX-License-Identifier: MIT */
/*
 * First fit: free runs in order of address; the highest run that is long enough serves a request.
 *
 * Theory of operation. Every free run is as long as it can be: runs that touch are one. All are on
 * one list, descending. The first descriptor of a run (its head) holds the length, and so does the
 * last one (its tail, marked PAGE_MARK; a run of one page has just a head). So page_free sees in
 * the descriptors beside the freed pages whether a run ends or begins there, and where it has its
 * head, without a search. Only the first and the last descriptor of a run or an allocation are
 * ever written or read.
 *
 * Pages are taken from the upper end of the run: the head stays where it is, so no link of the list
 * changes unless the run is used up. That the search begins at the upper end of memory as well is what
 * makes it first fit: holes among what is in use are filled before memory that nobody has used yet.
 * (From the other end it would eat up the one long run below them, and strand 63 pages of every 64.)
 *
 * Method: Knuth, The Art of Computer Programming 1, section 2.5, algorithms A (allocation from the
 * end of the first block that fits) and C (liberation with boundary tags); the order by address
 * from HOS. M pages in use, none of the requests longer than n, never take more than M * H(n) / ln 2
 * pages of memory, H(n) being 1 + 1/2 + ... + 1/n: Robson, "Worst case fragmentation of first fit and
 * best fit storage allocation strategies" (Computer Journal 20/3, 1977).
 *
 * Cost. Allocation: O(1) for one page; for more, a step for each run above that is too short. Free:
 * O(1) when a neighbour is free. Otherwise the run's place in the list is to be found: two searches
 * take turns, one along the list from above, one through memory from block to block upwards, and
 * the first to arrive ends it: O(min(free runs above, blocks up to the next free run)).
 *
 * What it does badly. Short remainders gather at high addresses, and every request for several pages
 * walks past them; one with PAGE_BELOW walks past all runs above its limit.
 */
#include <tessera/lock.h>
#include <tessera/page.h>

static struct {
	struct list_node runs; /* heads, by descending address */
	size_t free;
} pool;

const unsigned page_pool_order = 0;

void page_pool_init(void)
{
	list_init(&pool.runs);
	pool.free = 0;
}

size_t page_pool_free(void)
{
	return pool.free;
}

static inline struct page *run_of(struct list_node *node)
{
	return list_entry(node, struct page, link);
}

/*
 * In what follows lengths are in bytes of descriptors (PAGE_LENGTH): page_behind() adds one to a
 * page without a multiplication.
 */

/* The head last: in a run of one page it is what counts. */
static inline void write_run(struct page *head, size_t length)
{
	page_behind(head, length)[-1].state = PAGE_FREE + PAGE_MARK + length;
	head->state = PAGE_FREE + length;
}

/* Takes pages out of a run, where `before` stays free below them and `after` above. */
static __always_inline struct page *cut(struct page *run, size_t before, size_t length,
					size_t after)
{
	struct page *first = page_behind(run, before), *rest = page_behind(first, length);

	if (after) {
		write_run(rest, after);
		list_add_before(&run->link, &rest->link);
	}
	if (before)
		write_run(run, before);
	else
		list_remove(&run->link);
	rest[-1].state = 0; /* no free run ends here */
	first->state = length;
	return first;
}

struct page *page_take_one(void)
{
	struct list_node *highest;
	struct page *run, *page = NULL;

	spin_lock(&page_lock);
	highest = pool.runs.next;
	if (likely(highest != &pool.runs)) {
		run = run_of(highest);
		page = cut(run, run->state - PAGE_FREE - PAGE_LENGTH(1), PAGE_LENGTH(1), 0);
		pool.free--;
	}
	spin_unlock(&page_lock);
	return page;
}

/* The highest place in a run for pages that are aligned or limited, or NULL. */
static noinline struct page *find_place(struct page *run, size_t count, size_t align, pfn_t end)
{
	struct page *stop = MIN(page_next(run), page_limit(end)), *place;

	if (stop < run + count)
		return NULL;
	place = pfn_to_page(ALIGN_DOWN(page_to_pfn(stop - count), align));
	return place < run ? NULL : place;
}

struct page *page_take(size_t count, size_t align, pfn_t end)
{
	bool anywhere = align == 1 && end == PFN_ANY;
	struct page *page = NULL;

	spin_lock(&page_lock);
	list_for_each(node, &pool.runs) {
		struct page *run = run_of(node), *place;
		size_t pages = page_length(run), before;

		if (pages < count)
			continue;
		before = pages - count;
		if (!anywhere) {
			place = find_place(run, count, align, end);
			if (!place)
				continue;
			before = place - run;
		}
		page = cut(run, PAGE_LENGTH(before), PAGE_LENGTH(count),
			   PAGE_LENGTH(pages - before - count));
		pool.free -= count;
		break;
	}
	spin_unlock(&page_lock);
	return page;
}

/* The list node after which pages that have no free neighbour belong. `above` is the block behind them. */
static struct list_node *find_above(const struct page *first, struct page *above)
{
	struct list_node *node = &pool.runs;

	/* At an end of the list. Higher than all: a walk through memory would not end at a run. */
	if (list_empty(&pool.runs) || run_of(pool.runs.next) < first)
		return &pool.runs;
	if (run_of(pool.runs.prev) > first)
		return pool.runs.prev;
	for (;;) {
		node = node->next;
		if (run_of(node->next) < first)
			return node;
		above = page_next(above);
		if (above->state & PAGE_FREE)
			return &above->link;
	}
}

/* The length of the free run whose head or tail this is; 0: it is none. */
static inline size_t free_length(const struct page *page)
{
	return page->state & PAGE_FREE ? page->state & ~PAGE_BITS : 0;
}

static __always_inline void give(struct page *first, size_t count)
{
	struct page *above = first + count;
	size_t free_above, free_below;

	spin_lock(&page_lock);
	free_above = free_length(above);
	free_below = free_length(first - 1);
	pool.free += count;
	if (free_below) {
		if (free_above)
			list_remove(&above->link);
	} else if (free_above) { /* the new head takes the old one's place */
		list_replace(&above->link, &first->link);
	} else {
		list_add_head(find_above(first, above), &first->link);
	}
	write_run(page_behind(first, -free_below), free_below + PAGE_LENGTH(count) + free_above);
	spin_unlock(&page_lock);
}

void page_give_one(struct page *page)
{
	give(page, 1);
}

void page_give(struct page *first, size_t count)
{
	give(first, count);
}

void page_pool_add(pfn_t first, size_t count)
{
	give(pfn_to_page(first), count);
}

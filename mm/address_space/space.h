/* SPDX-License-Identifier: MIT */
/*
 * What the files of this folder share. Callers elsewhere see <tessera/address_space.h> only.
 *
 *	space.c		spaces: making, copying for fork, freeing, the totals
 *	area.c		the list of areas: search, insert, cut, join
 *	map.c		mmap and munmap
 *	change.c	mprotect, madvise, brk
 *	fault.c		what a page fault means, and the page for it
 *	source.c	files and shared memory behind areas
 *	page_table.c	the walk: slots, ranges, tables
 *
 * All of it happens under space_lock.
 */
#ifndef SPACE_H
#define SPACE_H

#include <tessera/address_space.h>
#include <tessera/lock.h>
#include <tessera/page.h>

/* Protects all spaces, sources, and the counts of user pages. */
extern struct spinlock space_lock;

static inline size_t bytes_to_pages(size_t bytes)
{
	return bytes >> PAGE_SHIFT;
}

/* Whoever may write or execute may read: most processors know no other way. */
static inline unsigned access_as_cpu(unsigned flags)
{
	return flags & (AREA_WRITE | AREA_EXECUTE) ? flags | AREA_READ : flags;
}

/* Any page for a program, count 1, content undefined. NULL: none even without the stock of tables. */
struct page *user_page_alloc_last(void);

static __always_inline struct page *user_page_alloc(void)
{
	struct page *page = page_alloc(1, 1, 0);

	if (unlikely(!page) && !(page = user_page_alloc_last()))
		return NULL;
	page->refcount = 1;
	return page;
}

/* ---- area.c ---- */

/* The lowest area that ends above the address, or NULL. */
struct area *area_above(const struct address_space *space, uintptr_t address);

static inline struct area *area_next(const struct address_space *space, const struct area *area)
{
	return area->link.next == &space->areas ? NULL
						: list_entry(area->link.next, struct area, link);
}

static inline struct area *area_previous(const struct address_space *space, const struct area *area)
{
	return area->link.prev == &space->areas ? NULL
						: list_entry(area->link.prev, struct area, link);
}

/* An area to be filled in, counted. NULL: no memory, or USER_AREAS_MAX. */
struct area *area_alloc(struct address_space *space);
/* One that is on no list and has no source. */
void area_free(struct address_space *space, struct area *area);
/* One that is on the list. */
void area_remove(struct address_space *space, struct area *area);

/* Makes `area` the part below `at`, and `upper` (from area_alloc) the rest. */
void area_cut(struct area *area, uintptr_t at, struct area *upper);

/* Whether the upper one could go on where the lower one ends. */
static inline bool area_joins(const struct area *lower, const struct area *upper)
{
	return lower->end == upper->start && !((lower->flags ^ upper->flags) & ~AREA_TOUCHED) &&
	       lower->source == upper->source &&
	       (!lower->source ||
		(lower->source_end == upper->source_end &&
		 lower->source_offset + (lower->end - lower->start) == upper->source_offset));
}

/* Makes one of the two if that can be, and gives it; or else the upper one. */
struct area *area_join(struct address_space *space, struct area *lower, struct area *upper);

/* Bytes below a stack that others must leave free (USER_STACK_GAP). */
extern const uintptr_t stack_gap;

/* The lowest address that others must leave to this area. */
static inline uintptr_t area_low(const struct area *area)
{
	if (likely(!(area->flags & AREA_GROWS)))
		return area->start;
	return area->start > stack_gap ? area->start - stack_gap : 0;
}

/* Whether the range is free, with the gap below a stack that follows. */
bool area_range_free(const struct address_space *space, uintptr_t start, uintptr_t end,
		     struct list_node **behind);

/* ---- map.c ---- */

/* Whether it is a range of user addresses. *length becomes whole pages. */
bool range_is_user(uintptr_t address, size_t *length);

/* Removes what areas and pages there are in the range. 0 or -ENOMEM. */
int range_remove(struct address_space *space, uintptr_t start, uintptr_t end);

/* Makes an area like `wanted` where nothing is, before the list node `behind`. 0 or -ENOMEM. */
int map_free(struct address_space *space, const struct area *wanted, struct list_node *behind);

/* Removes every area of a space that nobody uses any more, with its pages and tables. */
void areas_remove_all(struct address_space *space);

/* ---- source.c ---- */

/* Under space_lock, as are those below. */
void source_drop(struct area_source *source);

/* The page that the source has at this offset, counted once more; made when it is not there yet.
 * NULL: no memory. */
struct page *source_page(struct area_source *source, size_t offset);

/* Fills a page with what lies from `offset` to `end` in the source, and zeros. */
void source_fill(const struct area_source *source, size_t offset, size_t end, struct page *page);

extern size_t source_count, source_page_count;

/* ---- page_table.c ---- */

static inline unsigned entry_index(uintptr_t address, int level)
{
	return address >> (PAGE_SHIFT + level * USER_LEVEL_BITS) & ((1u << USER_LEVEL_BITS) - 1);
}

/*
 * The slot for the page at the address, or NULL: there is no table for it. Where the way is long, the
 * last table is remembered: programs touch pages side by side.
 */
static __always_inline user_entry *slot_find(struct address_space *space, uintptr_t address)
{
	const bool remember = USER_LEVELS > 2;
	const uintptr_t part = address >> (PAGE_SHIFT + USER_LEVEL_BITS);
	user_entry *table = space->table.root;

	if (remember && likely(space->leaf && space->leaf_part == part))
		return space->leaf + entry_index(address, 0);
#pragma GCC unroll 4
	for (int level = USER_LEVELS - 1; level > 0; level--) {
		user_entry entry = table[entry_index(address, level)];

		if (unlikely(!entry_is_present(entry)))
			return NULL;
		table = entry_table(entry);
	}
	if (remember) {
		space->leaf = table;
		space->leaf_part = part;
	}
	return table + entry_index(address, 0);
}

/* The same, with tables made as needed. NULL: no memory. */
user_entry *slot_make(struct address_space *space, uintptr_t address);

/* What the CPU may do now with a page of an area. */
static inline unsigned page_access(const struct area *area, const struct page *page)
{
	unsigned access = area->flags & AREA_ACCESS;

	return area->flags & AREA_SHARED || page->refcount == 1 ? access : access & ~AREA_WRITE;
}

/*
 * Unmapping. Pages and tables are freed first and forgotten by the CPU at the end: on one CPU no
 * program runs in between.
 */
struct removal {
	struct address_space *space;
	unsigned single; /* so many entries the CPU forgets one by one as they go, */
	bool many;	 /* and then all of them, as when tables have gone */
};

#define REMOVAL_SINGLE 8

/* Unmaps the pages in [start, end). [floor, ceiling), around it, holds no area any more: tables that
 * lie therein go. floor > ceiling: none goes. Gives whether tables are left, for what lies beside. */
bool pages_remove(struct removal *removal, uintptr_t start, uintptr_t end, uintptr_t floor,
		  uintptr_t ceiling);

static inline void removal_finish(const struct removal *removal)
{
	if (removal->many)
		tlb_space_changed(&removal->space->table);
}

/* Gives every page of the area in [start, end) what the area allows now. */
void pages_protect(struct address_space *space, const struct area *area, uintptr_t start,
		   uintptr_t end);

/* Maps what `space` has in the area in `child` as well; private pages become read-only in both, and
 * *changed says whether that changed `space`. 0 or -ENOMEM. */
int pages_copy(struct address_space *space, struct address_space *child, const struct area *area,
	       bool *changed);

/* Pages in the stock of tables. */
extern size_t table_cache_count;

#endif

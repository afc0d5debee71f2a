// SPDX-License-Identifier: MIT
/*
 * mmap and munmap, for any range over any areas.
 *
 * Each function first makes sure that nothing can fail any more (the areas that it will need are
 * allocated, a free range is found), and only then changes something; so there is nothing to undo.
 * Removing a range cuts off the areas at its ends and needs a new area only when it lies within one.
 * Pages are given on first touch only, so what nobody touched costs no page table either.
 *
 * mmap takes the highest range that is free and long enough: it looks at the areas from the top
 * down, so it costs some six instructions for each area above the range.
 */
#include <tessera/errno.h>
#include <tessera/kmalloc.h>

#include "space.h"

/* ---- Removing ---- */

/* Whether the range lies within one area, which falls in two without it. */
static inline bool range_splits(const struct area *first, uintptr_t start, uintptr_t end)
{
	return first->start < start && end < first->end;
}

/* Unmaps the part [start, end) of an area that is about to go. */
static void area_clear(struct address_space *space, struct removal *removal,
		       const struct area *area, uintptr_t start, uintptr_t end)
{
	struct area *below = area_previous(space, area), *above = area_next(space, area);
	uintptr_t floor = start > area->start ? start : below ? below->end : 0;
	uintptr_t ceiling = end < area->end ? end : above ? above->start : UINTPTR_MAX;

	if (!pages_remove(removal, start, end, floor, ceiling))
		return;
	/* The tables that are left are there for these. */
	if (below)
		below->flags |= AREA_TOUCHED;
	if (above)
		above->flags |= AREA_TOUCHED;
}

/* Removes a whole area. */
static inline void area_unmap(struct address_space *space, struct removal *removal,
			      struct area *area)
{
	if (area->flags & AREA_TOUCHED)
		area_clear(space, removal, area, area->start, area->end);
	space->mapped -= bytes_to_pages(area->end - area->start);
	area_remove(space, area);
}

/* Cuts a part that is in the range off an area, whose other part stays. */
static void area_shorten(struct address_space *space, struct removal *removal, struct area *area,
			 uintptr_t start, uintptr_t end)
{
	if (area->flags & AREA_TOUCHED)
		area_clear(space, removal, area, MAX(area->start, start), MIN(area->end, end));
	if (area->start < start) {
		space->mapped -= bytes_to_pages(area->end - start);
		area->end = start;
	} else {
		space->mapped -= bytes_to_pages(end - area->start);
		area->source_offset += end - area->start;
		area->start = end;
	}
}

/* Removes what lies in the range; `first` is the lowest area that ends above its start. `rest`: an
 * area from area_alloc if range_splits. */
static void range_clear(struct address_space *space, struct removal *removal, struct area *first,
			uintptr_t start, uintptr_t end, struct area *rest)
{
	struct area *area = first, *next;

	if (rest)
		area_cut(first, end, rest);
	for (; area && area->start < end; area = next) {
		next = area_next(space, area);
		if (area->start >= start && area->end <= end)
			area_unmap(space, removal, area);
		else
			area_shorten(space, removal, area, start, end);
	}
}

int range_remove(struct address_space *space, uintptr_t start, uintptr_t end)
{
	struct removal removal = { .space = space, .single = REMOVAL_SINGLE };
	struct area *first = area_above(space, start), *rest = NULL;

	if (!first || first->start >= end)
		return 0;
	if (likely(first->start == start && first->end == end)) {
		area_unmap(space, &removal, first); /* what was mapped at once */
		removal_finish(&removal);
		return 0;
	}
	if (range_splits(first, start, end) && !(rest = area_alloc(space)))
		return -ENOMEM;
	range_clear(space, &removal, first, start, end, rest);
	removal_finish(&removal);
	return 0;
}

void areas_remove_all(struct address_space *space)
{
	struct removal removal = { .space = space };
	struct area *first = area_above(space, 0);

	if (first)
		range_clear(space, &removal, first, USER_START, USER_END, NULL);
}

bool range_is_user(uintptr_t address, size_t *length)
{
	size_t pages = ALIGN_UP(*length, PAGE_SIZE);

	if (pages < *length)
		return false;
	*length = pages;
	return address >= USER_START && pages <= USER_END - USER_START &&
	       address <= USER_END - pages;
}

int space_unmap(struct address_space *space, uintptr_t address, size_t length)
{
	int result;

	if (!IS_ALIGNED(address, PAGE_SIZE) || length == 0)
		return -EINVAL;
	if (!range_is_user(address, &length))
		return -EINVAL;
	spin_lock(&space_lock);
	result = range_remove(space, address, address + length);
	spin_unlock(&space_lock);
	return result;
}

/* ---- Mapping ---- */

/* Pages of areas in the range; `area` is the lowest one that ends above its start. */
static size_t pages_mapped(const struct address_space *space, const struct area *area,
			   uintptr_t start, uintptr_t end)
{
	size_t pages = 0;

	for (; area && area->start < end; area = area_next(space, area))
		pages += bytes_to_pages(MIN(area->end, end) - MAX(area->start, start));
	return pages;
}

static inline bool limit_allows(const struct address_space *space, size_t more, size_t fewer)
{
	return space->mapped - fewer + more <= space->mapped_max;
}

/* Makes the neighbours of what is wanted longer, if they mean the same: whether that did it. */
static inline bool area_extend(struct address_space *space, const struct area *wanted,
			       struct list_node *behind)
{
	struct area *lower = list_entry(behind->prev, struct area, link);
	struct area *upper = list_entry(behind, struct area, link);

	if (&lower->link != &space->areas && area_joins(lower, wanted)) {
		lower->end = wanted->end;
		if (&upper->link != &space->areas)
			area_join(space, lower, upper);
		return true;
	}
	if (&upper->link != &space->areas && area_joins(wanted, upper)) {
		upper->start = wanted->start;
		upper->source_offset = wanted->source_offset;
		return true;
	}
	return false;
}

/* Makes `fresh` what is wanted. It is likely to be touched next. */
static inline void area_insert(struct address_space *space, struct area *fresh,
			       const struct area *wanted, struct list_node *behind)
{
	space->last = fresh;
	fresh->start = wanted->start;
	fresh->end = wanted->end;
	fresh->flags = wanted->flags;
	fresh->source = wanted->source;
	fresh->source_offset = wanted->source_offset;
	fresh->source_end = wanted->source_end;
	if (fresh->source)
		fresh->source->users++;
	list_add_before(behind, &fresh->link);
}

/* Maps where nothing is. */
static __always_inline int place(struct address_space *space, const struct area *wanted,
				 struct list_node *behind)
{
	size_t pages = bytes_to_pages(wanted->end - wanted->start);

	if (!limit_allows(space, pages, 0))
		return -ENOMEM;
	if (!area_extend(space, wanted, behind)) {
		struct area *fresh = area_alloc(space);

		if (!fresh)
			return -ENOMEM;
		area_insert(space, fresh, wanted, behind);
	}
	space->mapped += pages;
	return 0;
}

int map_free(struct address_space *space, const struct area *wanted, struct list_node *behind)
{
	return place(space, wanted, behind);
}

/* Maps in place of what is there. `first`: the lowest area that ends above the start. */
static int map_over(struct address_space *space, const struct area *wanted, struct area *first)
{
	uintptr_t start = wanted->start, end = wanted->end;
	struct removal removal = { .space = space, .single = REMOVAL_SINGLE };
	struct area *fresh = NULL, *rest = NULL, *above;
	size_t pages = bytes_to_pages(end - start);
	struct list_node *behind;

	if (!limit_allows(space, pages, pages_mapped(space, first, start, end)) ||
	    !(fresh = area_alloc(space)))
		return -ENOMEM;
	if (range_splits(first, start, end) && !(rest = area_alloc(space))) {
		area_free(space, fresh);
		return -ENOMEM;
	}
	range_clear(space, &removal, first, start, end, rest);
	removal_finish(&removal);
	above = area_above(space, start);
	behind = above ? &above->link : &space->areas;
	if (area_extend(space, wanted, behind))
		area_free(space, fresh);
	else
		area_insert(space, fresh, wanted, behind);
	space->mapped += pages;
	return 0;
}

/* The highest free range of `length` bytes below `top`, and the list node behind it. 0: there is none. */
static __always_inline uintptr_t range_below(const struct address_space *space, uintptr_t top,
					     size_t length, struct list_node **behind)
{
	struct list_node *node;

	for (node = space->areas.prev; node != &space->areas; node = node->prev) {
		const struct area *area = list_entry(node, struct area, link);
		uintptr_t low = area_low(area);

		if (area->end <= top && top - area->end >= length)
			break;
		if (low < top)
			top = low;
	}
	*behind = node->next;
	if (node == &space->areas && (top < USER_START || top - USER_START < length))
		return 0;
	return top - length;
}

/* Below mmap_top; where a stack would grow if it must be. */
static __always_inline uintptr_t range_search(const struct address_space *space, size_t length,
					      struct list_node **behind)
{
	uintptr_t top = space->mmap_top;

	for (;;) {
		uintptr_t start = range_below(space, top, length, behind);

		if (likely(start) || top == USER_END)
			return start;
		top = USER_END;
	}
}

static int map_fixed(struct address_space *space, const struct area *wanted, unsigned how)
{
	struct area *above = area_above(space, wanted->start);

	if (!above || above->start >= wanted->end)
		return map_free(space, wanted, above ? &above->link : &space->areas);
	return how & SPACE_NOREPLACE ? -EEXIST : map_over(space, wanted, above);
}

/* Maps where there is room: at the address asked for, or as high as possible. */
static int map_anywhere(struct address_space *space, struct area *wanted, uintptr_t hint,
			size_t length)
{
	struct list_node *behind;

	hint = ALIGN_DOWN(hint, PAGE_SIZE);
	if (likely(!hint) || !range_is_user(hint, &length) ||
	    !area_range_free(space, hint, hint + length, &behind)) {
		hint = range_search(space, length, &behind);
		if (unlikely(!hint))
			return -ENOMEM;
	}
	wanted->start = hint;
	wanted->end = hint + length;
	return place(space, wanted, behind);
}

/* What an area shows. */
struct backing {
	struct area_source *source;
	size_t offset, end;
};

static long map_backed(struct address_space *space, uintptr_t address, size_t length,
		       unsigned flags, unsigned how, const struct backing *backing)
{
	const bool fixed = how & (SPACE_FIXED | SPACE_NOREPLACE);
	size_t size = ALIGN_UP(length, PAGE_SIZE);
	struct area wanted = {
		.start = address,
		.end = address + size,
		.flags = access_as_cpu(flags),
		.source = backing->source,
		.source_offset = backing->offset,
		.source_end = backing->end,
	};
	int result;

	if (length == 0)
		return -EINVAL;
	if (size < length || size > USER_END - USER_START)
		return -ENOMEM;
	if (fixed) {
		if (!IS_ALIGNED(address, PAGE_SIZE) || address < USER_START)
			return -EINVAL;
		if (address > USER_END - size)
			return -ENOMEM;
	}
	spin_lock(&space_lock);
	result = fixed ? map_fixed(space, &wanted, how)
		       : map_anywhere(space, &wanted, address, size);
	spin_unlock(&space_lock);
	return result ? result : (long)wanted.start;
}

/* Shared memory without a file: a source of its own, which the area alone keeps. */
static long space_map_shared(struct address_space *space, uintptr_t address, size_t length,
			     unsigned flags, unsigned how)
{
	size_t size = ALIGN_UP(length, PAGE_SIZE);
	struct area_source *source;
	long result;

	if (length == 0)
		return -EINVAL;
	if (size < length || size > USER_END - USER_START || !(source = source_create(NULL, size)))
		return -ENOMEM;
	result = space_map_source(space, address, length, flags, how, source, 0, size);
	source_put(source);
	return result;
}

long space_map(struct address_space *space, uintptr_t address, size_t length, unsigned flags,
	       unsigned how)
{
	static const struct backing zeros;

	if (unlikely(flags & AREA_SHARED))
		return space_map_shared(space, address, length, flags, how);
	return map_backed(space, address, length, flags, how, &zeros);
}

long space_map_source(struct address_space *space, uintptr_t address, size_t length, unsigned flags,
		      unsigned how, struct area_source *source, size_t offset, size_t size)
{
	struct backing backing = { .source = source, .offset = offset };

	if (!IS_ALIGNED(offset, PAGE_SIZE) || offset + length < offset)
		return -EINVAL;
	if (flags & AREA_SHARED) {
		if (source->bytes && flags & AREA_WRITE)
			return -EACCES;
		if (!source->bytes && ALIGN_UP(length, PAGE_SIZE) > source->size - offset)
			return -EINVAL;
		space->shares = true;
	}
	if (offset < source->size)
		backing.end = offset + MIN(size, source->size - offset);
	return map_backed(space, address, length, flags, how, &backing);
}

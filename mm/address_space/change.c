// SPDX-License-Identifier: MIT
/*
 * mprotect, madvise and brk. As in map.c all that can fail comes first: mprotect takes the areas that
 * it needs to cut the first and the last one, and then cuts, changes and joins what is alike now.
 */
#include <tessera/errno.h>

#include "space.h"

/* The area that the range ends in when areas cover all of it, else NULL; `area` is the lowest one that
 * ends above its start. */
static struct area *range_last_area(const struct address_space *space, struct area *area,
				    uintptr_t start, uintptr_t end)
{
	for (; area && area->start <= start; area = area_next(space, area)) {
		if (area->end >= end)
			return area;
		start = area->end;
	}
	return NULL;
}

static bool area_has_access(const struct area *area, unsigned access)
{
	return (area->flags & AREA_ACCESS) == access;
}

/* Files are only read. */
static bool area_may_have(const struct area *area, unsigned access)
{
	return !(access & AREA_WRITE && area->flags & AREA_SHARED && area->source->bytes);
}

/* Cuts the areas at both ends of the range where they reach beyond it and are to change. Gives the
 * first one in the range; NULL: no memory. */
static struct area *range_cut(struct address_space *space, struct area *first, struct area *last,
			      uintptr_t start, uintptr_t end, unsigned access)
{
	bool cut_first = first->start < start && !area_has_access(first, access);
	bool cut_last = end < last->end && !area_has_access(last, access);
	struct area *inner = cut_first ? area_alloc(space) : NULL;
	struct area *rest = cut_last ? area_alloc(space) : NULL;

	if ((cut_first && !inner) || (cut_last && !rest)) {
		if (inner)
			area_free(space, inner);
		if (rest)
			area_free(space, rest);
		return NULL;
	}
	if (cut_last)
		area_cut(last, end, rest);
	if (cut_first)
		area_cut(first, start, inner);
	return cut_first ? inner : first;
}

static int range_protect(struct address_space *space, uintptr_t start, uintptr_t end,
			 unsigned access)
{
	struct area *first = area_above(space, start), *below, *area;
	struct area *last = range_last_area(space, first, start, end);

	if (!last)
		return -ENOMEM;
	for (area = first; area && area->start < end; area = area_next(space, area))
		if (!area_may_have(area, access))
			return -EACCES;
	first = range_cut(space, first, last, start, end, access);
	if (!first)
		return -ENOMEM;
	for (area = first; area; area = area_next(space, area)) {
		if (area->start < end && !area_has_access(area, access)) {
			area->flags = (area->flags & ~AREA_ACCESS) | access;
			if (area->flags & AREA_TOUCHED)
				pages_protect(space, area, area->start, area->end);
		}
		below = area_previous(space, area);
		if (below)
			area = area_join(space, below, area);
		/* Up to the one behind the range, which has been joined too, if it can be. */
		if (area->end > end)
			break;
	}
	return 0;
}

int space_protect(struct address_space *space, uintptr_t address, size_t length, unsigned access)
{
	int result;

	if (!IS_ALIGNED(address, PAGE_SIZE))
		return -EINVAL;
	if (length == 0)
		return 0;
	if (!range_is_user(address, &length))
		return -ENOMEM;
	spin_lock(&space_lock);
	result = range_protect(space, address, address + length, access_as_cpu(access));
	spin_unlock(&space_lock);
	return result;
}

int space_discard(struct address_space *space, uintptr_t address, size_t length)
{
	struct removal removal = { .space = space, .single = REMOVAL_SINGLE };
	uintptr_t end;
	int result = -ENOMEM;

	if (!IS_ALIGNED(address, PAGE_SIZE))
		return -EINVAL;
	if (length == 0)
		return 0;
	if (!range_is_user(address, &length))
		return -ENOMEM;
	end = address + length;
	spin_lock(&space_lock);
	if (range_last_area(space, area_above(space, address), address, end)) {
		pages_remove(&removal, address, end, UINTPTR_MAX, 0);
		removal_finish(&removal);
		result = 0;
	}
	spin_unlock(&space_lock);
	return result;
}

/* brk upwards: more zero pages, if nothing is there and the stack's gap stays. */
static bool break_extend(struct address_space *space, uintptr_t start, uintptr_t end)
{
	struct area wanted = { .start = start,
			       .end = end,
			       .flags = AREA_READ | AREA_WRITE | AREA_BREAK };
	struct list_node *behind;

	return area_range_free(space, start, end, &behind) && map_free(space, &wanted, behind) == 0;
}

uintptr_t space_break(struct address_space *space, uintptr_t end)
{
	uintptr_t old_top, top;
	bool done = true;

	spin_lock(&space_lock);
	if (end >= space->break_start && end <= USER_END - PAGE_SIZE) {
		old_top = ALIGN_UP(space->break_end, PAGE_SIZE);
		top = ALIGN_UP(end, PAGE_SIZE);
		if (top > old_top)
			done = break_extend(space, old_top, top);
		else if (top < old_top)
			done = range_remove(space, top, old_top) == 0;
		if (done)
			space->break_end = end;
	}
	end = space->break_end;
	spin_unlock(&space_lock);
	return end;
}

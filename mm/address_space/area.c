// SPDX-License-Identifier: MIT
/*
 * The areas of a space: a list sorted by address, no two of which overlap. Neighbours that mean the
 * same are one area, so most programs have some ten of them, however often they call mmap.
 *
 * A search begins where the last fault or mmap was, since the next is usually near; it costs some four
 * instructions for each area passed. That is what this does badly: a program with a thousand
 * areas (500 threads) that jumps about among them would be better off with a tree.
 */
#include <tessera/kmalloc.h>

#include "space.h"

struct area *area_above(const struct address_space *space, uintptr_t address)
{
	const struct list_node *node = space->last ? &space->last->link : space->areas.next;

	if (node == &space->areas)
		return NULL;
	if (address < list_entry(node, struct area, link)->end) {
		while (node->prev != &space->areas &&
		       address < list_entry(node->prev, struct area, link)->end)
			node = node->prev;
	} else {
		do {
			node = node->next;
			if (node == &space->areas)
				return NULL;
		} while (address >= list_entry(node, struct area, link)->end);
	}
	return list_entry(node, struct area, link);
}

struct area *space_find(struct address_space *space, uintptr_t address)
{
	struct area *area = area_above(space, address);

	return area && area->start <= address ? area : NULL;
}

struct area *area_alloc(struct address_space *space)
{
	struct area *area;

	if (space->area_count >= CONFIG_USER_AREAS_MAX || !(area = kmalloc(sizeof(*area))))
		return NULL;
	space->area_count++;
	return area;
}

void area_free(struct address_space *space, struct area *area)
{
	space->area_count--;
	kfree(area);
}

void area_remove(struct address_space *space, struct area *area)
{
	if (space->last == area)
		space->last = NULL;
	list_remove(&area->link);
	if (area->source)
		source_drop(area->source);
	area_free(space, area);
}

void area_cut(struct area *area, uintptr_t at, struct area *upper)
{
	*upper = *area;
	upper->start = at;
	area->end = at;
	if (upper->source) {
		upper->source->users++;
		upper->source_offset += at - area->start;
	}
	list_add_head(&area->link, &upper->link);
}

struct area *area_join(struct address_space *space, struct area *lower, struct area *upper)
{
	if (!area_joins(lower, upper))
		return upper;
	lower->end = upper->end;
	lower->flags |= upper->flags;
	area_remove(space, upper);
	return lower;
}

bool area_range_free(const struct address_space *space, uintptr_t start, uintptr_t end,
		     struct list_node **behind)
{
	struct area *above = area_above(space, start);

	*behind = above ? &above->link : (struct list_node *)&space->areas;
	return !above || area_low(above) >= end;
}

// SPDX-License-Identifier: MIT
/*
 * Address spaces as a whole: making, copying for fork, freeing, counting.
 *
 * Fork copies areas and page tables but no page: what a private area has becomes read-only on both
 * sides, and whoever writes first gets a copy (fault.c). Only the page of the stack, which both write
 * at once, is copied at once. The tables are copied area by area and
 * only where something is mapped, so fork costs some 70 instructions for an area, 15 for a page,
 * and the tables, most of which come from the stock.
 *
 * One lock protects all of it. While a large space is copied no other thread runs: some 2 ms for
 * a hundred thousand pages at a thousand million instructions a second.
 */
#include <tessera/errno.h>
#include <tessera/kernel.h>
#include <tessera/kmalloc.h>
#include <tessera/page.h>

#include "space.h"

struct spinlock space_lock = SPINLOCK_INIT(LOCK_SPACE);
struct page *zero_page;

static struct list_node spaces = LIST_INIT(spaces);

const uintptr_t stack_gap = (uintptr_t)CONFIG_USER_STACK_GAP << PAGE_SHIFT;

/* The longest stack, which need not be whole pages, and the lowest of its pages. */
#define STACK_LIMIT ((size_t)CONFIG_USER_STACK_MAX_KIB << 10)
#define STACK_FLOOR ALIGN_DOWN(USER_STACK_TOP - STACK_LIMIT, PAGE_SIZE)

#define MAPPED_MAX                                                                          \
	(CONFIG_USER_SPACE_MAX_MIB ? (size_t)CONFIG_USER_SPACE_MAX_MIB << (20 - PAGE_SHIFT) \
				   : SIZE_MAX)

void space_init(void)
{
	zero_page = page_alloc(1, 1, PAGE_ZERO);
	if (!zero_page)
		boot_fail("no memory for the page of zeros that programs share");
	zero_page->refcount = 1; /* it never goes */
}

struct address_space *space_create(void)
{
	struct address_space *space = kmalloc(sizeof(*space));

	if (!space)
		return NULL;
	*space = (struct address_space){
		.users = 1,
		.mapped_max = MAPPED_MAX,
		.mmap_top = STACK_FLOOR - stack_gap,
		.stack_limit = STACK_LIMIT,
	};
	list_init(&space->areas);
	/* The root may come from the stock of tables, which all spaces have in common. */
	spin_lock(&space_lock);
	if (page_table_create(&space->table)) {
		spin_unlock(&space_lock);
		kfree(space);
		return NULL;
	}
	list_add_tail(&spaces, &space->link);
	spin_unlock(&space_lock);
	return space;
}

struct address_space *space_get(struct address_space *space)
{
	spin_lock(&space_lock);
	space->users++;
	spin_unlock(&space_lock);
	return space;
}

void space_put(struct address_space *space)
{
	spin_lock(&space_lock);
	if (--space->users) {
		spin_unlock(&space_lock);
		return;
	}
	arch_space_leave(space);
	areas_remove_all(space);
	if (space->area_count || space->resident || space->table_pages)
		panic("an address space ends with %u areas, %zu pages and %zu tables left",
		      space->area_count, space->resident, space->table_pages);
	list_remove(&space->link);
	page_table_destroy(&space->table);
	spin_unlock(&space_lock);
	kfree(space);
}

static int area_copy(struct address_space *space, struct address_space *child, struct area *area,
		     bool *changed)
{
	struct area *copy = area_alloc(child);

	if (!copy)
		return -ENOMEM;
	*copy = *area;
	if (copy->source)
		copy->source->users++;
	list_add_tail(&child->areas, &copy->link);
	if (space->last == area)
		child->last = copy;
	return area->flags & AREA_TOUCHED ? pages_copy(space, child, area, changed) : 0;
}

/* Saves both a fault: what fork has just shared of a page is taken back. Without memory it stays. */
static void page_copy_now(struct address_space *space, struct address_space *child,
			  uintptr_t address)
{
	const struct area *area = space_find(space, address);
	struct page *page, *fresh;
	user_entry *slot, *copy;
	unsigned access;

	if (!area || area->flags & AREA_SHARED || !(area->flags & AREA_WRITE))
		return;
	slot = slot_find(space, address);
	copy = slot_find(child, address);
	if (!slot || !copy || !entry_is_present(*slot))
		return;
	page = pfn_to_page(entry_pfn(*slot));
	if (page->refcount != 2 || !(fresh = user_page_alloc()))
		return; /* somebody else has it too */
	page_copy(page_address(fresh), page_address(page));
	page->refcount = 1;
	access = area->flags & AREA_ACCESS;
	entry_set(slot, entry_for_page(page_to_pfn(page), access));
	entry_set(copy, entry_for_page(page_to_pfn(fresh), access));
}

struct address_space *space_fork(struct address_space *space, uintptr_t written)
{
	struct address_space *child = space_create();
	bool changed = false;
	struct area *area;
	int result = 0;

	if (!child)
		return NULL;
	spin_lock(&space_lock);
	child->mapped = space->mapped;
	child->mapped_max = space->mapped_max;
	child->break_start = space->break_start;
	child->break_end = space->break_end;
	child->mmap_top = space->mmap_top;
	child->stack_limit = space->stack_limit;
	child->shares = space->shares;
	list_for_each_entry(area, &space->areas, link) {
		result = area_copy(space, child, area, &changed);
		if (result)
			break;
	}
	if (likely(!result && written))
		page_copy_now(space, child, written);
	if (changed)
		tlb_space_changed(&space->table);
	spin_unlock(&space_lock);
	if (result) {
		space_put(child);
		return NULL;
	}
	return child;
}

void space_totals(struct space_totals *totals)
{
	struct address_space *space;

	*totals = (struct space_totals){ 0 };
	spin_lock(&space_lock);
	list_for_each_entry(space, &spaces, link) {
		totals->spaces++;
		totals->areas += space->area_count;
		totals->table_pages += space->table_pages;
		totals->resident += space->resident;
	}
	totals->table_cache = table_cache_count;
	totals->sources = source_count;
	totals->source_pages = source_page_count;
	spin_unlock(&space_lock);
}

int space_key_of_area(struct address_space *space, uintptr_t address, struct memory_key *key)
{
	const struct area *area;

	spin_lock(&space_lock);
	area = space_find(space, address);
	if (area && area->flags & AREA_SHARED)
		*key = (struct memory_key){ area->source,
					    area->source_offset + (address - area->start) };
	else
		*key = (struct memory_key){ space, address };
	spin_unlock(&space_lock);
	return area ? 0 : -EFAULT;
}

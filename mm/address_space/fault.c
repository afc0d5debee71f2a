// SPDX-License-Identifier: MIT
/*
 * Page faults: the area at the address says whether the access is right and what the page is.
 *
 *	no entry, write		a cleared page of the program's own, or a copy of what the source has
 *	no entry, read		the zero page, or the page that the source keeps for all
 *	read-only, write	the page again, writable, if nobody else has it any more (after fork the
 *				other one may have copied it, or be gone), else a copy
 *
 * The common case, a first write to zeros, goes straight through space_fault (area_fault): some
 * 80 instructions besides taking and clearing the page. A fault that finds nothing to do (another thread
 * was here) tells the TLB again what the table says.
 */
#include <tessera/errno.h>
#include <tessera/page.h>

#include "space.h"

/* A stack grows down to the address: its area, or NULL. */
static struct area *stack_grow(struct address_space *space, struct area *stack, uintptr_t address)
{
	const struct area *below = area_previous(space, stack);
	uintptr_t start = ALIGN_DOWN(address, PAGE_SIZE);
	uintptr_t floor = below ? below->end : USER_START;
	size_t pages = bytes_to_pages(stack->start - start);

	if (!(stack->flags & AREA_GROWS) || stack->source ||
	    stack->end - start > space->stack_limit || start < floor ||
	    bytes_to_pages(start - floor) < CONFIG_USER_STACK_GAP ||
	    space->mapped + pages > space->mapped_max)
		return NULL;
	stack->start = start;
	space->mapped += pages;
	return stack;
}

/* The area for an address that is not in the one of the last fault, or NULL. */
static struct area *area_at(struct address_space *space, uintptr_t address)
{
	struct area *area = area_above(space, address);

	if (area && address < area->start)
		area = stack_grow(space, area, address);
	if (area)
		space->last = area;
	return area;
}

/* Counted; NULL: no memory. */
static inline struct page *page_cleared(void)
{
	struct page *page = user_page_alloc();

	if (likely(page))
		page_clear(page_address(page));
	return page;
}

/* The page of an area at an address that nobody has touched yet, counted. NULL: no memory. */
static noinline struct page *page_first(const struct area *area, uintptr_t address, unsigned access)
{
	struct area_source *source = area->source;
	size_t offset = area->source_offset + (ALIGN_DOWN(address, PAGE_SIZE) - area->start);
	struct page *page;

	if (!source || offset >= area->source_end) {
		if (access == AREA_WRITE || zero_page->refcount == UINT32_MAX)
			return page_cleared();
		zero_page->refcount++;
		return zero_page;
	}
	/* What the area sees of this page is what all see, unless it ends earlier for this area. */
	if (area->flags & AREA_SHARED ||
	    (access != AREA_WRITE &&
	     (area->source_end - offset >= PAGE_SIZE || area->source_end == source->size)))
		return source_page(source, offset);
	page = user_page_alloc();
	if (page)
		source_fill(source, offset, area->source_end, page);
	return page;
}

/* A write to a page that is mapped read-only: *page becomes one that may be written. False: no memory. */
static inline bool page_unshare(const struct area *area, struct page **page)
{
	struct page *shared = *page, *copy;

	if (shared->refcount == 1 || area->flags & AREA_SHARED)
		return true;
	copy = user_page_alloc();
	if (!copy)
		return false;
	if (shared == zero_page) {
		page_clear(page_address(copy));
	} else {
		page_copy(page_address(copy), page_address(shared));
		if (area->flags & AREA_EXECUTE)
			page_code_written(page_address(copy));
	}
	shared->refcount--; /* others have it, so it does not go */
	*page = copy;
	return true;
}

/* Puts a page where none was. */
static inline void page_map(struct address_space *space, user_entry *slot, uintptr_t address,
			    struct page *page, unsigned access)
{
	entry_set(slot, entry_for_page(page_to_pfn(page), access));
	space->resident++;
	tlb_entry_added(&space->table, address, slot);
}

/* Any fault but a first write to zeros. */
static inline int page_fault(struct address_space *space, const struct area *area, user_entry *slot,
			     uintptr_t address, unsigned access)
{
	user_entry entry = *slot;
	struct page *page;

	if (entry_is_present(entry)) {
		page = pfn_to_page(entry_pfn(entry));
		if (access == AREA_WRITE && !entry_allows(entry, AREA_WRITE)) {
			if (!page_unshare(area, &page))
				return -ENOMEM;
			entry_set(slot,
				  entry_for_page(page_to_pfn(page), area->flags & AREA_ACCESS));
		}
		tlb_entry_changed(&space->table, address, slot);
		return 0;
	}
	page = page_first(area, address, access);
	if (!page)
		return -ENOMEM;
	page_map(space, slot, address, page, page_access(area, page));
	return 0;
}

/* The area allows the access. */
static __always_inline int area_fault(struct address_space *space, struct area *area,
				      uintptr_t address, unsigned access)
{
	user_entry *slot = slot_find(space, address);
	struct page *page;

	area->flags |= AREA_TOUCHED;
	if (unlikely(!slot) && !(slot = slot_make(space, address)))
		return -ENOMEM;
	if (entry_is_present(*slot) || area->source || access != AREA_WRITE)
		return page_fault(space, area, slot, address, access);
	page = page_cleared();
	if (unlikely(!page))
		return -ENOMEM;
	page_map(space, slot, address, page, area->flags & AREA_ACCESS);
	return 0;
}

int space_fault(struct address_space *space, uintptr_t address, unsigned access, bool *mapped)
{
	struct area *area;
	int result = -EFAULT;

	spin_lock(&space_lock);
	area = space->last;
	if (unlikely(!area || address - area->start >= area->end - area->start))
		area = area_at(space, address);
	*mapped = area;
	if (likely(area && area->flags & access))
		result = area_fault(space, area, address, access);
	spin_unlock(&space_lock);
	return result;
}

// SPDX-License-Identifier: MIT
/*
 * The walk of user page tables, for any format (asm/user_page.h) and number of levels.
 *
 * One page is looked up straight down (slot_find in space.h). Ranges go table by table: an absent
 * entry skips all that it covers, so a range costs what is mapped in it, not its length.
 *
 * A table exists only as long as some area lies in the range that it covers. So unmapping
 * frees exactly the tables whose range lies in the gap that it leaves between two areas, without
 * counting entries; and such a table is empty, all zeros. It goes to a stock (USER_TABLE_CACHE)
 * from which the next one comes without being cleared, which makes tables nearly free for a program
 * that forks.
 */
#include <tessera/errno.h>
#include <tessera/kernel.h>
#include <tessera/page.h>

#include "space.h"

/* The addresses that an entry of this level covers. */
static inline uintptr_t entry_span(int level)
{
	return (uintptr_t)PAGE_SIZE << (level * USER_LEVEL_BITS);
}

/* The last address that the same entry covers. */
static inline uintptr_t entry_last(uintptr_t address, int level)
{
	return address | (entry_span(level) - 1);
}

/* ---- The stock of empty tables ---- */

/* Linked through their first words. */
static void **table_cache;
size_t table_cache_count;

static void *table_cache_take(void)
{
	void **table = table_cache;

	table_cache = *table;
	*table = NULL;
	table_cache_count--;
	return table;
}

void *table_alloc(void)
{
	struct page *page;

	spin_lock_expect(&space_lock);
	if (likely(table_cache))
		return table_cache_take();
	page = page_alloc(1, 1, 0);
	if (!page)
		return NULL;
	page_clear(page_address(page));
	return page_address(page);
}

static void table_check(const unsigned long *table)
{
	for (size_t i = 0; i < PAGE_SIZE / sizeof(*table); i++)
		if (table[i])
			panic("page table %p is freed with an entry %lx", (const void *)table,
			      table[i]);
}

void table_free(void *table)
{
	spin_lock_expect(&space_lock);
	if (IS_ENABLED(CONFIG_DEBUG_PAGE_ALLOC))
		table_check(table);
	if (table_cache_count != CONFIG_USER_TABLE_CACHE) {
		*(void **)table = table_cache;
		table_cache = table;
		table_cache_count++;
	} else {
		page_free(virt_to_page(table), 1);
	}
}

static void table_cache_empty(void)
{
	while (table_cache)
		page_free(virt_to_page(table_cache_take()), 1);
}

void space_reclaim(void)
{
	spin_lock(&space_lock);
	table_cache_empty();
	spin_unlock(&space_lock);
}

struct page *user_page_alloc_last(void)
{
	if (!table_cache)
		return NULL;
	table_cache_empty();
	return page_alloc(1, 1, 0);
}

/* ---- One page ---- */

user_entry *slot_make(struct address_space *space, uintptr_t address)
{
	user_entry *table = space->table.root;

	for (int level = USER_LEVELS - 1; level > 0; level--) {
		user_entry *slot = table + entry_index(address, level);

		if (entry_is_present(*slot)) {
			table = entry_table(*slot);
			continue;
		}
		table = table_alloc();
		if (!table)
			return NULL; /* those made so far are the space's: an area lies in their range */
		entry_set(slot, entry_for_table(table, level));
		tlb_table_added(&space->table, level);
		space->table_pages++;
	}
	return table + entry_index(address, 0);
}

/* ---- Ranges ---- */

/* The first slot from here on that has an entry, or `end`. Most areas are sparse: gaps go four at a
 * time. */
static inline user_entry *slots_next(user_entry *slot, const user_entry *end)
{
	for (; slot < end; slot++) {
		if (entry_is_present(*slot))
			break;
		while (end - slot > 4 && !(slot[1] | slot[2] | slot[3] | slot[4]))
			slot += 4;
	}
	return slot;
}

#define for_each_present(slot, start, end)                                \
	for (user_entry *slot = slots_next((start), (end)); slot < (end); \
	     slot = slots_next(slot + 1, (end)))

/* Slots side by side in one table, for the pages from `address` to `last` (inclusive). */
struct run {
	uintptr_t address, last;
	user_entry *start, *end;
};

static inline uintptr_t run_address(const struct run *run, const user_entry *slot)
{
	return run->address + ((uintptr_t)(slot - run->start) << PAGE_SHIFT);
}

/* Finds the first table for pages at or above run->address, and the slots in it for pages up to and
 * including the one with `last`. False: there is none. */
static bool run_find(const struct address_space *space, struct run *run, uintptr_t last)
{
	uintptr_t address = run->address;

	while (address <= last) {
		user_entry *table = space->table.root;
		int level = USER_LEVELS - 1;

		for (; level > 0; level--) {
			user_entry entry = table[entry_index(address, level)];

			if (!entry_is_present(entry))
				break;
			table = entry_table(entry);
		}
		if (level == 0) {
			run->address = address;
			run->last = MIN(last, entry_last(address, 1));
			run->start = table + entry_index(address, 0);
			run->end = table + entry_index(run->last, 0) + 1;
			return true;
		}
		if (entry_last(address, level) >= last)
			break;
		address = entry_last(address, level) + 1;
	}
	return false;
}

/* Calls for each run in [start, end) of a space: `run` names it. */
#define for_each_run(run, space, start, end)                                            \
	for (struct run run = { .address = (start) }; run_find((space), &run, (end)-1); \
	     run.address = run.last + 1)

void pages_protect(struct address_space *space, const struct area *area, uintptr_t start,
		   uintptr_t end)
{
	unsigned changed = 0;

	for_each_run(run, space, start, end) {
		for_each_present(slot, run.start, run.end) {
			pfn_t pfn = entry_pfn(*slot);

			entry_set(slot, entry_for_page(pfn, page_access(area, pfn_to_page(pfn))));
			if (++changed <= REMOVAL_SINGLE)
				tlb_entry_changed(&space->table, run_address(&run, slot), slot);
		}
	}
	if (changed > REMOVAL_SINGLE)
		tlb_space_changed(&space->table);
}

int pages_copy(struct address_space *space, struct address_space *child, const struct area *area,
	       bool *changed)
{
	const bool private = !(area->flags & AREA_SHARED);

	for_each_run(run, space, area->start, area->end) {
		ptrdiff_t distance = 0; /* from a slot to the child's */

		for_each_present(slot, run.start, run.end) {
			user_entry entry = *slot;

			if (!distance) {
				user_entry *copy = slot_make(child, run.address);

				if (!copy)
					return -ENOMEM;
				distance = copy - run.start;
			}
			if (private && entry_allows(entry, AREA_WRITE)) {
				entry = entry_read_only(entry);
				entry_set(slot, entry);
				*changed = true;
			}
			pfn_to_page(entry_pfn(entry))->refcount++;
			entry_set(slot + distance, entry);
			child->resident++;
		}
	}
	return 0;
}

/* ---- Unmapping ---- */

static void slots_remove(struct removal *removal, user_entry *start, user_entry *end,
			 uintptr_t address)
{
	struct address_space *space = removal->space;

	for_each_present(slot, start, end) {
		struct page *page = pfn_to_page(entry_pfn(*slot));

		entry_set(slot, (user_entry){ 0 });
		if (--page->refcount == 0)
			page_free(page, 1);
		if (removal->single) {
			tlb_entry_removed(&space->table,
					  address + ((uintptr_t)(slot - start) << PAGE_SHIFT));
			if (--removal->single == 0)
				removal->many = true;
		}
		if (--space->resident == 0)
			return;
	}
}

bool pages_remove(struct removal *removal, uintptr_t start, uintptr_t end, uintptr_t floor,
		  uintptr_t ceiling)
{
	struct address_space *space = removal->space;
	const uintptr_t last = end - 1;
	user_entry *slots[USER_LEVELS]; /* passed on the way down */
	bool left = false;

	for (uintptr_t address = start, part_last;; address = part_last + 1) {
		user_entry *table = space->table.root;
		int level = USER_LEVELS - 1;

#pragma GCC unroll 4
		for (; level > 0; level--) {
			slots[level] = table + entry_index(address, level);
			if (!entry_is_present(*slots[level]))
				break;
			table = entry_table(*slots[level]);
		}
		part_last = MIN(last, entry_last(address, level ? level : 1));
		if (level == 0)
			slots_remove(removal, table + entry_index(address, 0),
				     table + entry_index(part_last, 0) + 1, address);
		/* Now the tables above that end here, while they lie in the gap. */
		while (++level < USER_LEVELS) {
			uintptr_t span_last = entry_last(address, level);

			if (part_last != last && part_last != span_last)
				break;
			if (span_last >= ceiling ||
			    ALIGN_DOWN(address, entry_span(level)) < floor) {
				left = true;
				break;
			}
			table = entry_table(*slots[level]);
			entry_set(slots[level], (user_entry){ 0 });
			table_free(table);
			space->table_pages--;
			space->leaf = NULL;
			removal->many = true;
		}
		if (part_last == last)
			return left;
	}
}

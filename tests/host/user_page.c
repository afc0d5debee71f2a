/* SPDX-License-Identifier: MIT */
/*
 * The TLB of the simulated machine. Every look goes through it, and an entry stays until a tlb_
 * function removes or replaces it, so a look after a forgotten call gives what was there before. It
 * is small and direct-mapped: lines are lost as well, as on a real machine.
 */
#include <tessera/address_space.h>
#include <tessera/errno.h>
#include <tessera/kmalloc.h>
#include <tessera/string.h>

#include "../suites/user_memory.h"

#define LINES	     64
#define ROOT_ENTRIES (1u << USER_LEVEL_BITS)

static struct {
	const struct page_table *table; /* NULL: empty */
	uintptr_t page;
	user_entry entry;
} lines[LINES];

static unsigned line_of(uintptr_t address)
{
	return (unsigned)(address >> PAGE_SHIFT) % LINES;
}

static void line_fill(const struct page_table *table, uintptr_t address, user_entry entry)
{
	unsigned i = line_of(address);

	lines[i].table = table;
	lines[i].page = address >> PAGE_SHIFT;
	lines[i].entry = entry;
}

void tlb_entry_added(struct page_table *table, uintptr_t address, const user_entry *slot)
{
	line_fill(table, address, *slot);
}

void tlb_entry_changed(struct page_table *table, uintptr_t address, const user_entry *slot)
{
	line_fill(table, address, *slot);
}

void tlb_entry_removed(struct page_table *table, uintptr_t address)
{
	unsigned i = line_of(address);

	if (lines[i].table == table && lines[i].page == address >> PAGE_SHIFT)
		lines[i].table = NULL;
}

static void root_look(struct page_table *table)
{
	memcpy(table->root_seen, table->root, PAGE_SIZE);
}

void tlb_space_changed(struct page_table *table)
{
	for (unsigned i = 0; i < LINES; i++)
		if (lines[i].table == table)
			lines[i].table = NULL;
	root_look(table);
}

void tlb_table_added(struct page_table *table, int level)
{
	if (level == USER_LEVELS - 1)
		root_look(table);
}

user_entry user_look(struct address_space *space, uintptr_t address)
{
	const struct page_table *table = &space->table;
	unsigned i = line_of(address);
	user_entry entry;

	if (lines[i].table == table && lines[i].page == address >> PAGE_SHIFT)
		return lines[i].entry;
	entry = table->root_seen[address >> (PAGE_SHIFT + 2 * USER_LEVEL_BITS) &
				 (ROOT_ENTRIES - 1)];
	for (int level = 1; level >= 0 && entry_is_present(entry); level--)
		entry = entry_table(entry)[address >> (PAGE_SHIFT + level * USER_LEVEL_BITS) &
					   (ROOT_ENTRIES - 1)];
	line_fill(table, address, entry);
	return entry;
}

int page_table_create(struct page_table *table)
{
	table->root = table_alloc();
	if (!table->root)
		return -ENOMEM;
	table->root_seen = kzalloc(PAGE_SIZE);
	if (!table->root_seen) {
		table_free(table->root);
		return -ENOMEM;
	}
	return 0;
}

void page_table_destroy(struct page_table *table)
{
	for (unsigned i = 0; i < LINES; i++)
		if (lines[i].table == table)
			lines[i].table = NULL;
	kfree(table->root_seen);
	table_free(table->root);
}

/* There is no CPU that could have it loaded. */
void arch_space_leave(struct address_space *space)
{
}

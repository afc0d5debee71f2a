/* SPDX-License-Identifier: MIT */
#include "user_memory.h"

#include <tessera/errno.h>
#include <tessera/kmalloc.h>
#include <tessera/page.h>
#include <tessera/string.h>
#include <tessera/test.h>

__weak user_entry user_look(struct address_space *space, uintptr_t address)
{
	const unsigned entries = 1u << USER_LEVEL_BITS;
	const user_entry *table = space->table.root;
	user_entry entry;

	if (address >= USER_END)
		return (user_entry){ 0 }; /* the kernel's, which may be in the same table */
	for (int level = USER_LEVELS - 1;; level--) {
		entry = table[address / user_span(level) % entries];
		if (level == 0 || !entry_is_present(entry))
			return entry;
		table = entry_table(entry);
	}
}

struct page *user_page(struct address_space *space, uintptr_t address)
{
	user_entry entry = user_look(space, address);

	return entry_is_present(entry) ? pfn_to_page(entry_pfn(entry)) : NULL;
}

static bool may_access(struct address_space *space, uintptr_t address, unsigned access)
{
	user_entry entry = user_look(space, address);

	return entry_is_present(entry) && entry_allows(entry, access);
}

int user_touch(struct address_space *space, uintptr_t address, unsigned access)
{
	bool mapped;
	int result;

	if (may_access(space, address, access))
		return 0;
	result = space_fault(space, address, access, &mapped);
	if (!result && !may_access(space, address, access)) {
		test_fail(__FILE__, __LINE__, "%#lx faults once more (access %u)",
			  (unsigned long)address, access);
		return -EIO;
	}
	return result;
}

static unsigned char *user_byte(struct address_space *space, uintptr_t address)
{
	return (unsigned char *)page_address(user_page(space, address)) + address % PAGE_SIZE;
}

int user_read(struct address_space *space, uintptr_t address)
{
	int result = user_touch(space, address, AREA_READ);

	return result ? result : *user_byte(space, address);
}

int user_write(struct address_space *space, uintptr_t address, unsigned char byte)
{
	int result = user_touch(space, address, AREA_WRITE);

	if (!result)
		*user_byte(space, address) = byte;
	return result;
}

size_t user_pages_free(void)
{
	space_reclaim();
	object_reclaim();
	return page_free_count();
}

/* ---- The space that most tests have ---- */

static size_t free_before;
static struct space_totals totals_before;
static uint32_t zeros_before;

struct address_space *user_space_begin(void)
{
	struct address_space *space;

	free_before = user_pages_free();
	zeros_before = zero_page->refcount;
	space_totals(&totals_before);
	space = space_create();
	EXPECT(space);
	if (space)
		space->mapped_max = SIZE_MAX;
	return space;
}

void user_space_end(struct address_space *space)
{
	struct space_totals totals;

	space_put(space);
	EXPECT_EQ(user_pages_free(), free_before);
	EXPECT_EQ(zero_page->refcount, zeros_before);
	space_totals(&totals);
	EXPECT(!memcmp(&totals, &totals_before, sizeof(totals)));
}

void user_map(struct address_space *space, unsigned page, unsigned pages, unsigned flags)
{
	EXPECT_EQ(space_map(space, at(page), pages * PAGE_SIZE, flags, SPACE_FIXED),
		  (long)at(page));
}

void user_fill(struct address_space *space, uintptr_t address, size_t n, unsigned char byte)
{
	for (size_t i = 0; i < n; i++)
		EXPECT_EQ(user_write(space, address + i, byte), 0);
}

void user_expect(struct address_space *space, uintptr_t address, size_t n, int byte)
{
	for (size_t i = 0; i < n; i++) {
		int found = user_read(space, address + i);

		if (found != byte) {
			test_fail(__FILE__, __LINE__, "%#lx has %d, not %d",
				  (unsigned long)(address + i), found, byte);
			return;
		}
	}
}

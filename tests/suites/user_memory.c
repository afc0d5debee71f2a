/* SPDX-License-Identifier: MIT */
#include "user_memory.h"

#include <tessera/errno.h>
#include <tessera/kmalloc.h>
#include <tessera/test.h>

__weak user_entry user_look(struct address_space *space, uintptr_t address)
{
	const unsigned entries = 1u << USER_LEVEL_BITS;
	const user_entry *table = space->table.root;
	user_entry entry;

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

int user_touch(struct address_space *space, uintptr_t address, unsigned access)
{
	for (unsigned faults = 0; faults < 3; faults++) {
		user_entry entry = user_look(space, address);
		bool mapped;
		int result;

		if (entry_is_present(entry) && entry_allows(entry, access))
			return 0;
		result = space_fault(space, address, access, &mapped);
		if (result)
			return result;
	}
	test_fail(__FILE__, __LINE__, "%#lx faults for ever (access %u)", (unsigned long)address,
		  access);
	return -EIO;
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

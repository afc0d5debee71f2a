/* SPDX-License-Identifier: MIT */
/* Two levels, 32-bit entries, pages of 4 KiB and 4 MiB. There is no no-execute bit. */
#ifndef ASM_PAGE_FORMAT_TWO_LEVEL_H
#define ASM_PAGE_FORMAT_TWO_LEVEL_H

typedef uint32_t page_entry;

#define PAGE_LEVELS	 2
#define LEVEL_BITS	 10
#define TOP_TABLE_SIZE	 PAGE_SIZE
#define ENTRY_ADDRESS	 ((page_entry)0xfffff000)
#define ENTRY_NO_EXECUTE ((page_entry)0)

/* The highest level that has pages. */
static inline int largest_page_level(void)
{
	return 1;
}

/* Flags of an entry at `level` that points to the next table. */
static inline page_entry table_flags(int level)
{
	return 0x23; /* present, writable, accessed: the last level decides */
}

/* Writes the entry for an address that is `bytes` further than that of `value`. */
static inline void write_entry(page_entry *entry, page_entry value, uintptr_t bytes)
{
	*entry = value + bytes;
}

#endif

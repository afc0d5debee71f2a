/* SPDX-License-Identifier: MIT */
/* Page tables of x86_64: four levels, 64-bit entries, pages of 4 KiB, 2 MiB and 1 GiB. */
#ifndef ASM_PAGE_FORMAT_H
#define ASM_PAGE_FORMAT_H

#include <asm/cpu.h>
#include <asm/page.h>

typedef uint64_t page_entry;

#define PAGE_LEVELS	 4
#define LEVEL_BITS	 9
#define TOP_TABLE_SIZE	 PAGE_SIZE
#define ENTRY_ADDRESS	 ((page_entry)0x000ffffffffff000)
#define ENTRY_NO_EXECUTE ((page_entry)1 << 63)

/* The highest level that has pages. */
static inline int largest_page_level(void)
{
	return cpu_features.gigabyte_pages ? 2 : 1;
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

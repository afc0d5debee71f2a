/* SPDX-License-Identifier: MIT */
/*
 * Physical address extension: three levels, 64-bit entries, pages of 4 KiB and 2 MiB. The top table
 * has four entries, which the processor reads when CR3 is written and not again; the kernel lives
 * behind the last, which is there from the start.
 */
#ifndef ASM_PAGE_FORMAT_PAE_H
#define ASM_PAGE_FORMAT_PAE_H

typedef uint64_t page_entry;

#define PAGE_LEVELS	 3
#define LEVEL_BITS	 9
#define TOP_TABLE_SIZE	 32
#define ENTRY_ADDRESS	 ((page_entry)0x000ffffffffff000)
#define ENTRY_NO_EXECUTE ((page_entry)1 << 63)

/* The highest level that has pages. */
static inline int largest_page_level(void)
{
	return 1;
}

/* Flags of an entry at `level` that points to the next table: present, writable, accessed. In the
 * top table only the first is allowed. */
static inline page_entry table_flags(int level)
{
	return level == PAGE_LEVELS - 1 ? 0x01 : 0x23;
}

/* Writes the entry for an address that is `bytes` further than that of `value`. No address of the
 * direct map has more than 32 bits, so the upper half is the same for all of them. */
static inline void write_entry(page_entry *entry, page_entry value, uintptr_t bytes)
{
	uint32_t __attribute__((may_alias)) *half = (void *)entry;

	half[0] = (uint32_t)value + bytes;
	half[1] = (uint32_t)(value >> 32);
}

#endif

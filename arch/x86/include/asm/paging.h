/* SPDX-License-Identifier: MIT */
/*
 * The kernel's page tables. asm/page_format.h says how many levels the tables have and what an
 * entry looks like; the flags here are the same in all three formats (Intel SDM volume 3A,
 * chapter 4). Level 0 holds entries for single pages.
 */
#ifndef ASM_PAGING_H
#define ASM_PAGING_H

#include <asm/page_format.h>
#include <tessera/compiler.h>

#define ENTRY_PRESENT  ((page_entry)0x001)
#define ENTRY_WRITE    ((page_entry)0x002)
#define ENTRY_USER     ((page_entry)0x004)
#define ENTRY_UNCACHED ((page_entry)0x018) /* PWT and PCD: strong uncacheable */
#define ENTRY_ACCESSED ((page_entry)0x020)
#define ENTRY_DIRTY    ((page_entry)0x040)
#define ENTRY_LARGE    ((page_entry)0x080) /* a page at a level above 0 */
#define ENTRY_GLOBAL   ((page_entry)0x100) /* stays in the TLB when the tables change */

#define ENTRIES_PER_TABLE (1u << LEVEL_BITS)

/* The start-up tables lie right below the boot stack. The final tables leave the place out, so that
 * it becomes the stack's guard. Linker script. */
extern char __boot_guard_start[], __boot_guard_end[];

static inline unsigned level_shift(int level)
{
	return PAGE_SHIFT + LEVEL_BITS * (unsigned)level;
}

static inline unsigned level_index(uintptr_t virtual, int level)
{
	return (virtual >> level_shift(level)) & (ENTRIES_PER_TABLE - 1);
}

/* The kernel's own top table. Every program's has the same upper entries (USER_MODE, user_page.c);
 * kernel_entry_added puts one that has come later into all of them. O(address spaces). */
extern page_entry kernel_top_table[TOP_TABLE_SIZE / sizeof(page_entry)];
void kernel_entry_added(unsigned index);

/*
 * The entry that translates `virtual` in the tables in use, and its level in *level (may be NULL);
 * 0 when nothing is mapped there. Any context; reads the tables through the direct map.
 */
page_entry page_lookup(uintptr_t virtual, int *level);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * The simulated machine's user page tables: three levels, and a TLB that is as unforgiving as any real
 * one. It keeps whatever it has seen until it is told otherwise: pages, absent ones (as MIPS does), and
 * the entries of the top table (as PAE does). So a missing call of a tlb_ function shows
 * (tests/host/user_page.c).
 */
#ifndef ASM_USER_PAGE_H
#define ASM_USER_PAGE_H

#include <asm/page.h>
#include <tessera/arch_user.h>

/* The frame, and what is allowed, in bits that no real format uses. */
typedef uint64_t user_entry;

#define ENTRY_PRESENT 0x8000u
#define ENTRY_TABLE   0x4000u

#define USER_LEVELS	3
#define USER_LEVEL_BITS 9
/* Neither end is where a table's range begins or ends. */
#define USER_START     ((uintptr_t)0x10000)
#define USER_END       ((uintptr_t)0x3fc0fff000)
#define USER_STACK_TOP ((uintptr_t)0x3fc0000000)

struct page_table {
	user_entry *root;
	user_entry *root_seen; /* what the CPU knows of it */
};

int page_table_create(struct page_table *table);
void page_table_destroy(struct page_table *table);

static inline bool entry_is_present(user_entry entry)
{
	return entry & ENTRY_PRESENT;
}

static inline user_entry *entry_table(user_entry entry)
{
	return phys_to_virt(entry >> 16 << PAGE_SHIFT);
}

static inline user_entry entry_for_table(const void *table, int level)
{
	return virt_to_phys(table) >> PAGE_SHIFT << 16 | ENTRY_PRESENT | ENTRY_TABLE;
}

static inline pfn_t entry_pfn(user_entry entry)
{
	return entry >> 16;
}

/* Whoever may write or execute may read. */
static inline user_entry entry_for_page(pfn_t pfn, unsigned access)
{
	return pfn << 16 | ENTRY_PRESENT | access | (access ? AREA_READ : 0);
}

static inline bool entry_allows(user_entry entry, unsigned access)
{
	return entry & access;
}

static inline user_entry entry_read_only(user_entry entry)
{
	return entry & ~(user_entry)AREA_WRITE;
}

static inline void entry_set(user_entry *slot, user_entry entry)
{
	*slot = entry;
}

void tlb_entry_added(struct page_table *table, uintptr_t address, const user_entry *slot);
void tlb_entry_changed(struct page_table *table, uintptr_t address, const user_entry *slot);
void tlb_entry_removed(struct page_table *table, uintptr_t address);
void tlb_space_changed(struct page_table *table);
void tlb_table_added(struct page_table *table, int level);

/* The C library's; the sanitizers know them. */
static inline void page_clear(void *to)
{
	__builtin_memset(to, 0, PAGE_SIZE);
}

static inline void page_copy(void *to, const void *from)
{
	__builtin_memcpy(to, from, PAGE_SIZE);
}

static inline void page_code_written(void *page)
{
}

#endif

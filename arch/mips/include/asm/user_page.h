/* SPDX-License-Identifier: MIT */
/*
 * User page tables (contract: arch_user.h). The CPU knows no tables: it has a TLB, and the refill
 * vector (user/vectors.h) loads it from these. So their format is what makes the refill short. Two
 * levels of 1024 entries, one page each. An entry of level 0 is what EntryLo takes, with the bit
 * that forbids execution where the CPU has it, and always for the kernel's own use; an entry of level 1
 * is the address of a table in kseg0. 0 is neither: the refill leaves a missing table to the C code,
 * and a missing page becomes an invalid TLB entry by itself.
 *
 * A TLB entry holds two pages side by side, so what is told of one page concerns a pair.
 *
 * Address-space identifiers (ASIDs): TLB entries of several spaces lie side by side, told apart by 8
 * bits. A space's number is good as long as its generation is the current one; when all 255 are given
 * out the TLB is emptied and a new generation begins. A space that changes in many places takes a
 * new number instead of looking for its entries. Number 0 is the kernel's, which maps nothing.
 */
#ifndef ASM_USER_PAGE_H
#define ASM_USER_PAGE_H

#include <asm/cp0.h>
#include <asm/page.h>
#include <tessera/arch_user.h>
#include <tessera/compiler.h>

typedef uint32_t user_entry;

#define USER_LEVELS	2
#define USER_LEVEL_BITS 10

/* The last 4 MiB of kuseg are the kernel's window: a table that all spaces share, and in it the
 * page that signal handlers return to. */
#define USER_START	  0x00010000ul
#define USER_END	  0x7fc00000ul
#define USER_STACK_TOP	  USER_END
#define USER_TRAMPOLINE	  0x7ffff000ul
#define USER_WINDOW_INDEX 511 /* of the entry of level 1 */

struct page_table {
	user_entry *root;
	uint32_t generation; /* of the ASID; 0: it has none */
	uint32_t asid;	     /* EntryHi while this space is loaded */
};

/* What the CPU uses now; switch.S knows it. Interrupts masked, or LOCK_SPACE. */
struct user_mmu {
	struct page_table *loaded;
	uint32_t generation; /* the current one, never 0 */
	uint32_t last_asid;  /* given out */
	uint32_t fpu_usable; /* Status.CU1: the running thread owns the FPU and has used it */
};
extern struct user_mmu user_mmu;

int page_table_create(struct page_table *table);
void page_table_destroy(struct page_table *table);

/* ---- Entries ---- */

static inline bool entry_is_present(user_entry entry)
{
	return entry;
}

static inline user_entry *entry_table(user_entry entry)
{
	return (user_entry *)(uintptr_t)entry;
}

static inline user_entry entry_for_table(const void *table, int level)
{
	return (uintptr_t)table;
}

static inline pfn_t entry_pfn(user_entry entry)
{
	return (entry & ~ENTRYLO_XI) >> ENTRYLO_PFN_SHIFT;
}

static inline user_entry entry_for_page(pfn_t pfn, unsigned access)
{
	return (user_entry)pfn << ENTRYLO_PFN_SHIFT | ENTRYLO_CACHED | (access ? ENTRYLO_V : 0) |
	       (access & AREA_WRITE ? ENTRYLO_D : 0) | (access & AREA_EXECUTE ? 0 : ENTRYLO_XI);
}

static inline bool entry_allows(user_entry entry, unsigned access)
{
	if (!(entry & ENTRYLO_V))
		return false;
	return access == AREA_WRITE ? entry & ENTRYLO_D
				    : access != AREA_EXECUTE || !(entry & ENTRYLO_XI);
}

static inline user_entry entry_read_only(user_entry entry)
{
	return entry & ~ENTRYLO_D;
}

static inline void entry_set(user_entry *slot, user_entry entry)
{
	WRITE_ONCE(*slot, entry);
}

/* ---- The TLB ---- */

/* Whether it may hold entries of this table. */
static inline bool tlb_knows(const struct page_table *table)
{
	return table->generation == user_mmu.generation;
}

/* user/tlb.c: writes the pair of entries that holds *slot over that pair in the TLB, or into a place
 * that the CPU picks. LOCK_SPACE. tlb_write: the loaded table, 18 instructions. */
void tlb_write(uintptr_t address, const user_entry *slot, uint32_t asid);
void tlb_write_other(const struct page_table *table, uintptr_t address, const user_entry *slot);
void tlb_remove(const struct page_table *table, uintptr_t address);
void tlb_space_changed(struct page_table *table);

static inline void tlb_entry_added(struct page_table *table, uintptr_t address,
				   const user_entry *slot)
{
	if (likely(table == user_mmu.loaded))
		tlb_write(address, slot, table->asid);
	else if (tlb_knows(table))
		tlb_write_other(table, address, slot);
}

static inline void tlb_entry_changed(struct page_table *table, uintptr_t address,
				     const user_entry *slot)
{
	tlb_entry_added(table, address, slot);
}

static inline void tlb_entry_removed(struct page_table *table, uintptr_t address)
{
	if (tlb_knows(table))
		tlb_remove(table, address);
}

/* The refill reads the tables anew each time. */
static inline void tlb_table_added(struct page_table *table, int level)
{
}

/* ---- Pages (user/copy.S) ---- */

void page_clear(void *to);
void page_copy(void *to, const void *from);

/* Makes what the kernel wrote through the data cache visible to instruction fetch. */
void page_code_written(const void *page);

#endif

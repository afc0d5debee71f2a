/* SPDX-License-Identifier: MIT */
/*
 * Page tables of programs, in the format of the kernel's (asm/page_format.h); the contract is in
 * tessera/arch_user.h. The upper entries of every top table are the kernel's own, so the kernel runs
 * in whatever space is loaded, and a kernel thread goes on in the one that it finds.
 *
 * A page that its program may not touch at all (PROT_NONE) has an entry that is not present for the
 * processor, and all other bits of such an entry are ours.
 *
 * The processor remembers nothing of absent entries, and looks again before it reports that an entry
 * forbids something: so only entries that are replaced, or allow less, have to be forgotten. What is
 * in the table that is loaded goes by page, or with a load of CR3; other tables have no place in
 * the TLB (there are no address space numbers in it).
 */
#ifndef ASM_USER_PAGE_H
#define ASM_USER_PAGE_H

#include <asm/paging.h>
#include <asm/registers.h>
#include <tessera/arch_user.h>
#include <tessera/list.h>

typedef page_entry user_entry;

#define USER_LEVELS	PAGE_LEVELS
#define USER_LEVEL_BITS LEVEL_BITS

struct page_table {
	user_entry *root;
	unsigned long cr3;     /* its physical address */
	struct list_node link; /* on the list of all, for kernel entries that come later */
};

int page_table_create(struct page_table *table);
void page_table_destroy(struct page_table *table);

/* What CR3 holds. Changes with interrupts masked. */
extern unsigned long page_table_loaded;

/* ---- Entries ---- */

#define ENTRY_FORBIDDEN ((page_entry)0x800) /* ours: a page, but not present */

/* The flags of a page's entry by AREA_READ | AREA_WRITE | AREA_EXECUTE. */
extern page_entry user_page_flags[8];

static inline bool entry_is_present(user_entry entry)
{
	return entry != 0;
}

static inline user_entry *entry_table(user_entry entry)
{
	return phys_to_virt((phys_addr_t)(entry & ENTRY_ADDRESS));
}

static inline user_entry entry_for_table(const void *table, int level)
{
	/* The top table of PAE knows no user bit; what lies below it decides. */
	user_entry user = table_flags(level) & ENTRY_WRITE ? ENTRY_USER : 0;

	return virt_to_phys(table) | table_flags(level) | user;
}

static inline pfn_t entry_pfn(user_entry entry)
{
	return (pfn_t)((entry & ENTRY_ADDRESS) >> PAGE_SHIFT);
}

static inline user_entry entry_for_page(pfn_t pfn, unsigned access)
{
	return (user_entry)pfn << PAGE_SHIFT | user_page_flags[access];
}

static inline bool entry_allows(user_entry entry, unsigned access)
{
	if (access == AREA_WRITE)
		return entry & ENTRY_WRITE;
	if (access == AREA_EXECUTE && (entry & ENTRY_NO_EXECUTE))
		return false;
	return entry & ENTRY_PRESENT;
}

static inline user_entry entry_read_only(user_entry entry)
{
	return entry & ~ENTRY_WRITE;
}

static inline void entry_set(user_entry *slot, user_entry entry)
{
	volatile unsigned long *words = (volatile unsigned long *)slot;

	/* PAE: the half that says whether the entry is present last, and not present meanwhile. */
	if (sizeof(entry) > sizeof(*words)) {
		words[0] = 0;
		words[1] = (unsigned long)((uint64_t)entry >> 32);
	}
	words[0] = (unsigned long)entry;
}

/* ---- What the processor remembers ---- */

static inline void page_table_reload(const struct page_table *table)
{
	if (table->cr3 == page_table_loaded)
		write_cr3(table->cr3);
}

static inline void tlb_entry_added(struct page_table *table, uintptr_t address, user_entry *slot)
{
}

static inline void tlb_entry_removed(struct page_table *table, uintptr_t address)
{
	if (table->cr3 == page_table_loaded)
		tlb_flush_page(address);
}

static inline void tlb_entry_changed(struct page_table *table, uintptr_t address, user_entry *slot)
{
	tlb_entry_removed(table, address);
}

static inline void tlb_space_changed(struct page_table *table)
{
	page_table_reload(table);
}

static inline void tlb_table_added(struct page_table *table, int level)
{
	if (PAGE_LEVELS == 3 && level == 2)
		page_table_reload(table);
}

/* ---- Content of pages ---- */

#ifdef CONFIG_64BIT
#define STRING_WORD "q" /* the widest string instructions */
#else
#define STRING_WORD "l"
#endif

static inline void page_clear(void *to)
{
	size_t count = PAGE_SIZE / sizeof(long);

	__asm__ volatile("rep stos" STRING_WORD : "+D"(to), "+c"(count) : "a"(0ul) : "memory");
}

static inline void page_copy(void *to, const void *from)
{
	size_t count = PAGE_SIZE / sizeof(long);

	__asm__ volatile("rep movs" STRING_WORD : "+D"(to), "+S"(from), "+c"(count) : : "memory");
}

static inline void page_code_written(void *page)
{
}

#endif

/* SPDX-License-Identifier: MIT */
/*
 * What a signal handler returns to when its program named no restorer, as programs of i386 need not.
 * Code on the stack, Linux's old way, would need an executable stack; so it lies in a page that all
 * programs share, the last but one of the address space (the last stays empty: -1 is no pointer). That
 * is in the kernel's part, so it costs a program nothing and cannot be unmapped; it is the only page
 * there that programs can read, and it holds nothing but these few instructions.
 */
#include <asm/descriptors.h>
#include <asm/user_page.h>
#include <tessera/arch.h>
#include <tessera/kernel.h>
#include <tessera/page.h>
#include <tessera/string.h>

#include "trampoline.h"

/* All that `int` needs is in the interrupt table. Every address space copies what is changed here. */
void user_entry_init(void)
{
	struct page *page = page_alloc(1, 1, PAGE_ZERO);
	page_entry *table = kernel_top_table;

	if (!page || arch_vmap_page(TRAMPOLINE, page_to_phys(page), 0))
		boot_fail("no memory for the page that signal handlers return to");
	memcpy(page_address(page), trampoline_start, (size_t)(trampoline_end - trampoline_start));

	/* The user's at every level that can say so. */
	for (int level = PAGE_LEVELS - 1; level; level--) {
		page_entry *entry = &table[level_index(TRAMPOLINE, level)];

		table = entry_table(*entry);
		*entry = (*entry & ~ENTRY_USER) | entry_for_table(table, level);
	}
	entry_set(&table[level_index(TRAMPOLINE, 0)],
		  entry_for_page(page_to_pfn(page), AREA_READ | AREA_EXECUTE));
	tlb_flush_page(TRAMPOLINE);

	/* The kernel's data segment from now on (user_entry.S). */
	__asm__ volatile("movl %0, %%ds\n\tmovl %0, %%es" : : "r"(USER_DATA) : "memory");
}

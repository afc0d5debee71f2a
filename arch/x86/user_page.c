/* SPDX-License-Identifier: MIT */
/*
 * The top tables of programs' address spaces, and which of them the processor uses
 * (asm/user_page.h has the entries).
 *
 * Method. The upper entries of a program's top table are copies of the kernel's own, so both lead to
 * the same lower tables and nothing has to be kept alike below. Only the entries that exist are copied,
 * one on x86_64 for each 512 GiB of memory and two more, one with PAE, a good 30 with two levels; `slots`
 * lists them. When the kernel maps its first page under a new entry, which on i386 with two levels
 * happens once for each 4 MiB of stacks, kernel_entry_added puts it into all top tables at once:
 * a stack that is missing from the table in use cannot be mended by a fault, because the fault needs
 * the stack.
 *
 * Whoever runs in user mode runs in his own space; a kernel thread borrows the space that is loaded,
 * until somebody else's is or that space goes (arch_space_leave).
 */
#include <asm/user.h>
#include <tessera/address_space.h>
#include <tessera/errno.h>
#include <tessera/kmalloc.h>
#include <tessera/lock.h>

#define TOP_ENTRIES (TOP_TABLE_SIZE / sizeof(page_entry))

unsigned long page_table_loaded;
page_entry user_page_flags[8];

/* Indices of the kernel's entries, and all tables. The lock is taken inside the space's and vmap's: the
 * end of a sched_hold might switch there, where a spin_lock without PREEMPT_KERNEL is nothing but the
 * promise not to. */
static struct spinlock tables_lock = SPINLOCK_INIT(LOCK_PAGE_TABLES);
static uint16_t slots[TOP_ENTRIES];
static unsigned slot_count;
static struct list_node tables = LIST_INIT(tables);

void page_table_init(void)
{
	for (unsigned access = 1; access < ARRAY_SIZE(user_page_flags); access++) {
		page_entry flags = ENTRY_PRESENT | ENTRY_USER | ENTRY_ACCESSED;

		if (access & AREA_WRITE)
			flags |= ENTRY_WRITE | ENTRY_DIRTY;
		if (!(access & AREA_EXECUTE) && cpu_features.no_execute)
			flags |= ENTRY_NO_EXECUTE;
		user_page_flags[access] = flags;
	}
	user_page_flags[0] = ENTRY_FORBIDDEN;

	for (unsigned i = 0; i < TOP_ENTRIES; i++)
		if (kernel_top_table[i])
			slots[slot_count++] = (uint16_t)i;
	page_table_loaded = (unsigned long)image_to_phys(kernel_top_table);
}

/* The top table of PAE is 32 bytes; any other is a page. */

static user_entry *root_alloc(void)
{
	return TOP_TABLE_SIZE < PAGE_SIZE ? kzalloc(TOP_TABLE_SIZE) : table_alloc();
}

static void root_free(user_entry *root)
{
	if (TOP_TABLE_SIZE < PAGE_SIZE)
		kfree(root);
	else
		table_free(root);
}

int page_table_create(struct page_table *table)
{
	user_entry *root = root_alloc();

	if (!root)
		return -ENOMEM;
	table->root = root;
	table->cr3 = (unsigned long)virt_to_phys(root);
	spin_lock(&tables_lock);
	list_add_tail(&tables, &table->link);
	for (unsigned i = 0; i < slot_count; i++)
		root[slots[i]] = kernel_top_table[slots[i]];
	spin_unlock(&tables_lock);
	return 0;
}

void page_table_destroy(struct page_table *table)
{
	spin_lock(&tables_lock);
	list_remove(&table->link);
	for (unsigned i = 0; i < slot_count; i++)
		table->root[slots[i]] = 0;
	spin_unlock(&tables_lock);
	root_free(table->root);
}

/* Before page_table_init nothing needs to be done: nobody else has a top table. */
void kernel_entry_added(unsigned index)
{
	spin_lock(&tables_lock);
	if (slot_count) {
		slots[slot_count++] = (uint16_t)index;
		list_for_each(node, &tables)
			list_entry(node, struct page_table, link)->root[index] =
				kernel_top_table[index];
	}
	spin_unlock(&tables_lock);
}

static void load(unsigned long cr3)
{
	page_table_loaded = cr3;
	write_cr3(cr3);
}

void arch_space_load(struct address_space *space)
{
	if (space->table.cr3 != page_table_loaded)
		load(space->table.cr3);
}

void arch_space_leave(struct address_space *space)
{
	unsigned long flags = irq_save();

	if (space->table.cr3 == page_table_loaded)
		load((unsigned long)image_to_phys(kernel_top_table));
	irq_restore(flags);
}

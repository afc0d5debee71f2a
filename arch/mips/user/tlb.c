/* SPDX-License-Identifier: MIT */
/*
 * Address spaces and the TLB: asm/user_page.h explains the tables and the ASIDs.
 *
 * What the refill vector needs is in two registers: EntryHi has the ASID, ErrorEPC the root table.
 * Between programs the kernel's own empty root is loaded, so that a stray access of the kernel is found
 * to be one.
 *
 * LOCK_SPACE, or masked interrupts, keep a switch to another space out of every function here;
 * interrupt handlers touch no user memory, so they do no harm between a probe and a write.
 *
 * Cost: a changed space and a new ASID some 30 instructions, and the whole TLB (4 an entry) once in 255
 * times.
 */
#include <asm/irqflags.h>
#include <asm/setup.h>
#include <asm/user.h>
#include <asm/user_page.h>
#include <tessera/address_space.h>
#include <tessera/errno.h>
#include <tessera/string.h>

#include "user.h"

#define ASID_LAST 255

static user_entry kernel_root[PAGE_SIZE / sizeof(user_entry)] __aligned(PAGE_SIZE);
static user_entry window[PAGE_SIZE / sizeof(user_entry)] __aligned(PAGE_SIZE);
static uint32_t trampoline[PAGE_SIZE / sizeof(uint32_t)] __aligned(PAGE_SIZE);

static struct page_table kernel_table = { .root = kernel_root };
struct user_mmu user_mmu = { .loaded = &kernel_table, .generation = 1 };

_Static_assert(USER_WINDOW_INDEX == USER_END >> (PAGE_SHIFT + USER_LEVEL_BITS), "the window");
_Static_assert(offsetof(struct address_space, table) == 0, "switch.S takes one for the other");

static void asid_take(struct page_table *table)
{
	if (user_mmu.last_asid == ASID_LAST) {
		tlb_flush();
		user_mmu.last_asid = 0;
		if (!++user_mmu.generation)
			user_mmu.generation = 1;
	}
	table->asid = ++user_mmu.last_asid;
	table->generation = user_mmu.generation;
}

static void load(struct page_table *table)
{
	user_mmu.loaded = table;
	cp0_write(CP0_ENTRYHI, table->asid);
	cp0_write(CP0_ERROREPC, (uintptr_t)table->root);
	cp0_barrier();
}

void arch_space_load(struct address_space *space)
{
	if (!tlb_knows(&space->table))
		asid_take(&space->table);
	load(&space->table);
}

void arch_space_leave(struct address_space *space)
{
	unsigned long flags = irq_save();

	if (user_mmu.loaded == &space->table)
		load(&kernel_table);
	irq_restore(flags);
}

static inline uint32_t entry_hi(uintptr_t address, uint32_t asid)
{
	/* gcc makes three instructions of the C that says this. */
	__asm__("ins %0, %1, 0, 13" : "+r"(address) : "r"(asid));
	return address;
}

_Static_assert(2 * PAGE_SIZE == 1u << 13, "entry_hi");

/* Looks for the entry of the pair of pages that holds `address`; afterwards EntryHi names it. */
static inline bool tlb_probe(uintptr_t address, uint32_t asid)
{
	cp0_write(CP0_ENTRYHI, entry_hi(address, asid));
	__asm__ volatile("ehb\n\ttlbp\n\tehb" : : : "memory");
	return (int32_t)cp0_read(CP0_INDEX) >= 0;
}

static inline void tlb_probe_end(void)
{
	cp0_write(CP0_ENTRYHI, user_mmu.loaded->asid);
	cp0_barrier();
}

void tlb_write(uintptr_t address, const user_entry *slot, uint32_t asid)
{
	const user_entry *pair = (const user_entry *)ALIGN_DOWN((uintptr_t)slot, 2 * sizeof(*slot));
	bool found = tlb_probe(address, asid);

	cp0_write(CP0_ENTRYLO0, pair[0]);
	cp0_write(CP0_ENTRYLO1, pair[1]);
	cp0_barrier();
	if (likely(found))
		__asm__ volatile("tlbwi" : : : "memory");
	else
		__asm__ volatile("tlbwr" : : : "memory");
}

void tlb_write_other(const struct page_table *table, uintptr_t address, const user_entry *slot)
{
	tlb_write(address, slot, table->asid);
	tlb_probe_end();
}

void tlb_remove(const struct page_table *table, uintptr_t address)
{
	if (tlb_probe(address, table->asid)) {
		cp0_write(CP0_ENTRYHI, KSEG0_BASE + cp0_read(CP0_INDEX) * 2 * PAGE_SIZE);
		cp0_write(CP0_ENTRYLO0, 0);
		cp0_write(CP0_ENTRYLO1, 0);
		__asm__ volatile("ehb\n\ttlbwi" : : : "memory");
	}
	tlb_probe_end();
}

void tlb_space_changed(struct page_table *table)
{
	unsigned long flags;

	if (!tlb_knows(table))
		return;
	flags = irq_save();
	table->generation = 0;
	if (table == user_mmu.loaded) {
		asid_take(table);
		load(table);
	}
	irq_restore(flags);
}

int page_table_create(struct page_table *table)
{
	*table = (struct page_table){ .root = table_alloc() };
	if (!table->root)
		return -ENOMEM;
	table->root[USER_WINDOW_INDEX] = entry_for_table(window, 1);
	return 0;
}

void page_table_destroy(struct page_table *table)
{
	table->root[USER_WINDOW_INDEX] = 0;
	table_free(table->root);
}

void trampoline_set(const uint32_t *code, size_t size)
{
	memcpy(trampoline, code, size);
	page_code_written(trampoline);
	window[USER_TRAMPOLINE / PAGE_SIZE % ARRAY_SIZE(window)] =
		entry_for_page(virt_to_phys(trampoline) >> PAGE_SHIFT, AREA_READ | AREA_EXECUTE);
}

void tlb_init(void)
{
	load(&kernel_table);
}

/* SPDX-License-Identifier: MIT */
/*
 * The kernel's final page tables, for all three formats (asm/page_format.h).
 *
 * Method. Tables are radix trees; `map` fills a range with the largest pages that its alignment and
 * length allow, one run of entries at a time, so the cost is that of the entries written: some
 * hundred for any amount of memory. Nothing is ever split: where the image lies the direct map has
 * small pages from the beginning, and what differs in protection is then written over.
 *
 *	direct map	all memory of the map, writable, not executable
 *	image		text read-only and executable, constants read-only, data writable; the
 *			guard below the boot stack is not mapped
 *	its alias	in the direct map (x86_64; on i386 it is the image itself): text and constants
 *			read-only
 *
 * The lower part of the address space, and with it page 0, stays empty; programs have tables of their
 * own (user_page.c). A large page may reach over the end of a range of memory into what lies behind
 * it; nothing goes there, and where that is a device the firmware's MTRRs keep it uncached whatever
 * the page says.
 *
 * Source: Intel SDM volume 3A, chapter 4.
 */
#include <asm/descriptors.h>
#include <asm/paging.h>
#include <asm/registers.h>
#include <tessera/arch.h>
#include <tessera/errno.h>
#include <tessera/linker.h>
#include <tessera/memory_map.h>
#include <tessera/page.h>
#include <tessera/string.h>

/* On i386 the image is part of the direct map. */
#define IMAGE_IN_DIRECT_MAP (IMAGE_BASE == DIRECT_MAP_BASE)

/* Empty, as whoever loads the image leaves it. */
page_entry kernel_top_table[TOP_TABLE_SIZE / sizeof(page_entry)] __aligned(TOP_TABLE_SIZE);

/* Accessed and dirty from the start, so that the processor never has to write them. What the CPU
 * does not offer is taken out by arch_paging_init. */
static page_entry text_flags = ENTRY_PRESENT | ENTRY_ACCESSED | ENTRY_DIRTY | ENTRY_GLOBAL;
static page_entry rodata_flags, data_flags;

/* clear: not every entry of it is about to be written. */
static page_entry *table_from_boot_memory(bool clear)
{
	page_entry *table = boot_alloc(PAGE_SIZE, PAGE_SIZE);

	return clear ? memset(table, 0, PAGE_SIZE) : table;
}

static page_entry *table_from_page_allocator(bool clear)
{
	struct page *page = page_alloc(1, 1, clear ? PAGE_ZERO : 0);

	return page ? page_address(page) : NULL;
}

static page_entry *next_table(page_entry entry)
{
	return phys_to_virt(entry & ENTRY_ADDRESS);
}

/*
 * The first of `count` entries at `level` that are about to be written, `virtual`'s; tables on the way
 * are made. NULL: `make_table` gave none.
 */
static page_entry *entries_at(uintptr_t virtual, int level, size_t count,
			      page_entry *(*make_table)(bool clear))
{
	page_entry *table = kernel_top_table;

	for (int l = PAGE_LEVELS - 1; l > level; l--) {
		page_entry *entry = &table[level_index(virtual, l)];

		if (*entry & ENTRY_PRESENT) {
			table = next_table(*entry);
			continue;
		}
		table = make_table(l > level + 1 || count < ENTRIES_PER_TABLE);
		if (!table)
			return NULL;
		*entry = virt_to_phys(table) | table_flags(l);
	}
	return &table[level_index(virtual, level)];
}

page_entry page_lookup(uintptr_t virtual, int *level)
{
	/* Whatever is in use, the start-up tables too; the low bits of CR3 are flags. */
	page_entry *table = phys_to_virt(read_cr3() & ~0x1ful);

	for (int l = PAGE_LEVELS - 1;; l--) {
		page_entry entry = table[level_index(virtual, l)];

		if (!(entry & ENTRY_PRESENT))
			return 0;
		/* Bit 7 of a top entry is not ENTRY_LARGE, but must be 0. */
		if (l == 0 || (entry & ENTRY_LARGE)) {
			if (level)
				*level = l;
			return entry;
		}
		table = next_table(entry);
	}
}

static __always_inline void fill_eight(page_entry *entry, page_entry value, uintptr_t bytes,
				       uintptr_t step)
{
	write_entry(entry, value, bytes);
	write_entry(entry + 1, value, bytes + step);
	write_entry(entry + 2, value, bytes + 2 * step);
	write_entry(entry + 3, value, bytes + 3 * step);
	write_entry(entry + 4, value, bytes + 4 * step);
	write_entry(entry + 5, value, bytes + 5 * step);
	write_entry(entry + 6, value, bytes + 6 * step);
	write_entry(entry + 7, value, bytes + 7 * step);
}

/* Sixteen at a time, because the entries are most of what building the tables costs. */
static __always_inline void fill(page_entry *entry, page_entry value, uintptr_t step, size_t count)
{
	uintptr_t bytes = 0;

	for (; !IS_ENABLED(CONFIG_OPTIMIZE_SIZE) && count >= 16; count -= 16) {
		fill_eight(entry, value, bytes, step);
		fill_eight(entry + 8, value, bytes + 8 * step, step);
		entry += 16;
		bytes += 16 * step;
	}
	for (; count; count--) {
		write_entry(entry++, value, bytes);
		bytes += step;
	}
}

/* In pages of at most `level`. Physical addresses here are those of memory that the direct map
 * reaches: they fit a pointer. */
static void map(uintptr_t virtual, uintptr_t physical, size_t size, int max_level, page_entry flags)
{
	while (size) {
		int level = max_level;
		page_entry *entry, value;
		size_t count;

		while (level && (size >> level_shift(level) == 0 ||
				 !IS_ALIGNED(virtual | physical, 1ull << level_shift(level))))
			level--;

		/* To the end of this table or of the range. */
		count = ENTRIES_PER_TABLE - level_index(virtual, level);
		count = MIN(count, size >> level_shift(level));
		entry = entries_at(virtual, level, count, table_from_boot_memory);
		value = physical | flags | (level ? ENTRY_LARGE : 0);
		virtual += count << level_shift(level);
		physical += count << level_shift(level);
		size -= count << level_shift(level);

		/* The usual steps are constants: each entry then is an addition and a store. */
		if (IS_ENABLED(CONFIG_OPTIMIZE_SIZE) || level > 1)
			fill(entry, value, (uintptr_t)1 << level_shift(level), count);
		else if (level == 1)
			fill(entry, value, (uintptr_t)1 << level_shift(1), count);
		else
			fill(entry, value, (uintptr_t)1 << level_shift(0), count);
	}
}

static void map_image_part(const char *start, const char *end, page_entry flags)
{
	map((uintptr_t)start, (uintptr_t)image_to_phys(start), (size_t)(end - start),
	    largest_page_level(), flags);
}

static void map_image(void)
{
	map_image_part(__text_start, __text_end, text_flags);
	map_image_part(__rodata_start, __rodata_end, rodata_flags);
	map_image_part(__data_start, __boot_guard_start, data_flags);
	map_image_part(__boot_guard_start, __boot_guard_end, 0);
	map_image_part(__boot_guard_end, __image_end, data_flags);
}
/* Maps what of [start, end) lies in [from, to). */
static noinline void map_direct_part(uintptr_t start, uintptr_t end, uintptr_t from, uintptr_t to,
				     int max_level)
{
	start = MAX(start, from);
	end = MIN(end, to);
	if (start < end)
		map((uintptr_t)phys_to_virt(start), start, end - start, max_level, data_flags);
}

/* Bounds of large pages; small pages where the image lies. */
static void map_direct(uintptr_t start, uintptr_t end)
{
	uintptr_t image_start = (uintptr_t)image_to_phys(__image_start);
	uintptr_t image_end = (uintptr_t)image_to_phys(__image_end);

	image_start = ALIGN_DOWN(image_start, 1ul << level_shift(1));
	image_end = ALIGN_UP(image_end, 1ul << level_shift(1));
	map_direct_part(start, end, 0, image_start, largest_page_level());
	map_direct_part(start, end, image_start, image_end, 0);
	map_direct_part(start, end, image_end, UINTPTR_MAX, largest_page_level());
}

/* What is read-only in the image is so under its other name. */
static void map_alias(void)
{
	uintptr_t text = (uintptr_t)image_to_phys(__text_start);

	map((uintptr_t)phys_to_virt(text), text, (size_t)(__rodata_end - __text_start), 0,
	    rodata_flags);
}

/* All ranges of the map that hold memory, rounded outwards to large pages. */
static void map_memory(void)
{
	uintptr_t done = 0;
	unsigned count;
	const struct memory_range *range = memory_map_ranges(&count);

	for (; count; count--, range++) {
		uintptr_t start, end;

		if (range->type == MEMORY_RESERVED || range->base >= DIRECT_MAP_LIMIT)
			continue;
		start = ALIGN_DOWN((uintptr_t)range->base, 1ul << level_shift(1));
		end = (uintptr_t)MIN(range->end, DIRECT_MAP_LIMIT);
		end = ALIGN_UP(end, 1ul << level_shift(1));
		if (end <= done)
			continue;
		map_direct(MAX(start, done), end);
		done = end;
	}
}

void arch_paging_init(void)
{
	if (!cpu_features.global_pages)
		text_flags &= ~ENTRY_GLOBAL;
	rodata_flags = text_flags | (cpu_features.no_execute ? ENTRY_NO_EXECUTE : 0);
	data_flags = rodata_flags | ENTRY_WRITE;

	map_memory();
	if (!IMAGE_IN_DIRECT_MAP)
		map_alias();
	map_image();

	/* The start-up tables have no global pages, so writing CR3 forgets all of them. */
	write_cr3((unsigned long)image_to_phys(kernel_top_table));
	descriptors_set_page_table(read_cr3());
	if (cpu_features.global_pages)
		write_cr4(read_cr4() | CR4_PGE);
}

uintptr_t arch_vmap_start(void)
{
	return VMAP_START;
}

uintptr_t arch_vmap_end(void)
{
	return VMAP_END;
}

/* Tables stay when their last page goes: the next mapping will want them. */
int arch_vmap_page(uintptr_t virtual, phys_addr_t physical, unsigned protection)
{
	unsigned top_index = level_index(virtual, PAGE_LEVELS - 1);
	bool top_present = kernel_top_table[top_index];
	page_entry *entry = entries_at(virtual, 0, 1, table_from_page_allocator);

	if (IS_ENABLED(CONFIG_USER_MODE) && !top_present && kernel_top_table[top_index])
		kernel_entry_added(top_index);
	if (!entry)
		return -ENOMEM;
	if (physical & ~(phys_addr_t)ENTRY_ADDRESS)
		return -EINVAL;
	*entry = (page_entry)physical | rodata_flags | (protection & VMAP_WRITE ? ENTRY_WRITE : 0) |
		 (protection & VMAP_DEVICE ? ENTRY_UNCACHED : 0);
	return 0;
}

void arch_vunmap_page(uintptr_t virtual)
{
	*entries_at(virtual, 0, 1, table_from_page_allocator) = 0;
	tlb_flush_page(virtual);
}

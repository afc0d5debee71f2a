/* SPDX-License-Identifier: MIT */
/*
 * The physical memory map: what the loader or firmware reports (in any order, overlapping,
 * empty, unaligned), kept as sorted ranges that do not overlap. Until the page array stands it is
 * also the boot allocator. Start-up only, one CPU, no locks. n is the number of ranges (at most
 * MEMORY_RANGES_MAX).
 */
#ifndef TESSERA_MEMORY_MAP_H
#define TESSERA_MEMORY_MAP_H

#include <tessera/compiler.h>

#define MEMORY_RANGES_MAX 64

/* No address at or above this one is used, whatever the architecture can reach: a page descriptor
 * has 32 bits for the length of a block (page.h). */
#define MEMORY_LIMIT (1ull << 39)

/* From the most to the least usable: where ranges overlap, the larger value wins. */
enum memory_type {
	MEMORY_USABLE,
	MEMORY_TAKEN,	    /* usable, but in use since start-up: memory_map_reserve, boot_alloc */
	MEMORY_UNREACHABLE, /* usable, but at or above the limit of memory_map_finish */
	MEMORY_ACPI,	    /* ACPI tables: never given out */
	MEMORY_RESERVED,    /* firmware, holes, devices: anything that is not ours */
};

struct memory_range {
	phys_addr_t base;
	phys_addr_t end; /* the first address behind it */
	enum memory_type type;
	const char *name; /* who took it, or NULL */
};

/* ---- The machine's map ---- */

/*
 * Adds a range as the loader reports it. Empty ranges are ignored; a range that wraps around ends
 * at the top of the address space (with a warning). Where ranges overlap, the less usable type
 * wins. -ENOSPC, with a warning, when the table is full: memory that cannot be entered is then
 * not used, and what is not usable stays so. O(n).
 */
int memory_map_add(phys_addr_t base, phys_addr_t size, enum memory_type type);

/*
 * Keeps a part of memory from being given out: the kernel image, the loader's structures, the
 * initramfs. `name` (a constant string) is printed. Rounded outwards to whole pages. May come
 * before or after the range that it lies in. Result as memory_map_add.
 */
int memory_map_reserve(phys_addr_t base, phys_addr_t size, const char *name);

/*
 * Clips the map: free ranges shrink to whole pages, frame 0 is never given out, and what lies at or
 * above `limit` (the first physical address that the architecture cannot use) is reported and left
 * alone. Prints the map. Once, by the start-up code. O(n^2) for small n.
 */
void memory_map_finish(phys_addr_t limit);

/*
 * Takes size bytes, aligned to `align` (a power of two), in whole pages, from the lowest usable
 * memory below boot_alloc_limit (physical). Gives its address in the direct map; the memory is not
 * cleared. Never fails: too little memory ends in boot_fail. Between memory_map_finish and
 * page_init only; after that it panics.
 */
void *boot_alloc(size_t size, size_t align);

/* Set by the architecture to what its start-up page tables map. Default: no limit. */
extern phys_addr_t boot_alloc_limit;

/* From now on memory belongs to the page allocator (page_init): ends boot_alloc. */
void memory_map_close(void);

/* Calls `each` for every longest free range [first, first + count) of page frames in ascending
 * order: reserved and boot-allocated parts are left out. After memory_map_finish. O(n). */
void memory_map_each_free(void (*each)(pfn_t first, pfn_t count, void *arg), void *arg);

/* Bytes of RAM that the kernel can use (free or taken), and those that it cannot reach. */
phys_addr_t memory_map_usable(void);
phys_addr_t memory_map_unreachable(void);

/* The sorted ranges, for the monitor and for the architecture's direct map. */
const struct memory_range *memory_map_ranges(unsigned *count);

/* What a range is, for people: its name, or its type in words. */
const char *memory_range_name(const struct memory_range *range);

/* The first physical address above all RAM that the kernel can use. */
phys_addr_t memory_map_end(void);

/* ---- Any map: what the functions above stand on (and the tests) ---- */

struct memory_map {
	unsigned count;
	bool full; /* something did not fit: no more usable memory is taken in */
	struct memory_range ranges[MEMORY_RANGES_MAX];
};

extern struct memory_map memory_map; /* the machine's */

/* Enters [base, end): every address in it gets the less usable of this type and what it was.
 * -ENOSPC when some of it had to be left out, as said above. O(n). */
int memory_map_paint(struct memory_map *map, phys_addr_t base, phys_addr_t end,
		     enum memory_type type, const char *name);

/* The clipping of memory_map_finish. */
void memory_map_clip(struct memory_map *map, phys_addr_t limit);

/* The lowest place for size bytes with this alignment (a power of two) in free memory below
 * `limit`; 0: none (frame 0 is never free). Changes nothing. O(n). */
phys_addr_t memory_map_find(const struct memory_map *map, phys_addr_t size, phys_addr_t align,
			    phys_addr_t limit);

#endif

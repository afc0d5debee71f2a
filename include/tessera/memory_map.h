/* SPDX-License-Identifier: MIT */
/*
 * The physical memory map: what the loader or firmware reports (in any order, overlapping,
 * empty, unaligned), made into sorted, merged, page-aligned ranges of usable memory from which
 * reserved parts are cut. Until the page array stands it is also the boot allocator.
 * Start-up only, one CPU, no locks. n is the number of ranges (at most MEMORY_RANGES_MAX).
 */
#ifndef TESSERA_MEMORY_MAP_H
#define TESSERA_MEMORY_MAP_H

#include <tessera/compiler.h>

#define MEMORY_RANGES_MAX 64

enum memory_type {
	MEMORY_USABLE,
	MEMORY_RESERVED, /* firmware, holes, devices: anything that is not ours */
	MEMORY_ACPI,	 /* ACPI tables: never given out */
};

struct memory_range {
	phys_addr_t base;
	phys_addr_t size;
	enum memory_type type;
};

/*
 * Adds a range as the loader reports it. Empty ranges and ranges that wrap around are ignored
 * (the latter with a warning). Where ranges overlap, the less usable type wins. -ENOSPC, with a
 * warning, when the table is full: the range is then not used. O(n).
 */
int memory_map_add(phys_addr_t base, phys_addr_t size, enum memory_type type);

/*
 * Keeps a part of memory from being given out: the kernel image, the loader's structures,
 * the initramfs. `name` (a constant string) is printed. Rounded outwards to whole pages.
 */
int memory_map_reserve(phys_addr_t base, phys_addr_t size, const char *name);

/*
 * Sorts, merges and clips the map: usable ranges shrink to whole pages; what lies at or above
 * `limit` (the first physical address that the architecture cannot use) is counted, reported,
 * and left alone. Prints the map. Called once, by the start-up code. O(n^2) for small n.
 */
void memory_map_finish(phys_addr_t limit);

/*
 * Takes size bytes, aligned to `align` (a power of two, at least one page is used for it), from
 * the lowest usable unreserved memory below boot_alloc_limit (physical). Gives its address in
 * the direct map; the memory is not cleared. Never fails: too little memory ends in boot_fail.
 * Between memory_map_finish and page_init only.
 */
void *boot_alloc(size_t size, size_t align);

/* Set by the architecture to what its start-up page tables map. Default: no limit. */
extern phys_addr_t boot_alloc_limit;

/*
 * Calls `each` for every maximal free range [first, first + count) of page frames in ascending
 * order, reserved and boot-allocated parts left out. O(n).
 */
void memory_map_each_free(void (*each)(pfn_t first, pfn_t count, void *arg), void *arg);

/* Usable bytes in all, and those at or above the limit that cannot be addressed. */
phys_addr_t memory_map_usable(void);
phys_addr_t memory_map_unreachable(void);

/* The map as finished, for the monitor and for the architecture's direct map. */
const struct memory_range *memory_map_ranges(unsigned *count);

/* The first physical address above all usable memory (after clipping). */
phys_addr_t memory_map_end(void);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Pages and the kernel's address space, x86_64 (Documentation/x86.md has the picture). Also read by
 * assembly and by the linker script.
 */
#ifndef ASM_PAGE_H
#define ASM_PAGE_H

#define PAGE_SHIFT 12

#define DIRECT_MAP_BASE 0xffff800000000000
#define VMAP_START	0xffffc00000000000 /* the 64 TiB behind it; one page table of level 3 ... */
#define VMAP_END	0xffffc08000000000 /* ... covers 512 GiB */
#define IMAGE_BASE	0xffffffff80000000 /* where physical address 0 of the image would be */

#define BOOT_STACK_SIZE 16384

#ifndef __ASSEMBLY__

#include <tessera/types.h>

#define PAGE_SIZE	 ((size_t)1 << PAGE_SHIFT)
#define DIRECT_MAP_LIMIT ((phys_addr_t)1 << 46)

static inline void *phys_to_virt(phys_addr_t physical)
{
	return (void *)(physical + DIRECT_MAP_BASE);
}

/* Of an address in the direct map. */
static inline phys_addr_t virt_to_phys(const void *pointer)
{
	return (uintptr_t)pointer - DIRECT_MAP_BASE;
}

/* Of an address in the kernel image. */
static inline phys_addr_t image_to_phys(const void *pointer)
{
	return (uintptr_t)pointer - IMAGE_BASE;
}

#endif
#endif

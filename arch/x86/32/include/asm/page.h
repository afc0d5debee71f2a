/* SPDX-License-Identifier: MIT */
/*
 * Pages and the kernel's address space, i386 (Documentation/x86.md has the picture). The image is
 * part of the direct map. Also read by assembly and by the linker script.
 */
#ifndef ASM_PAGE_H
#define ASM_PAGE_H

#define PAGE_SHIFT 12

#define DIRECT_MAP_BASE 0xc0000000
#define IMAGE_BASE	DIRECT_MAP_BASE /* where physical address 0 of the image would be */
#define VMAP_START	0xf8400000	/* 896 MiB and an unmapped gap of 4 MiB behind it */
#define VMAP_END	0xfffff000

#define BOOT_STACK_SIZE 8192

#ifndef __ASSEMBLY__

#include <tessera/types.h>

#define PAGE_SIZE	 ((size_t)1 << PAGE_SHIFT)
#define DIRECT_MAP_LIMIT ((phys_addr_t)0x38000000)

static inline void *phys_to_virt(phys_addr_t physical)
{
	return (void *)((uintptr_t)physical + DIRECT_MAP_BASE);
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

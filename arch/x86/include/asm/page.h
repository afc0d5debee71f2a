/* SPDX-License-Identifier: MIT */
/* Pages, and physical addresses as pointers. Also read by assembly and by the linker script. */
#ifndef ASM_PAGE_H
#define ASM_PAGE_H

#include <asm/address_space.h>

#define PAGE_SHIFT 12

#ifndef __ASSEMBLY__

#include <tessera/types.h>

#define PAGE_SIZE	 ((size_t)1 << PAGE_SHIFT)
#define DIRECT_MAP_LIMIT ((phys_addr_t)DIRECT_MAP_SIZE)

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

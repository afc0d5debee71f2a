/* SPDX-License-Identifier: MIT */
/* Memory as the kernel sees it: kseg0 shows the first 512 MiB, cached, without any mapping. */
#ifndef ASM_PAGE_H
#define ASM_PAGE_H

#define PAGE_SHIFT 12
#ifdef __ASSEMBLY__
#define PAGE_SIZE 4096
#else
#define PAGE_SIZE ((size_t)1 << PAGE_SHIFT)
#endif

#define KSEG0_BASE	 0x80000000
#define KSEG1_BASE	 0xa0000000
#define DIRECT_MAP_LIMIT 0x20000000

/* Where the image begins, with the vectors: behind QEMU's firmware data (physical 0x2000 to
 * 0x3040), low enough to run in 1 MiB. A multiple of 64 KiB, so that one `lui` makes it. */
#define IMAGE_BASE 0x80010000

#ifndef __ASSEMBLY__

#include <tessera/types.h>

static inline void *phys_to_virt(phys_addr_t address)
{
	return (void *)(KSEG0_BASE + (uintptr_t)address);
}

static inline phys_addr_t virt_to_phys(const volatile void *address)
{
	return (uintptr_t)address - KSEG0_BASE;
}

/* The same memory uncached, in kseg1: for devices. NULL: out of reach. */
static inline void *device_to_virt(phys_addr_t address)
{
	return address < DIRECT_MAP_LIMIT ? (void *)(KSEG1_BASE + (uintptr_t)address) : NULL;
}

#endif
#endif

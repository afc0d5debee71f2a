/* SPDX-License-Identifier: MIT */
/* The simulated machine's memory: physical address 0 is at host_memory (tests/host/machine.h). */
#ifndef ASM_PAGE_H
#define ASM_PAGE_H

#include <tessera/types.h>

#define PAGE_SHIFT 12
#define PAGE_SIZE  (1ul << PAGE_SHIFT)

#define DIRECT_MAP_LIMIT (1ull << 36)

extern char *host_memory;

static inline void *phys_to_virt(phys_addr_t physical)
{
	return host_memory + physical;
}

static inline phys_addr_t virt_to_phys(const void *virtual)
{
	return (phys_addr_t)((const char *)virtual - host_memory);
}

#endif

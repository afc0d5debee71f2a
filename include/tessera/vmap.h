/* SPDX-License-Identifier: MIT */
/*
 * Kernel virtual mappings outside the direct map: device memory and guarded stacks.
 * mm/vmap.c keeps the address range where the architecture has a kernel MMU (ARCH_HAS_VMAP);
 * elsewhere (MIPS: kseg1 reaches devices, kseg0 stacks end in a checked word) mm/no_vmap.c
 * fulfils the same contract. Threads and start-up code after object_init.
 */
#ifndef TESSERA_VMAP_H
#define TESSERA_VMAP_H

#include <tessera/compiler.h>

/*
 * Maps device memory uncached, readable and writable, never executable. Address and size need no
 * alignment. NULL: no address space or page-table memory left, or the architecture cannot reach it,
 * or size is 0. O(mappings + pages).
 */
void *vmap_device(phys_addr_t address, size_t size);

/* Undoes vmap_device: the same pointer it gave. O(mappings + pages). */
void vunmap_device(void *address);

/*
 * A kernel stack of `size` bytes (a multiple of PAGE_SIZE) whose end is guarded: by an unmapped
 * page below it, or by a word that stack_check() compares. Gives the lowest usable address, or
 * NULL (no memory). stack_free undoes it. O(mappings + pages).
 */
void *stack_alloc(size_t size);
void stack_free(void *stack, size_t size);

/* False when the guard word of a stack without guard page was overwritten. O(1). */
bool stack_check(const void *stack);

/* That word; the architecture sets it for the stack that start-up runs on. */
#define STACK_GUARD_WORD 0x5ac4e2d1

/* True when `address` lies in the guard page of some stack: tells a stack overflow from another
 * bad access. For trap handlers; O(stacks). */
bool stack_is_guard(uintptr_t address);

#endif

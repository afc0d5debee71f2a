/* SPDX-License-Identifier: MIT */
/*
 * The kernel's address space, x86_64 (Documentation/x86.md has the picture). Also read by assembly
 * and by the linker script.
 */
#ifndef ASM_ADDRESS_SPACE_H
#define ASM_ADDRESS_SPACE_H

#define DIRECT_MAP_BASE 0xffff800000000000
#define DIRECT_MAP_SIZE 0x0000400000000000 /* 64 TiB */
#define VMAP_START	0xffffc00000000000 /* right behind it */
#define VMAP_END	0xffffc08000000000 /* 512 GiB: what one entry of the top table covers */
#define IMAGE_BASE	0xffffffff80000000 /* where physical address 0 of the image would be */

/* Of programs. The last page is left out: after a system call at the end of it the processor would
 * have to return to an address that is none. */
#define USER_START     0x10000 /* null pointers, and what they are a little more than, fault */
#define USER_END       0x00007ffffffff000
#define USER_STACK_TOP (USER_END - 0x1000) /* whoever runs off its upper end faults too */

#define BOOT_STACK_SIZE 16384

#endif

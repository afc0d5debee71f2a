/* SPDX-License-Identifier: MIT */
/*
 * The kernel's address space, i386 (Documentation/x86.md has the picture). The image is part of the
 * direct map. Also read by assembly and by the linker script.
 */
#ifndef ASM_ADDRESS_SPACE_H
#define ASM_ADDRESS_SPACE_H

#define DIRECT_MAP_BASE 0xc0000000
#define DIRECT_MAP_SIZE 0x38000000 /* 896 MiB */
#define VMAP_START	0xf8400000 /* behind an unmapped gap of 4 MiB */
#ifdef CONFIG_USER_MODE
#define TRAMPOLINE 0xffffe000 /* a page that programs can execute: 32/trampoline.c */
#define VMAP_END   TRAMPOLINE
#else
#define VMAP_END 0xfffff000
#endif
#define IMAGE_BASE DIRECT_MAP_BASE /* where physical address 0 of the image would be */

/* Of programs. */
#define USER_START     0x10000 /* null pointers, and what they are a little more than, fault */
#define USER_END       DIRECT_MAP_BASE
#define USER_STACK_TOP (USER_END - 0x1000) /* whoever runs off its upper end faults too */

#define BOOT_STACK_SIZE 8192

#endif

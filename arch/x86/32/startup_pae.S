/* SPDX-License-Identifier: MIT */
/* Start-up page tables with PAE: the first and last quarter of the address space share one table of
 * 2 MiB pages. Changes EAX and ECX. */
#include <asm/page.h>
#include <asm/registers.h>

#define PHYS(symbol) ((symbol) - IMAGE_BASE)

#define TABLE_PRESENT 0x01		/* nothing else is allowed in the top table */
#define PAGE_FLAGS    0x83		/* present, writable, large */

	.section .text.entry, "ax"
	.globl	startup_tables
startup_tables:
	movl	$PHYS(level1) + TABLE_PRESENT, %eax
	movl	%eax, PHYS(level2)
	movl	%eax, PHYS(level2) + (DIRECT_MAP_BASE >> 30) * 8

	movl	$PAGE_FLAGS, %eax
	movl	$PHYS(level1), %ecx
1:	.set	place, 0
	.rept	8
	movl	%eax, place(%ecx)
	addl	$1 << 21, %eax
	.set	place, place + 8
	.endr
	addl	$8 * 8, %ecx
	cmpl	$1 << 30, %eax
	jb	1b

	movl	$CR4_PAE, %eax
	movl	%eax, %cr4
	movl	$PHYS(level2), %eax
	movl	%eax, %cr3
	ret

	/* Zero when the kernel is entered, as all of .bss. */
	.section .bss.boot_guard, "aw", @nobits
	.balign	1 << PAGE_SHIFT
level1:
	.skip	1 << PAGE_SHIFT
level2:
	.skip	1 << PAGE_SHIFT

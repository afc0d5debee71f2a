/* SPDX-License-Identifier: MIT */
/* Start-up page tables without PAE: one table, pages of 4 MiB; at 0 only the first, which holds the
 * instructions until the jump. Changes EAX and ECX. */
#include <asm/page.h>
#include <asm/registers.h>

#define PHYS(symbol) ((symbol) - IMAGE_BASE)

#define PAGE_FLAGS 0x83			/* present, writable, large */

	.section .text.entry, "ax"
	.globl	startup_tables
startup_tables:
	movl	$PAGE_FLAGS, %eax
	movl	%eax, PHYS(level1)
	movl	$PHYS(level1) + (DIRECT_MAP_BASE >> 22) * 4, %ecx
1:	.set	place, 0
	.rept	8
	movl	%eax, place(%ecx)
	addl	$1 << 22, %eax
	.set	place, place + 4
	.endr
	addl	$8 * 4, %ecx
	cmpl	$1 << 30, %eax
	jb	1b

	movl	$CR4_PSE, %eax
	movl	%eax, %cr4
	movl	$PHYS(level1), %eax
	movl	%eax, %cr3
	ret

	/* Zero when the kernel is entered, as all of .bss. */
	.section .bss.boot_guard, "aw", @nobits
	.balign	1 << PAGE_SHIFT
level1:
	.skip	1 << PAGE_SHIFT

/* SPDX-License-Identifier: MIT */
/*
 * From physical addresses to C in the upper quarter. The start-up tables (startup_two_level.S,
 * startup_pae.S) map the first GiB of physical memory at DIRECT_MAP_BASE, and at least its beginning
 * at 0, for the instructions until the jump. In: EDI, ESI as boot/entry.S says.
 */
#include <asm/descriptors.h>
#include <asm/page.h>
#include <asm/registers.h>

#define PHYS(symbol) ((symbol) - IMAGE_BASE)

	.section .text.entry, "ax"
	.globl	start_paging
start_paging:
	call	startup_tables		/* sets CR3 and CR4 */
	movl	$CR0_PG | CR0_WP | CR0_NE | CR0_ET | CR0_MP | CR0_PE, %eax
	lgdt	PHYS(gdt_pointer)	/* holds from the next segment loaded: the jump's */
	movl	%eax, %cr0
	ljmp	$KERNEL_CODE, $start_high
start_high:
	movl	$KERNEL_DATA, %eax
	movl	%eax, %ss
	movl	%eax, %ds
	movl	%eax, %es
	xorl	%ecx, %ecx
	movl	%ecx, %fs
	movl	%ecx, %gs
	movl	$boot_stack_end, %esp
	xorl	%ebp, %ebp		/* backtraces end here */
	movl	%edi, %eax		/* x86_start(who, information) */
	movl	%esi, %edx
	call	x86_start

	.section .rodata
	.balign	4
gdt_pointer:
	.word	KERNEL_TSS - 1
	.long	gdt

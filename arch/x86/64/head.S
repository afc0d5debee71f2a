/* SPDX-License-Identifier: MIT */
/*
 * From 32-bit mode without paging to C in the upper half (Intel SDM volume 3A, section 10.8.5).
 *
 * The start-up tables map the first GiB of physical memory, in pages of 2 MiB, three times: at 0, for
 * the instructions until the jump; at DIRECT_MAP_BASE; and at IMAGE_BASE. All three share one page
 * directory. In: EDI, ESI as boot/entry.S says.
 */
#include <asm/descriptors.h>
#include <asm/page.h>
#include <asm/registers.h>

#define PHYS(symbol) ((symbol) - IMAGE_BASE)

#define TABLE_FLAGS 0x03		/* present, writable */
#define PAGE_FLAGS  0x83		/* and large */

/* Places of 8 bytes in a table of level 3 (512 GiB each) and of level 2 (1 GiB each). */
#define LEVEL3(address) (((address) >> 39 & 511) * 8)
#define LEVEL2(address) (((address) >> 30 & 511) * 8)

	.code32
	.section .text.entry, "ax"
	.globl	start_paging
start_paging:
	movl	$PHYS(level2_direct) + TABLE_FLAGS, %eax
	movl	%eax, PHYS(level3)
	movl	%eax, PHYS(level3) + LEVEL3(DIRECT_MAP_BASE)
	movl	$PHYS(level2_image) + TABLE_FLAGS, PHYS(level3) + LEVEL3(IMAGE_BASE)
	movl	$PHYS(level1) + TABLE_FLAGS, %eax
	movl	%eax, PHYS(level2_direct)
	movl	%eax, PHYS(level2_image) + LEVEL2(IMAGE_BASE)

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

	/* Long mode begins when paging is switched on; the code segment then makes it 64-bit. */
	movl	$CR4_PAE, %eax
	movl	%eax, %cr4
	movl	$PHYS(level3), %eax
	movl	%eax, %cr3
	movl	$MSR_EFER, %ecx
	rdmsr
	orl	$EFER_LME, %eax
	wrmsr
	movl	$CR0_PG | CR0_WP | CR0_NE | CR0_ET | CR0_MP | CR0_PE, %eax
	movl	%eax, %cr0
	lgdt	PHYS(gdt_pointer)
	ljmp	$KERNEL_CODE, $PHYS(start_low)

	.code64
start_low:
	movq	$start_high, %rax
	jmp	*%rax
start_high:
	movl	$KERNEL_DATA, %eax
	movl	%eax, %ss
	movl	%eax, %ds
	movl	%eax, %es
	xorl	%eax, %eax
	movl	%eax, %fs
	movl	%eax, %gs
	movq	$boot_stack_end, %rsp
	xorl	%ebp, %ebp		/* backtraces end here */
	movl	%edi, %edi		/* x86_start(who, information): upper halves are 0 */
	movl	%esi, %esi
	call	x86_start

	.section .rodata
	.balign	8
gdt_pointer:
	.word	KERNEL_TSS - 1
	.long	PHYS(gdt)

	/* Zero when the kernel is entered, as all of .bss. */
	.section .bss.boot_guard, "aw", @nobits
	.balign	1 << PAGE_SHIFT
level3:
	.skip	1 << PAGE_SHIFT
level2_direct:
	.skip	1 << PAGE_SHIFT
level2_image:
	.skip	1 << PAGE_SHIFT
level1:
	.skip	1 << PAGE_SHIFT

/* SPDX-License-Identifier: MIT */
/*
 * The first instructions of the kernel. Both loaders enter in 32-bit protected mode with flat
 * segments, paging and interrupts off, and EBX at their information. This code checks that there is
 * memory under the whole image, which QEMU does not, and that the processor has what the kernel was
 * compiled for. It goes on to start_paging (32/head.S, 64/head.S) with
 *
 *	EDI	who started the kernel (BOOT_*)
 *	ESI	physical address of the loader's information
 *
 * It runs at physical addresses, below the place that it is linked for. Its messages are behind it,
 * on the image's first page: where there is no more memory than that they still come out.
 */
#include <asm/page.h>

#include "loader.h"

#define PHYS(symbol) ((symbol) - IMAGE_BASE)

#define FLAGS_ID (1 << 21)		/* can be changed: there is a CPUID instruction */

/* CPUID leaf 1, EDX: what gcc's -march=i686 and the page tables need. */
#define FEATURE_PSE  3
#define FEATURE_TSC  4
#define FEATURE_MSR  5
#define FEATURE_PAE  6
#define FEATURE_CMOV 15
#if defined(CONFIG_ARCH_X86_64) || defined(CONFIG_X86_PAE)
#define PAGE_FEATURES (1 << FEATURE_PAE | 1 << FEATURE_MSR)
#else
#define PAGE_FEATURES (1 << FEATURE_PSE)
#endif
#define FEATURES (PAGE_FEATURES | 1 << FEATURE_TSC | 1 << FEATURE_CMOV)

#define EXTENDED_LONG_MODE (1 << 29)	/* CPUID leaf 0x80000001, EDX */

/* Ports for the one message that comes before there is a console. */
#define SERIAL_DATA	0x3f8
#define SERIAL_STATUS	0x3fd
#define SERIAL_SENDABLE 0x20
#define VGA_TEXT	0xb8000
#define WHITE_ON_RED	0x4f
#define QEMU_EXIT	0xf4

#define LOW_STACK 0x7000		/* for a message: free memory on every PC */
#define PATTERN	  0x5aa5c33c

	.code32
	.section .text.entry, "ax"

	.globl	multiboot2_entry
multiboot2_entry:
	movl	$BOOT_MULTIBOOT2, %edi
	cmpl	$MULTIBOOT2_LOADER_MAGIC, %eax
	je	check_memory
	movl	$PHYS(no_loader), %esi
	jmp	fail

	.globl	pvh_entry
pvh_entry:
	movl	$BOOT_PVH, %edi

check_memory:
	cld
	movl	%ebx, %esi		/* CPUID changes EBX */
	movl	$PHYS(__image_end) - 4, %ecx
	movl	$PATTERN, (%ecx)
	cmpl	$PATTERN, (%ecx)
	movl	$0, (%ecx)		/* as it was: .bss */
	je	check_processor
	movl	$PHYS(no_memory), %esi
	jmp	fail

check_processor:
	movl	$PHYS(boot_stack_end), %esp
	pushfl
	popl	%eax
	movl	%eax, %ecx
	xorl	$FLAGS_ID, %eax
	pushl	%eax
	popfl
	pushfl
	popl	%eax
	xorl	%ecx, %eax
	testl	$FLAGS_ID, %eax
	movl	$PHYS(no_cpuid), %ebp
	jz	no_feature

	movl	$1, %eax
	cpuid
	notl	%edx
	andl	$FEATURES, %edx
	jnz	find_feature

#ifdef CONFIG_ARCH_X86_64
	movl	$PHYS(no_long_mode), %ebp
	movl	$0x80000000, %eax	/* the highest extended leaf */
	cpuid
	cmpl	$0x80000001, %eax
	jb	no_feature
	movl	$0x80000001, %eax
	cpuid
	testl	$EXTENDED_LONG_MODE, %edx
	jz	no_feature
#endif

	rdtsc
	movl	%eax, PHYS(boot_cycles_start)
	movl	%edx, PHYS(boot_cycles_start + 4)
	jmp	start_paging

	/* EDX has a bit for each feature that is missing: names the first. */
find_feature:
	bsfl	%edx, %edx
	movl	$PHYS(feature_names), %ebp
1:	cmpb	(%ebp), %dl
	leal	1(%ebp), %ebp
	je	no_feature
2:	cmpb	$0, (%ebp)		/* over the name */
	leal	1(%ebp), %ebp
	jne	2b
	jmp	1b

	/* EBP: the name of what is missing. */
no_feature:
	movl	$VGA_TEXT, %edi
	movl	$PHYS(processor_lacks), %esi
	call	print
	movl	%ebp, %esi
	jmp	1f

	/* ESI: the message. */
fail:
	movl	$LOW_STACK, %esp
	movl	$VGA_TEXT, %edi
1:	call	print
	movl	$PHYS(newline), %esi
	call	print
	movb	$1, %al			/* QEMU ends with status 3; other machines have no such port */
	outb	%al, $QEMU_EXIT
2:	hlt
	jmp	2b

	/* Prints the text at ESI to the serial port and to the screen at EDI. */
print:
	lodsb
	testb	%al, %al
	jz	3f
	movb	$WHITE_ON_RED, %ah
	stosw
	movb	%al, %bl
	movl	$100000, %ecx		/* then there is no such port */
	movw	$SERIAL_STATUS, %dx
1:	inb	%dx, %al
	testb	$SERIAL_SENDABLE, %al
	loopz	1b
	movb	%bl, %al
	movw	$SERIAL_DATA, %dx
	outb	%al, %dx
	jmp	print
3:	ret

no_loader:
	.asciz	"Tessera cannot start: it was not started by a multiboot2 loader"
no_memory:
	.asciz	"Tessera cannot start: the machine has too little memory for this kernel"
processor_lacks:
	.asciz	"Tessera cannot start: this kernel needs a processor with "
no_cpuid:
	.asciz	"the CPUID instruction (i686 or later)"
no_long_mode:
	.asciz	"64-bit mode; build the i386 kernel for this one"
newline:
	.asciz	"\r\n"
feature_names:
	.byte	FEATURE_PSE
	.asciz	"4 MiB pages (PSE)"
	.byte	FEATURE_TSC
	.asciz	"a time stamp counter (TSC)"
	.byte	FEATURE_MSR
	.asciz	"model-specific registers (MSR)"
	.byte	FEATURE_PAE
	.asciz	"physical address extension (PAE)"
	.byte	FEATURE_CMOV
	.asciz	"conditional moves (CMOV)"

/* SPDX-License-Identifier: MIT */
/*
 * Exception and interrupt entry, i386. Each vector has a stub of TRAP_STUB_SIZE bytes, so the
 * descriptor table is filled by arithmetic. An exception costs 10 instructions beside its handler, an interrupt 12. The
 * segment registers are left alone: the kernel and all code that it can interrupt use the same flat
 * segments.
 */
#include <asm/trap.h>

	.text
	.balign	16
	.globl	trap_stubs
trap_stubs:
	.set	vector, 0
	.rept	TRAPS
	.org	trap_stubs + vector * TRAP_STUB_SIZE
	/* The processor pushes an error code for these; the others get 0 to make frames alike. */
	.if	!(vector == 8 || (vector >= 10 && vector <= 14) || vector == 17 || vector == 21 || vector == 29 || vector == 30)
	pushl	$0
	.endif
	pushl	$vector
	jmp	trap_entry
	.set	vector, vector + 1
	.endr

	/* The first register is saved here, to have a place for the irq. */
	.rept	VECTORS - TRAPS
	.org	trap_stubs + vector * TRAP_STUB_SIZE
	pushl	%eax
	movl	$(vector - VECTOR_IRQ_BASE), %eax
	jmp	interrupt_entry
	.set	vector, vector + 1
	.endr

	/* struct trap_frame */
trap_entry:
	pusha
	cld				/* C relies on it */
	movl	%esp, %eax
	call	trap_dispatch
	popa
	addl	$8, %esp		/* vector and error code */
	iret

	/* struct interrupt_frame */
interrupt_entry:
	pushl	%ecx
	pushl	%edx
	cld
	movl	%esp, %edx
	call	interrupt_dispatch
	popl	%edx
	popl	%ecx
	popl	%eax
	iret

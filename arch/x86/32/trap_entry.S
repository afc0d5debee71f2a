/* SPDX-License-Identifier: MIT */
/*
 * Exception and interrupt entry, i386. Each vector has a stub of TRAP_STUB_SIZE bytes, so the
 * descriptor table is filled by arithmetic. An exception costs 10 instructions beside its handler, an interrupt 12. The
 * segment registers are left alone: the kernel and all code that it can interrupt use the same flat
 * segments.
 *
 * With USER_MODE that is so for interrupts only, which are masked wherever the kernel has a program's
 * segments: an interrupt costs 15 there, an exception 20. Those of programs go on in user_entry.S.
 */
#include <asm/trap.h>
#ifdef CONFIG_USER_MODE
#include <asm/descriptors.h>
#include <asm/user_access.h>
#include <generated/asm-offsets.h>
#endif

	.text
	.balign	16
	.globl	trap_stubs
trap_stubs:
	.set	vector, 0
	.rept	TRAPS
	.org	trap_stubs + vector * TRAP_STUB_SIZE
#ifdef CONFIG_USER_MODE
	.if	vector == TRAP_PAGE_FAULT
	jmp	page_fault_entry	/* comes back at trap_saved */
	.endif
#endif
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
	.globl	trap_entry
trap_entry:
	pusha
#ifdef CONFIG_USER_MODE
	/* The kernel may be on its way to or from a program, with that one's segments loaded. */
	pushw	%ds
	pushw	%es
	movl	$USER_DATA, %eax
	movl	%eax, %ds
	movl	%eax, %es
	USER_ACCESS_END
#endif
	cld				/* C relies on it */
	movl	%esp, %eax
#ifdef CONFIG_USER_MODE
	testb	$3, FRAME_CS(%esp)
	jnz	user_trap_entry
	.globl	trap_saved
trap_saved:
#endif
	call	trap_dispatch
#ifdef CONFIG_USER_MODE
	popw	%es
	popw	%ds
#endif
	popa
	addl	$8, %esp		/* vector and error code */
	iret

	/* struct interrupt_frame */
interrupt_entry:
#ifdef CONFIG_USER_MODE
	testb	$3, 8(%esp)		/* cs */
	jnz	user_interrupt_entry
	USER_ACCESS_END
#endif
	pushl	%ecx
	pushl	%edx
	cld
	movl	%esp, %edx
	call	interrupt_dispatch
	popl	%edx
	popl	%ecx
	popl	%eax
	iret

/* SPDX-License-Identifier: MIT */
/*
 * Exception and interrupt entry, x86_64. Each vector has a stub of TRAP_STUB_SIZE bytes, so the
 * descriptor table is filled by arithmetic. An exception costs 39 instructions beside its handler, an interrupt
 * 25; with USER_MODE 42 and 28, for the question whether they came from a program. Those that did go
 * on in user_entry.S.
 */
#include <asm/trap.h>
#ifdef CONFIG_USER_MODE
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
	jmp	page_fault_entry	/* comes back with the vector pushed */
	.endif
#endif
	/* The processor pushes an error code for these; the others get 0 to make frames alike. */
	.if	!(vector == 8 || (vector >= 10 && vector <= 14) || vector == 17 || vector == 21 || vector == 29 || vector == 30)
	pushq	$0
	.endif
	pushq	$vector
	jmp	trap_entry
	.set	vector, vector + 1
	.endr

	/* The first register is saved here, to have a place for the irq. */
	.rept	VECTORS - TRAPS
	.org	trap_stubs + vector * TRAP_STUB_SIZE
	pushq	%rdi
	movl	$(vector - VECTOR_IRQ_BASE), %edi
	jmp	interrupt_entry
	.set	vector, vector + 1
	.endr

	/* struct trap_frame */
	.globl	trap_entry
trap_entry:
	pushq	%rdi
	pushq	%rsi
	pushq	%rdx
	pushq	%rcx
	pushq	%rax
	pushq	%r8
	pushq	%r9
	pushq	%r10
	pushq	%r11
	pushq	%rbx
	pushq	%rbp
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	cld				/* C relies on it */
	movq	%rsp, %rdi
#ifdef CONFIG_USER_MODE
	USER_ACCESS_END
	testb	$3, FRAME_CS(%rsp)
	jnz	user_trap_entry
#endif
	call	trap_dispatch
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbp
	popq	%rbx
	popq	%r11
	popq	%r10
	popq	%r9
	popq	%r8
	popq	%rax
	popq	%rcx
	popq	%rdx
	popq	%rsi
	popq	%rdi
	addq	$16, %rsp		/* vector and error code */
	iretq

	/* struct interrupt_frame */
interrupt_entry:
#ifdef CONFIG_USER_MODE
	USER_ACCESS_END
	testb	$3, 16(%rsp)		/* cs */
	jnz	user_interrupt_entry
#endif
	pushq	%rsi
	pushq	%rdx
	pushq	%rcx
	pushq	%rax
	pushq	%r8
	pushq	%r9
	pushq	%r10
	pushq	%r11
	cld
	movq	%rsp, %rsi
	call	interrupt_dispatch
	popq	%r11
	popq	%r10
	popq	%r9
	popq	%r8
	popq	%rax
	popq	%rcx
	popq	%rdx
	popq	%rsi
	popq	%rdi
	iretq

/* SPDX-License-Identifier: MIT */
/*
 * int context_switch_asm(struct thread *from, struct thread *to)
 *
 * Everything that switches threads comes through here, with interrupts masked; it returns in
 * the other thread with interrupts enabled. The registers go into the thread structure, the return
 * address stays on the stack. sti takes effect after the ret.
 */
#include <generated/asm-offsets.h>

	.text
	.globl context_switch_asm
	.type context_switch_asm, @function
context_switch_asm:
	movq	%rsp, CONTEXT_SP(%rdi)
	movq	%rbp, CONTEXT_BP(%rdi)
	movq	%rbx, CONTEXT_BX(%rdi)
	movq	%r12, CONTEXT_R12(%rdi)
	movq	%r13, CONTEXT_R13(%rdi)
	movq	%r14, CONTEXT_R14(%rdi)
	movq	%r15, CONTEXT_R15(%rdi)
	movq	%rsi, boot_cpu + CPU_CURRENT
	movl	THREAD_WAIT_RESULT(%rsi), %eax
	movq	CONTEXT_SP(%rsi), %rsp
	movq	CONTEXT_BP(%rsi), %rbp
	movq	CONTEXT_BX(%rsi), %rbx
	movq	CONTEXT_R12(%rsi), %r12
	movq	CONTEXT_R13(%rsi), %r13
	movq	CONTEXT_R14(%rsi), %r14
	movq	CONTEXT_R15(%rsi), %r15
	sti
	ret
	.size context_switch_asm, . - context_switch_asm

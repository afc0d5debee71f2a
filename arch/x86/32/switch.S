/* SPDX-License-Identifier: MIT */
/*
 * int context_switch_asm(struct thread *from, struct thread *to), arguments in eax and edx
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
	movl	%esp, CONTEXT_SP(%eax)
	movl	%ebp, CONTEXT_BP(%eax)
	movl	%ebx, CONTEXT_BX(%eax)
	movl	%esi, CONTEXT_SI(%eax)
	movl	%edi, CONTEXT_DI(%eax)
	movl	%edx, boot_cpu + CPU_CURRENT
	movl	THREAD_WAIT_RESULT(%edx), %eax
	movl	CONTEXT_SP(%edx), %esp
	movl	CONTEXT_BP(%edx), %ebp
	movl	CONTEXT_BX(%edx), %ebx
	movl	CONTEXT_SI(%edx), %esi
	movl	CONTEXT_DI(%edx), %edi
	sti
	ret
	.size context_switch_asm, . - context_switch_asm

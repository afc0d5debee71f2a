/* SPDX-License-Identifier: MIT */
/*
 * long context_switch_asm(struct thread *from, struct thread *to)
 *
 * Everything that switches threads comes through here, with interrupts masked; it returns in
 * the other thread with interrupts enabled. The registers go into the thread structure, the return
 * address stays on the stack. sti takes effect after the ret.
 *
 * With USER_MODE also what user code sees beside the registers in its frame: FPU, address space, FS
 * and GS. A kernel thread neither uses nor changes them.
 */
#include <asm/descriptors.h>
#include <asm/registers.h>
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
#ifdef CONFIG_USER_MODE
	movq	%rsi, kernel_tss + TSS_STACK	/* where entries from user mode begin */
	movq	THREAD_TASK(%rdi), %rcx
	testq	%rcx, %rcx
	jz	1f
	fxsave64 TASK_FPU(%rcx)
1:	movq	THREAD_TASK(%rsi), %rdi
	testq	%rdi, %rdi
	jz	3f				/* a kernel thread takes what it finds */
	fxrstor64 TASK_FPU(%rdi)
	movq	THREAD_SPACE(%rsi), %rcx
	movq	SPACE_CR3(%rcx), %rcx
	cmpq	page_table_loaded, %rcx
	je	2f
	movq	%rcx, page_table_loaded
	movq	%rcx, %cr3
2:	movl	$MSR_FS_BASE, %ecx
	movl	TASK_FS_BASE(%rdi), %eax
	movl	TASK_FS_BASE + 4(%rdi), %edx
	wrmsr
	cmpb	$0, user_gs_used
	jne	switch_gs
3:
#endif
	movslq	THREAD_WAIT_RESULT(%rsi), %rax
	movq	CONTEXT_SP(%rsi), %rsp
	movq	CONTEXT_BP(%rsi), %rbp
	movq	CONTEXT_BX(%rsi), %rbx
	movq	CONTEXT_R12(%rsi), %r12
	movq	CONTEXT_R13(%rsi), %r13
	movq	CONTEXT_R14(%rsi), %r14
	movq	CONTEXT_R15(%rsi), %r15
	sti
	ret
#ifdef CONFIG_USER_MODE
	/* Once a program has set its GS base, it is every program's. */
switch_gs:
	movl	$MSR_GS_BASE, %ecx
	movl	TASK_GS_BASE(%rdi), %eax
	movl	TASK_GS_BASE + 4(%rdi), %edx
	wrmsr
	jmp	3b
#endif
	.size context_switch_asm, . - context_switch_asm

/* SPDX-License-Identifier: MIT */
/*
 * long context_switch_asm(struct thread *from, struct thread *to), arguments in eax and edx
 *
 * Everything that switches threads comes through here, with interrupts masked; it returns in
 * the other thread with interrupts enabled. The registers go into the thread structure, the return
 * address stays on the stack. sti takes effect after the ret.
 *
 * With USER_MODE also what user code sees beside the registers in its frame: FPU, address space, FS,
 * GS and the descriptors behind them. A kernel thread neither uses nor changes them.
 */
#ifdef CONFIG_USER_MODE
#include <asm/descriptors.h>
#include <asm/user_access.h>
#endif
#include <generated/asm-offsets.h>

	.text
	.globl context_switch_asm
	.type context_switch_asm, @function
context_switch_asm:
	movl	%ebx, CONTEXT_BX(%eax)
	movl	%esi, CONTEXT_SI(%eax)
	movl	%edi, CONTEXT_DI(%eax)
	.globl context_switch_call_asm		/* the same from system calls: asm/thread.h */
context_switch_call_asm:
	movl	%esp, CONTEXT_SP(%eax)
	movl	%ebp, CONTEXT_BP(%eax)
	movl	%edx, boot_cpu + CPU_CURRENT
#ifdef CONFIG_USER_MODE
	movl	%edx, kernel_tss + TSS_STACK	/* where entries from user mode begin */
	movl	THREAD_TASK(%eax), %ecx
	testl	%ecx, %ecx
	jz	2f
	movw	%gs, TASK_GS(%ecx)
	movw	%fs, TASK_FS(%ecx)
	.globl	switch_fpu_save, switch_fpu_load
switch_fpu_save:				/* another where there is no FXSAVE: user_context.c */
	fxsave	TASK_FPU(%ecx)
2:	movl	THREAD_TASK(%edx), %ecx
	testl	%ecx, %ecx
	jz	5f				/* a kernel thread takes what it finds */
switch_fpu_load:
	fxrstor	TASK_FPU(%ecx)
	movl	THREAD_SPACE(%edx), %eax
	movl	SPACE_CR3(%eax), %eax
	cmpl	page_table_loaded, %eax
	je	4f
	movl	%eax, page_table_loaded
	movl	%eax, %cr3
4:	movl	TASK_TLS(%ecx), %eax
	movl	%eax, gdt + TLS_FIRST * 8
	movl	TASK_TLS + 4(%ecx), %eax
	movl	%eax, gdt + TLS_FIRST * 8 + 4
	cmpb	$0, user_tls_more
	jne	switch_more
switch_gs:
	movw	TASK_GS(%ecx), %gs
switch_fs:
	movw	TASK_FS(%ecx), %fs
5:
#endif
	movl	THREAD_WAIT_RESULT(%edx), %eax
	movl	CONTEXT_SP(%edx), %esp
	movl	CONTEXT_BP(%edx), %ebp
	movl	CONTEXT_BX(%edx), %ebx
	movl	CONTEXT_SI(%edx), %esi
	movl	CONTEXT_DI(%edx), %edi
	sti
	ret
#ifdef CONFIG_USER_MODE
	/* Once a program has used the other entries for thread pointers, they are every program's. */
switch_more:
	.irp	place, 8, 12, 16, 20
	movl	TASK_TLS + \place(%ecx), %eax
	movl	%eax, gdt + TLS_FIRST * 8 + \place
	.endr
	jmp	switch_gs

	/* The program's selector means nothing any more: it has changed the descriptor. */
switch_gs_fault:
	movw	$0, TASK_GS(%ecx)
	jmp	switch_gs
switch_fs_fault:
	movw	$0, TASK_FS(%ecx)
	jmp	switch_fs
	EXCEPTION_ENTRY(switch_gs, switch_gs_fault)
	EXCEPTION_ENTRY(switch_fs, switch_fs_fault)
#endif
	.size context_switch_asm, . - context_switch_asm

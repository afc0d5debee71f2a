/* SPDX-License-Identifier: MIT */
/* Where a program begins, where a thread begins, and how a signal handler ends. */

	.text
	.globl _start
_start:
	xorl %ebp, %ebp			/* the end of every backtrace */
	movq %rsp, %rdi
	andq $-16, %rsp
	call program_start
	hlt

/* long thread_clone(flags, stack, parent_tid, child_tid, tls): clone. The new thread finds a function and
 * its argument on its stack, calls it, and ends. */
	.globl thread_clone
thread_clone:
	movq %rcx, %r10
	movl $56, %eax			/* clone */
	syscall
	testq %rax, %rax
	jz 1f
	ret
1:	xorl %ebp, %ebp
	popq %rax
	popq %rdi
	andq $-16, %rsp
	call *%rax
	xorl %edi, %edi
	movl $60, %eax			/* exit */
	syscall
	hlt

/* pid_t vfork(void): the child runs on this stack first, so the address to return to stays in rdx. */
	.globl vfork
vfork:
	popq %rdx
	movl $58, %eax
	syscall
	pushq %rdx
	movq %rax, %rdi
	jmp vfork_result

	.globl signal_restorer
signal_restorer:
	movl $15, %eax			/* rt_sigreturn */
	syscall
	hlt

	.section .note.GNU-stack, "", @progbits

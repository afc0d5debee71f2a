/* SPDX-License-Identifier: MIT */
/* Where a program begins, where a thread begins, and how a signal handler ends. */

	.text
	.globl _start
_start:
	xorl %ebp, %ebp			/* the end of every backtrace */
	movl %esp, %eax
	andl $-16, %esp
	subl $12, %esp
	pushl %eax
	call program_start
	hlt

/* long thread_clone(flags, stack, parent_tid, child_tid, tls): clone. The new thread finds a function and
 * its argument on its stack, calls it, and ends. */
	.globl thread_clone
thread_clone:
	pushl %ebx
	pushl %esi
	pushl %edi
	movl 16(%esp), %ebx
	movl 20(%esp), %ecx
	movl 24(%esp), %edx
	movl 28(%esp), %edi		/* child_tid is the last one here */
	movl 32(%esp), %esi
	movl $120, %eax			/* clone */
	int $0x80
	testl %eax, %eax
	jz 1f
	popl %edi
	popl %esi
	popl %ebx
	ret
1:	xorl %ebp, %ebp
	popl %eax
	popl %edx
	andl $-16, %esp
	subl $12, %esp
	pushl %edx
	call *%eax
	xorl %ebx, %ebx
	movl $1, %eax			/* exit */
	int $0x80
	hlt

/* pid_t vfork(void): the child runs on this stack first, so the address to return to stays in edx. */
	.globl vfork
vfork:
	popl %edx
	movl $190, %eax
	int $0x80
	pushl %edx
	pushl %eax
	call vfork_result
	popl %edx
	ret

	.globl signal_restorer
signal_restorer:
	movl $173, %eax			/* rt_sigreturn */
	int $0x80
	hlt

	.section .note.GNU-stack, "", @progbits

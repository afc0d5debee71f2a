/* SPDX-License-Identifier: MIT */
/*
 * Between programs and the kernel, i386.
 *
 * Whatever brings a program into the kernel saves its registers in one form, struct trap_frame, at the
 * top of the running thread's stack (the processor takes that from the TSS); the thread structure lies
 * right behind it, so the thread is a constant away from the stack pointer. pusha and popa are one
 * instruction each, so the frame is always complete. A system call takes 27 instructions, `int` included
 * and the handler not.
 *
 * A program may load any selector that it can into ds and es, and what was loaded may be gone from the
 * table by the time the kernel comes back. So the kernel makes sure of them before anything uses them
 * (the stack segment is right by itself), and the loads on the way out have entries in the exception
 * table: a selector that is no good any more becomes 0; for the stack that is not allowed, and the
 * program gets SIGSEGV. Once there are programs the kernel's own data segment is theirs, which is as
 * flat as its own: so for a system call of a program that has loaded nothing else there is nothing
 * to load, neither on the way in nor on the way out. FS and GS are never used by the kernel and stay
 * the program's (switch.S).
 *
 * The way back looks at thread->work with interrupts masked; if that is not 0, user_exit_work
 * does what is due.
 */
#include <asm/descriptors.h>
#include <asm/errno.h>
#include <asm/trap.h>
#include <asm/user_access.h>
#include <generated/asm-offsets.h>

#define ARGUMENTS 12			/* bytes of the arguments that C takes from the stack */

	/* Uses `register`, which has been saved. */
	.macro	load_segments register
	movl	$USER_DATA, \register
	movl	\register, %ds
	movl	\register, %es
	.endm

	/* Behind vector and error code. Uses `register` when all have been saved. */
	.macro	save_all register
	pusha
	pushw	%ds
	pushw	%es
	load_segments \register
	cld
	USER_ACCESS_END			/* programs can set that flag too */
	.endm

	/* Interrupts masked. `offset`: of the frame. */
	.macro	check_work offset, go
	cmpb	$0, \offset + FRAME_SIZE + THREAD_WORK(%esp)
	jne	\go
	.endm

	/* With all registers saved. Goes to `work` if something is due. */
	.macro	call_handler work
	pushl	%ebp			/* the last three of six arguments */
	pushl	%edi
	pushl	%esi
	cld
	USER_ACCESS_END
	cmpl	$SYSTEM_CALLS, %eax
	jae	1f
	movl	system_call_table(, %eax, 4), %esi
	movl	%ebx, %eax		/* the first three: ebx, ecx, edx to eax, edx, ecx */
	xchgl	%ecx, %edx
	call	*%esi
	.subsection 1
1:	movl	$-ENOSYS, %eax
	jmp	2f
	.previous
2:	cli
	movl	%eax, ARGUMENTS + FRAME_AX(%esp)
	check_work ARGUMENTS, \work
	.endm

	.text
	.balign	16
	.globl	system_call_entry
system_call_entry:
	pushl	%eax			/* the number, in the place of the error code */
	pushl	$VECTOR_SYSTEM_CALL
	pusha
	pushw	%ds
	pushw	%es
	cmpl	$USER_DATA << 16 | USER_DATA, (%esp)
	jne	other_segments
	call_handler system_call_work
	addl	$ARGUMENTS + 4, %esp	/* ds and es are as they were */
	popa
	addl	$8, %esp		/* vector and error code */
system_call_iret:
	iret

	/* The program has loaded others: they are the kernel's business on both ways. */
other_segments:
	pushl	%esi
	load_segments %esi
	popl	%esi
	call_handler system_call_work
	addl	$ARGUMENTS, %esp
user_leave:
	popw	%es
leave_ds:
	popw	%ds
	popa
	addl	$8, %esp
user_iret:
	iret

system_call_work:
	addl	$ARGUMENTS, %esp
	/* Something is due. */
user_work:
	sti
	movl	%esp, %eax
	call	user_exit_work		/* comes back with interrupts masked */
#ifdef CONFIG_DEBUG_IRQS_OFF
	call	irqs_off_end
#endif
	jmp	user_leave

	/* The table leads here for each SYSTEM_CALL_FULL, with its handler in esi. A handler that
	 * replaced the frame by another (execve, rt_sigreturn) has its result there. */
system_call_full:
	sti
	addl	$4, %esp		/* back by another way */
	call	*%esi
	addl	$ARGUMENTS, %esp
	cmpl	$VECTOR_SYSTEM_CALL, FRAME_VECTOR(%esp)
	jne	user_exit
	movl	%eax, FRAME_AX(%esp)
	jmp	user_exit

	.globl	user_return
user_return:
	movl	%eax, %esp
	jmp	user_exit

	/* Any exception of a program but a page fault, from trap_entry: everything has been saved. */
	.globl	user_trap_entry
user_trap_entry:
	call	user_trap
user_exit:
	cli
user_exit_masked:
	check_work 0, user_work
	jmp	user_leave

	/* Vector 14, behind the error code. CR2 has to be read before anything else can fault. */
	.globl	page_fault_entry
page_fault_entry:
	pushl	$TRAP_PAGE_FAULT
	save_all %eax
	movl	%esp, %eax
	testb	$3, FRAME_CS(%esp)
	jz	trap_saved
	movl	%cr2, %edx
	sti
	call	user_page_fault_trap
	jmp	user_exit

	/* An interrupt of a program, from interrupt_entry: its eax has been pushed where the error code
	 * belongs, and eax is the irq. */
	.globl	user_interrupt_entry
user_interrupt_entry:
	xchgl	%eax, (%esp)
	pushl	$VECTOR_NONE
	save_all %eax
	movl	FRAME_ERROR(%esp), %eax
	call	user_interrupt
	jmp	user_exit_masked

	/* The faulting pop or iret has not moved the stack pointer. */
leave_es_fault:
	movw	$0, (%esp)
	jmp	user_leave
leave_ds_fault:
	movw	$0, (%esp)
	jmp	leave_ds
user_iret_fault:			/* the program's stack segment is no good any more */
	pushl	$0
	pushl	$VECTOR_NONE
	save_all %eax
	movl	%esp, %eax
	call	user_return_fault
	jmp	user_exit

	EXCEPTION_ENTRY(user_leave, leave_es_fault)
	EXCEPTION_ENTRY(leave_ds, leave_ds_fault)
	EXCEPTION_ENTRY(user_iret, user_iret_fault)
	EXCEPTION_ENTRY(system_call_iret, user_iret_fault)

	/* The calls by number. */
	.section .rodata
	.balign	4
	.globl	system_call_table
system_call_table:
	.set	number, 0
	.macro	table_entry n, handler
	.rept	\n - number
	.long	sys_not_implemented
	.endr
	.long	\handler
	.set	number, \n + 1
	.endm
#define SYSTEM_CALL(n, name)	    table_entry n, open_##name
#define SYSTEM_CALL_FULL(n, name)   table_entry n, full_##name
#define SYSTEM_CALL_MASKED(n, name) table_entry n, sys_##name
#include <asm/system_calls.h>
#undef SYSTEM_CALL
#undef SYSTEM_CALL_FULL
#undef SYSTEM_CALL_MASKED
	.set	SYSTEM_CALLS, number

	.text
#define SYSTEM_CALL(n, name)	  open_##name: sti; jmp sys_##name
#define SYSTEM_CALL_FULL(n, name) full_##name: movl $sys_##name, %esi; jmp system_call_full
#define SYSTEM_CALL_MASKED(n, name)
#include <asm/system_calls.h>

	/* What a signal handler returns to that has no restorer (trampoline.c copies it): the
	 * instructions are those that debuggers know. */
	.section .rodata
	.globl	trampoline_start, trampoline_rt, trampoline_end
trampoline_start:
	popl	%eax			/* the signal */
	movl	$119, %eax		/* sigreturn */
	int	$0x80
	.balign	16, 0x90
trampoline_rt:
	movl	$173, %eax		/* rt_sigreturn */
	int	$0x80
trampoline_end:

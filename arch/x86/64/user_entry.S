/* SPDX-License-Identifier: MIT */
/*
 * Between programs and the kernel, x86_64.
 *
 * Whatever brings a program into the kernel saves its registers in one form, struct trap_frame, at the
 * top of the running thread's stack; the thread structure lies right behind it, so the pointer
 * to the thread is the top of the stack, and from the stack pointer the thread is a constant away.
 *
 *	system call	saves what C may destroy and the ABI keeps, 31 instructions with `syscall`
 *			and beside the handler, and two that let interrupts in, for handlers that
 *			do not begin with them masked (SYSTEM_CALL_MASKED)
 *	full call	the rest too, for handlers that read or change it (SYSTEM_CALL_FULL)
 *	page fault,	the same as a system call, and rax, rcx, r11
 *	interrupt
 *	exception	everything
 *
 * The way back looks at thread->work with interrupts masked. If that is not 0, the frame is made
 * complete (what has not been saved is still in its registers) and user_exit_work does what is due. A frame that C may have changed goes back by iret: where that faults (an instruction pointer
 * that is no address), the program gets SIGSEGV. sysret would fault with the program's stack pointer
 * already loaded; it is used for the frames of plain system calls only, which nobody changes, and
 * `syscall` cannot lie so high that the next instruction would be at an address that is none (USER_END).
 *
 * There is no swapgs: with one CPU everything per CPU has a constant address, and GS stays the
 * program's.
 */
#include <asm/descriptors.h>
#include <asm/errno.h>
#include <asm/trap.h>
#include <asm/user_access.h>
#include <generated/asm-offsets.h>

	/* What C may destroy and a plain system call keeps. */
	.macro	save_arguments
	movq	%rdi, FRAME_DI(%rsp)
	movq	%rsi, FRAME_SI(%rsp)
	movq	%rdx, FRAME_DX(%rsp)
	movq	%r8, FRAME_R8(%rsp)
	movq	%r9, FRAME_R9(%rsp)
	movq	%r10, FRAME_R10(%rsp)
	.endm

	.macro	restore_arguments
	movq	FRAME_R10(%rsp), %r10
	movq	FRAME_R9(%rsp), %r9
	movq	FRAME_R8(%rsp), %r8
	movq	FRAME_DX(%rsp), %rdx
	movq	FRAME_SI(%rsp), %rsi
	movq	FRAME_DI(%rsp), %rdi
	.endm

	/* What C keeps. */
	.macro	save_rest
	movq	%rbx, FRAME_BX(%rsp)
	movq	%rbp, FRAME_BP(%rsp)
	movq	%r12, FRAME_R12(%rsp)
	movq	%r13, FRAME_R13(%rsp)
	movq	%r14, FRAME_R14(%rsp)
	movq	%r15, FRAME_R15(%rsp)
	.endm

	/* What C may destroy, behind vector and error code, with room for what it keeps. */
	.macro	push_short rdi
	pushq	\rdi
	pushq	%rsi
	pushq	%rdx
	pushq	%rcx
	pushq	%rax
	pushq	%r8
	pushq	%r9
	pushq	%r10
	pushq	%r11
	subq	$FRAME_REST, %rsp
	.endm

	/* What `syscall` leaves: rcx and r11 are the program's instruction pointer and flags. Uses rcx. */
	.macro	complete_system_call
	movq	FRAME_R15(%rsp), %rcx		/* the program's stack pointer: see system_call_entry */
	movq	%rcx, FRAME_SP(%rsp)
	save_rest
	movq	FRAME_IP(%rsp), %rcx
	movq	%rcx, FRAME_CX(%rsp)
	movq	FRAME_FLAGS(%rsp), %rcx
	movq	%rcx, FRAME_R11(%rsp)
	movq	$USER_CODE, FRAME_CS(%rsp)
	movq	$USER_DATA, FRAME_SS(%rsp)
	movq	$VECTOR_SYSTEM_CALL, FRAME_VECTOR(%rsp)
	.endm

	/* Interrupts masked. */
	.macro	check_work go
	cmpb	$0, FRAME_SIZE + THREAD_WORK(%rsp)
	jne	\go
	.endm

	.text
	.balign	16
	.globl	system_call_entry
system_call_entry:
	movq	%rsp, user_stack_pointer
	movq	boot_cpu + CPU_CURRENT, %rsp
	subq	$(FRAME_SIZE - 8), %rsp
	pushq	user_stack_pointer		/* in the place of r15, which need not be saved */
	movq	%rcx, FRAME_IP(%rsp)
	movq	%r11, FRAME_FLAGS(%rsp)
	movq	%rax, FRAME_ERROR(%rsp)		/* the number */
	save_arguments
	cmpq	$SYSTEM_CALLS, %rax
	jae	no_such_call
	movq	%r10, %rcx			/* the fourth argument, as C has it */
	call	*system_call_table(, %rax, 8)
system_call_exit:
	cli
	check_work system_call_work
	restore_arguments
	movq	FRAME_IP(%rsp), %rcx
	movq	FRAME_FLAGS(%rsp), %r11
	movq	FRAME_R15(%rsp), %rsp		/* the program's: see above */
	sysretq

no_such_call:
	movq	$-ENOSYS, %rax
	jmp	system_call_exit

system_call_work:
	movq	%rax, FRAME_AX(%rsp)
	complete_system_call
	jmp	user_work

	/* The table leads here for each SYSTEM_CALL_FULL, with its handler in rax. A handler that replaced
	 * the frame by another (execve, rt_sigreturn) has its result there. */
system_call_full:
	sti
	addq	$8, %rsp			/* back by another way */
	movq	%rcx, %r10			/* the fourth argument */
	complete_system_call
	movq	%r10, %rcx
	call	*%rax
	cmpq	$VECTOR_SYSTEM_CALL, FRAME_VECTOR(%rsp)
	jne	user_exit
	movq	%rax, FRAME_AX(%rsp)
	jmp	user_exit

	.globl	user_return
user_return:
	movq	%rdi, %rsp
	jmp	user_exit

	/* Any other exception of a program, from trap_entry: everything has been saved. */
	.globl	user_trap_entry
user_trap_entry:
	call	user_trap
user_exit:					/* with a complete frame */
	cli
	check_work user_work
user_leave:
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbp
	popq	%rbx
	jmp	user_leave_short

	/* iret has faulted, with its own frame still on the stack and all else in the registers again. */
user_iret_fault:
	pushq	$0
	pushq	$VECTOR_NONE
	push_short %rdi
	save_rest
	movq	%rsp, %rdi
	call	user_return_fault
	jmp	user_exit
	EXCEPTION_ENTRY(user_iret, user_iret_fault)

	/* Something is due. */
user_work:
	sti
	movq	%rsp, %rdi
	call	user_exit_work			/* comes back with interrupts masked */
#ifdef CONFIG_DEBUG_IRQS_OFF
	call	irqs_off_end
#endif
	jmp	user_leave

	/* Vector 14, behind the error code. CR2 has to be read before anything else can fault. */
	.globl	page_fault_entry
page_fault_entry:
	testb	$3, 16(%rsp)			/* cs: the program's? */
	pushq	$TRAP_PAGE_FAULT
	jz	trap_entry
	push_short %rdi
	cld
	USER_ACCESS_END				/* programs can set that flag too */
	movq	%rsp, %rdi
	movq	%cr2, %rsi
	sti
	call	user_page_fault_trap
	cli
user_exit_short:
	check_work user_work_short
	addq	$FRAME_REST, %rsp
user_leave_short:
	popq	%r11
	popq	%r10
	popq	%r9
	popq	%r8
	popq	%rax
	popq	%rcx
	popq	%rdx
	popq	%rsi
	popq	%rdi
	addq	$16, %rsp			/* vector and error code */
user_iret:
	iretq

user_work_short:
	save_rest
	jmp	user_work

	/* An interrupt of a program, from interrupt_entry: its rdi has been pushed where the error code
	 * belongs, and edi is the irq. */
	.globl	user_interrupt_entry
user_interrupt_entry:
	pushq	$VECTOR_NONE
	push_short 8(%rsp)			/* rdi */
	cld
	call	user_interrupt
	jmp	user_exit_short

	/* The calls by number. */
	.section .rodata
	.balign	8
	.globl	system_call_table
system_call_table:
	.set	number, 0
	.macro	table_entry n, handler
	.rept	\n - number
	.quad	sys_not_implemented
	.endr
	.quad	\handler
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
#define SYSTEM_CALL_FULL(n, name) full_##name: movq $sys_##name, %rax; jmp system_call_full
#define SYSTEM_CALL_MASKED(n, name)
#include <asm/system_calls.h>

	/* Where the program's stack pointer is until the kernel's has been loaded. */
	.section .bss.user_stack_pointer, "aw", @nobits
	.balign	8
user_stack_pointer:
	.skip	8

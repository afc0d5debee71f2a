/* SPDX-License-Identifier: MIT */
/*
 * From user mode into the kernel and back. The frame, a struct trap_frame, lies at the top of the
 * running thread's kernel stack, right below its struct thread; so the thread's address, which k1
 * holds at entry, leads to it.
 *
 * A system call saves what its caller may rely on and C code may change: the arguments, $28, sp and
 * ra. The callee-saved registers keep their values anyway, because the handler is C. On the way out
 * the status word is the CPU's own, not a saved one: the interrupt lines masked in it, and whether the
 * FPU is usable, may have changed.
 *
 * An interrupt or a TLB exception saves what C code may change. All registers are saved where
 * somebody may look at them or change them: when there is work to do before the return, for other
 * exceptions, and for the calls that start and replace programs.
 *
 * Temporary registers come back from a system call with whatever the kernel left in them, as on
 * Linux.
 *
 * Cost: a system call 31 instructions in and 18 out, both with the vector; the check for work is two
 * of them. Interrupts stay masked on the way in: calls.S lets them in where the handler wants them.
 * An interrupt 39 in and 40 out, a TLB exception 51 and 38.
 */
#include <asm/asm.h>
#include <asm/cp0.h>
#include <asm/trap.h>
#include <generated/asm-offsets.h>
#include <tessera/errno.h>

#include "access.S"
#include "calls.h"

	.set	noreorder
	.set	noat

/* Words of the frame: from its own address, and from the thread behind it. */
#define REG(n)	    (TRAP_REGS + 4 * (n))
#define USER(word)  ((word) - TRAP_SIZE)

	.section .text.vectors, "ax"

/* ---- System calls ---- */

FUNCTION(system_call_entry)
	mfc0	k0, CP0_EPC
	bltz	k0, .Lkernel_trap			/* not a user's: a bug of the kernel */
	 addiu	k0, k0, 4			/* where it returns to */
	sw	sp, USER(REG(29))(k1)
	sw	$28, USER(REG(28))(k1)
	sw	ra, USER(REG(31))(k1)
	sw	k0, USER(TRAP_EPC)(k1)
	addiu	t0, v0, -CALLS_FIRST
	sltiu	t1, t0, CALLS_COUNT
	beqz	t1, .Lno_such_number
	 sll	t0, t0, 2
.Lcall:
	lui	t1, %hi(system_call_table)
	addu	t1, t1, t0
	lw	t1, %lo(system_call_table)(t1)
	sw	v0, USER(REG(2))(k1)
	sw	a0, USER(REG(4))(k1)
	sw	a1, USER(REG(5))(k1)
	sw	a2, USER(REG(6))(k1)
	mfc0	k0, CP0_STATUS
	move	$28, k1
	addiu	sp, k1, -TRAP_SIZE
	ins	k0, zero, 0, STATUS_MODE_BITS
	mtc0	k0, CP0_STATUS			/* kernel mode, no longer an exception; interrupts off */
	jalr	t1
	 sw	a3, REG(7)(sp)
	di	t0
	ehb
	lbu	t1, THREAD_WORK($28)
	bnez	t1, .Lsystem_call_work
	 ori	t0, t0, STATUS_EXL | STATUS_USER | STATUS_IE	/* IE: handlers may end masked */
	bltz	v0, .Lsystem_call_negative
	 move	a3, zero
.Lsystem_call_leave:
	mtc0	t0, CP0_STATUS
	lw	t1, TRAP_EPC(sp)
	lw	ra, REG(31)(sp)
	lw	a0, REG(4)(sp)
	lw	a1, REG(5)(sp)
	lw	a2, REG(6)(sp)
	mtc0	t1, CP0_EPC
	lw	$28, REG(28)(sp)
	lw	sp, REG(29)(sp)
	ehb					/* EPC and Status have arrived */
	eret
.Lsystem_call_negative:				/* an error, or a large number */
	sltiu	t1, v0, -4095
	bnez	t1, .Lsystem_call_leave
	 nop
	negu	v0, v0
	b	.Lsystem_call_leave
	 li	a3, 1
END_FUNCTION(system_call_entry)

.Lno_such_number:
	b	.Lcall
	 li	t0, 4 * CALLS_MISSING

.Lkernel_trap:
	j	trap_entry
	 nop

	.macro	save_callee_saved
	sw	$16, REG(16)(sp)
	sw	$17, REG(17)(sp)
	sw	$18, REG(18)(sp)
	sw	$19, REG(19)(sp)
	sw	$20, REG(20)(sp)
	sw	$21, REG(21)(sp)
	sw	$22, REG(22)(sp)
	sw	$23, REG(23)(sp)
	sw	$30, REG(30)(sp)
	.endm

/* A switch is due, or a signal, the end of the task, or a trace. Interrupts are masked. */
.Lsystem_call_work:
	save_callee_saved
	sw	v1, REG(3)(sp)
	move	a1, v0
	jal	system_call_leave
	 move	a0, sp
	b	.Lrestore_all
	 nop

/*
 * Calls that find all registers in the frame and may replace them, which is why their result goes
 * there too. The handler is in t2.
 */
FUNCTION(full_call)
	ei
	save_callee_saved
	sw	v0, REG(26)(sp)			/* FRAME_CALL: until the frame is replaced */
	jalr	t2
	 sw	a3, REG(27)(sp)
	move	a1, v0
	jal	full_call_leave
	 move	a0, sp
	b	.Lrestore_all
	 nop
END_FUNCTION(full_call)

/*
 * Arguments 5 and 6 lie at 16 and 20 of the user's stack; the handler in t1 expects them at the same
 * place of the kernel's, which are the frame's words for $0 and $at.
 */
FUNCTION(stack_arguments)
	ei
	lw	t0, REG(29)(sp)
	srl	t2, t0, 22
	sltiu	t2, t2, USER_END_INDEX
	beqz	t2, .Lbad_stack
	user_access .Lbad_stack, lw t2, 16(t0)
	user_access .Lbad_stack, lw t3, 20(t0)
	sw	t2, REG(0)(sp)
	jr	t1
	 sw	t3, REG(1)(sp)
END_FUNCTION(stack_arguments)

.Lbad_stack:
	jr	ra
	 li	v0, -EFAULT

/* ---- Interrupts and exceptions ---- */

	/* From k1, the thread, and k0, EPC. */
	.macro	save_caller_saved
	.irp	n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 28, 29, 31
	sw	$\n, USER(REG(\n))(k1)
	.endr
	mfhi	t0
	mflo	t1
	sw	k0, USER(TRAP_EPC)(k1)
	sw	t0, USER(TRAP_HI)(k1)
	sw	t1, USER(TRAP_LO)(k1)
	.endm

FUNCTION(user_interrupt_entry)
	lw	k1, %lo(boot_cpu)(k1)
	mfc0	k0, CP0_EPC
	save_caller_saved
	move	$28, k1
	addiu	sp, k1, -TRAP_SIZE
	mfc0	a0, CP0_CAUSE
	mfc0	t0, CP0_STATUS
	and	a0, a0, t0			/* the lines that are raised and not masked */
	ins	t0, zero, 0, STATUS_MODE_BITS
	jal	interrupt_handle
	 mtc0	t0, CP0_STATUS			/* no longer an exception, interrupts off */
	b	.Luser_leave
	 nop
END_FUNCTION(user_interrupt_entry)

FUNCTION(user_trap_entry)
	save_caller_saved
	move	a3, k0
	mfc0	a1, CP0_BADVADDR
	mfc0	a2, CP0_CAUSE
	mfc0	t0, CP0_STATUS
	move	$28, k1
	addiu	sp, k1, -TRAP_SIZE
	ext	t1, a2, CAUSE_EXCCODE_SHIFT, 5
	sltiu	t1, t1, EXCEPTION_TLB_STORE + 1	/* 1 to 3: TLB exceptions */
	ins	t0, zero, 1, STATUS_MODE_BITS - 1
	mtc0	t0, CP0_STATUS			/* interrupts on */
	beqz	t1, .Lother_trap
	 move	a0, sp
	jal	user_tlb_exception
	 nop
.Luser_leave:
	di	t0
	ehb
	lbu	t1, THREAD_WORK($28)
	bnez	t1, .Luser_work
	 ori	t0, t0, STATUS_EXL | STATUS_USER | STATUS_IE
.Lrestore:
	mtc0	t0, CP0_STATUS
	lw	t0, TRAP_EPC(sp)
	lw	t1, TRAP_HI(sp)
	lw	t2, TRAP_LO(sp)
	mtc0	t0, CP0_EPC
	mthi	t1
	mtlo	t2
	.irp	n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 28, 31, 29
	lw	$\n, REG(\n)(sp)
	.endr
	ehb
	eret

.Lother_trap:
	save_callee_saved
	jal	user_trap_handle
	 nop
	b	.Lleave
	 nop

.Luser_work:
	save_callee_saved
	b	.Lleave
	 nop
END_FUNCTION(user_trap_entry)

/* void user_return_frame(struct trap_frame *frame): to user mode, with all registers of the frame. */
FUNCTION(user_return_frame)
	move	sp, a0
.Lleave:
	jal	user_trap_leave
	 move	a0, sp
.Lrestore_all:
	.irp	n, 16, 17, 18, 19, 20, 21, 22, 23, 30
	lw	$\n, REG(\n)(sp)
	.endr
	di	t0
	b	.Lrestore
	 ori	t0, t0, STATUS_EXL | STATUS_USER | STATUS_IE
END_FUNCTION(user_return_frame)

/* SPDX-License-Identifier: MIT */
/*
 * The exception vectors, in one page that EBase points to, and what they save.
 *
 * An interrupt comes at compiled code's mercy only for the registers that a called function may
 * change: the handler is such a function, so the others are safe (struct irq_frame). Anything else
 * gets a full struct trap_frame. Both leave the exception level before they call C, with
 * interrupts still masked, so that a fault in the C code is reported as what it is.
 *
 * The kernel uses kseg0 and kseg1 only, which need no TLB. Without USER_MODE every refill is an error
 * and all code is the kernel's; what is different with it is in user/vectors.S and user/entry.S.
 *
 * Source: MIPS32 Architecture For Programmers, Volume III (MD00090), chapter 6.
 * Cost: interrupt 31 instructions in and 33 out; full frame 53 in and 42 out.
 */
#include <asm/asm.h>
#include <asm/cp0.h>
#include <asm/page.h>
#include <asm/setup.h>
#include <generated/asm-offsets.h>

	.set	noreorder
	.set	noat

#ifdef CONFIG_USER_MODE
#include "user/vectors.S"
#else
	.macro	refill
	j	trap_entry
	 nop
	.endm
	.macro	general_exception
	j	trap_entry
	 nop
	.endm
	.macro	interrupt_from_user
	.endm
#endif

	.section .text.vectors, "ax"
	.globl	exception_vectors
exception_vectors:
	/* 0x000: TLB refill. What follows, up to 0x100, only fills the space that it does not need. */
	refill

/*
 * void cpu_enable_and_wait(void): an interrupt that came between `ei` and `wait` would be served
 * first and then be waited for. So these instructions, and no others, run through kseg1: there an
 * interrupt sees from bit 29 of EPC that it must return behind the halt.
 */
FUNCTION(cpu_enable_and_wait)
	lui	t0, %hi(1f + KSEG1_BASE - KSEG0_BASE)
	addiu	t0, t0, %lo(1f + KSEG1_BASE - KSEG0_BASE)
	jr	t0
	 nop
1:	ei
	ehb
	wait
wait_end:
	jr	ra
	 nop
END_FUNCTION(cpu_enable_and_wait)

/* void registers_capture(struct trap_frame *frame) */
FUNCTION(registers_capture)
	.irp	n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 28, 29, 30, 31
	sw	$\n, TRAP_REGS + 4 * \n(a0)
	.endr
	mfhi	v0
	mflo	v1
	sw	v0, TRAP_HI(a0)
	sw	v1, TRAP_LO(a0)
	mfc0	v0, CP0_STATUS
	mfc0	v1, CP0_BADVADDR
	sw	v0, TRAP_STATUS(a0)
	sw	v1, TRAP_BAD_ADDRESS(a0)
	sw	zero, TRAP_CAUSE(a0)
	jr	ra
	 sw	ra, TRAP_EPC(a0)
END_FUNCTION(registers_capture)

	/* 0x100: cache error, entered with Status.ERL (trap_handle looks), through kseg1 */
	.org	0x100
	lui	k0, %hi(trap_entry)
	addiu	k0, k0, %lo(trap_entry)
	jr	k0
	 nop

	/* 0x180: everything else */
	.org	0x180
	general_exception

	/* 0x200: interrupts */
	.org	0x200
FUNCTION(interrupt_entry)
	interrupt_from_user
	addiu	sp, sp, -IRQ_SIZE
	sw	$1, IRQ_AT(sp)
	sw	v0, IRQ_V(sp)
	sw	v1, IRQ_V + 4(sp)
	sw	a0, IRQ_A(sp)
	sw	a1, IRQ_A + 4(sp)
	sw	a2, IRQ_A + 8(sp)
	sw	a3, IRQ_A + 12(sp)
	sw	t0, IRQ_T(sp)
	sw	t1, IRQ_T + 4(sp)
	sw	t2, IRQ_T + 8(sp)
	sw	t3, IRQ_T + 12(sp)
	sw	t4, IRQ_T + 16(sp)
	sw	t5, IRQ_T + 20(sp)
	sw	t6, IRQ_T + 24(sp)
	sw	t7, IRQ_T + 28(sp)
	sw	t8, IRQ_T + 32(sp)
	sw	t9, IRQ_T + 36(sp)
	sw	ra, IRQ_RA(sp)
	mfhi	t0
	mflo	t1
	sw	t0, IRQ_HI(sp)
	sw	t1, IRQ_LO(sp)
	mfc0	t0, CP0_EPC
	sw	t0, IRQ_EPC(sp)
	mfc0	a0, CP0_CAUSE
	mfc0	t0, CP0_STATUS
	and	a0, a0, t0			/* the lines that are raised and not masked */
	ins	t0, zero, 0, STATUS_MODE_BITS
	jal	interrupt_handle
	 mtc0	t0, CP0_STATUS			/* no longer an exception, interrupts off */
	.globl	interrupt_return
interrupt_return:
	lw	t0, IRQ_HI(sp)
	lw	t1, IRQ_LO(sp)
	mthi	t0
	mtlo	t1
	lw	$1, IRQ_AT(sp)
	lw	v0, IRQ_V(sp)
	lw	v1, IRQ_V + 4(sp)
	lw	a0, IRQ_A(sp)
	lw	a1, IRQ_A + 4(sp)
	lw	a2, IRQ_A + 8(sp)
	lw	a3, IRQ_A + 12(sp)
	/* Status as it was, but for the lines that the handler masked or unmasked. */
	mfc0	t0, CP0_STATUS
	ori	t0, t0, STATUS_EXL | STATUS_IE
	mtc0	t0, CP0_STATUS
	lw	k0, IRQ_EPC(sp)
	ext	t0, k0, 29, 1
	bnez	t0, interrupted_wait
	 lw	t1, IRQ_T + 4(sp)
1:	mtc0	k0, CP0_EPC
	lw	t0, IRQ_T(sp)
	lw	t2, IRQ_T + 8(sp)
	lw	t3, IRQ_T + 12(sp)
	lw	t4, IRQ_T + 16(sp)
	lw	t5, IRQ_T + 20(sp)
	lw	t6, IRQ_T + 24(sp)
	lw	t7, IRQ_T + 28(sp)
	lw	t8, IRQ_T + 32(sp)
	lw	t9, IRQ_T + 36(sp)
	lw	ra, IRQ_RA(sp)
	addiu	sp, sp, IRQ_SIZE
	ehb					/* EPC and Status have arrived */
	eret
interrupted_wait:
	lui	k0, %hi(wait_end)
	b	1b
	 addiu	k0, k0, %lo(wait_end)
END_FUNCTION(interrupt_entry)

	.text
FUNCTION(trap_entry)
	/* A stack pointer that is not in kseg0 or not a multiple of 8 would fault again, for ever. */
	rotr	k0, sp, 3
	srl	k0, k0, 32 - 6
	xori	k0, k0, KSEG0_BASE >> 29
	bnez	k0, bad_stack
	 move	k1, sp
1:	addiu	sp, sp, -TRAP_SIZE
	.irp	n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 28
	sw	$\n, TRAP_REGS + 4 * \n(sp)
	.endr
	sw	k1, TRAP_REGS + 4 * 29(sp)
	sw	$30, TRAP_REGS + 4 * 30(sp)
	sw	ra, TRAP_REGS + 4 * 31(sp)
	mfhi	t0
	mflo	t1
	sw	t0, TRAP_HI(sp)
	sw	t1, TRAP_LO(sp)
	mfc0	t0, CP0_STATUS
	mfc0	t1, CP0_CAUSE
	mfc0	t2, CP0_EPC
	mfc0	t3, CP0_BADVADDR
	sw	t0, TRAP_STATUS(sp)
	sw	t1, TRAP_CAUSE(sp)
	sw	t2, TRAP_EPC(sp)
	sw	t3, TRAP_BAD_ADDRESS(sp)
	ins	t0, zero, 0, STATUS_MODE_BITS
	mtc0	t0, CP0_STATUS
	jal	trap_handle
	 move	a0, sp
	.globl	trap_return
trap_return:
	lw	t0, TRAP_HI(sp)
	lw	t1, TRAP_LO(sp)
	lw	t2, TRAP_STATUS(sp)		/* with EXL, as it was saved */
	lw	t3, TRAP_EPC(sp)
	mthi	t0
	mtlo	t1
	mtc0	t2, CP0_STATUS
	mtc0	t3, CP0_EPC
	.irp	n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 28
	lw	$\n, TRAP_REGS + 4 * \n(sp)
	.endr
	lw	$30, TRAP_REGS + 4 * 30(sp)
	lw	ra, TRAP_REGS + 4 * 31(sp)
	lw	sp, TRAP_REGS + 4 * 29(sp)
	ehb
	eret
bad_stack:
	lui	sp, %hi(emergency_stack_end)
	b	1b
	 addiu	sp, sp, %lo(emergency_stack_end)
END_FUNCTION(trap_entry)

/*
 * The stack of start-up, and for traps whose stack pointer is useless another one. That lies below
 * it: what runs over the end of the boot stack does no other harm for a while.
 */
	.bss
	.balign	8
	.space	EMERGENCY_STACK_SIZE
emergency_stack_end:
	.globl	boot_stack
boot_stack:
	.space	BOOT_STACK_SIZE

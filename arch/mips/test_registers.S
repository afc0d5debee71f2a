/* SPDX-License-Identifier: MIT */
/*
 * uint32_t registers_damaged(bool interrupt): gives every register a value of its own, goes through
 * a trap, or waits for an interrupt whose handler is registers_destroy, and gives 0 when all
 * registers are as before. Called with interrupts masked and no other line able to interrupt.
 */
#include <asm/asm.h>
#include <asm/trap.h>

#define SAVED 64

	.set	noreorder
	.set	noat

	/* Every register of which damage is seen: all but $0, k0, k1 and sp. */
	.macro	each_register action
	.irp	n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 28, 30, 31
	\action	\n
	.endr
	.endm

	.macro	set_register n
	lui	$\n, 0x5a00 + \n
	ori	$\n, $\n, 0xa500 - \n
	.endm

	/* Collects differences in k1. */
	.macro	compare_register n
	lui	k0, 0x5a00 + \n
	ori	k0, k0, 0xa500 - \n
	xor	k0, k0, $\n
	or	k1, k1, k0
	.endm

	.text
FUNCTION(registers_damaged)
	addiu	sp, sp, -SAVED
	.irp	n, 16, 17, 18, 19, 20, 21, 22, 23
	sw	$\n, 4 * (\n - 16)(sp)
	.endr
	sw	$28, 32(sp)
	sw	$30, 36(sp)
	sw	ra, 40(sp)
	lui	k0, %hi(stack_pointer)
	sw	sp, %lo(stack_pointer)(k0)
	lui	k0, %hi(served)
	sw	zero, %lo(served)(k0)
	move	k1, a0
	lui	k0, 0x1111
	mthi	k0
	lui	k0, 0x2222
	mtlo	k0
	each_register set_register

	/* k0 and k1 belong to the vectors, which change them at will: that does no harm here. */
	bnez	k1, 1f
	 nop
	.word	BREAK_NOTHING
	b	2f
	 nop
1:	ei
	lui	k0, %hi(served)
	lw	k0, %lo(served)(k0)
	beqz	k0, 1b
	 nop
	di
	ehb

2:	move	k1, zero
	each_register compare_register
	mfhi	t0
	lui	t1, 0x1111
	xor	t0, t0, t1
	or	k1, k1, t0
	mflo	t0
	lui	t1, 0x2222
	xor	t0, t0, t1
	or	k1, k1, t0
	lui	t0, %hi(stack_pointer)
	lw	t0, %lo(stack_pointer)(t0)
	xor	t1, t0, sp
	or	v0, k1, t1
	move	sp, t0
	.irp	n, 16, 17, 18, 19, 20, 21, 22, 23
	lw	$\n, 4 * (\n - 16)(sp)
	.endr
	lw	$28, 32(sp)
	lw	$30, 36(sp)
	lw	ra, 40(sp)
	jr	ra
	 addiu	sp, sp, SAVED
END_FUNCTION(registers_damaged)

/* An irq_handler that changes all that a called function may change. */
FUNCTION(registers_destroy)
	lui	t0, %hi(served)
	li	t1, 1
	sw	t1, %lo(served)(t0)
	.irp	n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25
	lui	$\n, 0xdead
	.endr
	mthi	t0
	jr	ra
	 mtlo	t0
END_FUNCTION(registers_destroy)

	.bss
	.balign	4
stack_pointer:
	.space	4
served:
	.space	4

/* SPDX-License-Identifier: MIT */
/*
 * long context_switch_asm(struct thread *from, struct thread *to)
 *
 * Everything that switches threads comes through here, with interrupts masked; it returns in
 * the other thread with interrupts enabled.
 */
#include <generated/asm-offsets.h>

	.set noreorder

#ifdef CONFIG_USER_MODE
#include "user/switch.S"
#else
	.macro switch_user
	.endm
	.macro switch_user_rest
	.endm
#endif

	.text
	.globl context_switch_asm
	.type context_switch_asm, @function
	.ent context_switch_asm
context_switch_asm:
	sw	$16, CONTEXT_S + 0($4)
	sw	$17, CONTEXT_S + 4($4)
	sw	$18, CONTEXT_S + 8($4)
	sw	$19, CONTEXT_S + 12($4)
	sw	$20, CONTEXT_S + 16($4)
	sw	$21, CONTEXT_S + 20($4)
	sw	$22, CONTEXT_S + 24($4)
	sw	$23, CONTEXT_S + 28($4)
	sw	$30, CONTEXT_S + 32($4)
	sw	$29, CONTEXT_SP($4)
	sw	$31, CONTEXT_RA($4)
	move	$28, $5			# the running thread
	switch_user
	lw	$31, CONTEXT_RA($5)
	lw	$16, CONTEXT_S + 0($5)
	lw	$17, CONTEXT_S + 4($5)
	lw	$18, CONTEXT_S + 8($5)
	lw	$19, CONTEXT_S + 12($5)
	lw	$20, CONTEXT_S + 16($5)
	lw	$21, CONTEXT_S + 20($5)
	lw	$22, CONTEXT_S + 24($5)
	lw	$23, CONTEXT_S + 28($5)
	lw	$30, CONTEXT_S + 32($5)
	lw	$29, CONTEXT_SP($5)
	/* Not in the delay slot: asm/cp0.h says why. An interrupt that comes at once leaves wait_result
	 * as it is (preempt_at_irq_exit). */
	ei
	jr.hb	$31			# what was written to CP0 has arrived
	 lw	$2, THREAD_WAIT_RESULT($5)
	switch_user_rest
	.end context_switch_asm
	.size context_switch_asm, . - context_switch_asm

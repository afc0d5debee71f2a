/* SPDX-License-Identifier: MIT */
/*
 * What a switch of threads does more with USER_MODE, $5 being the next one: entry.S finds the running
 * thread in boot_cpu.current; the FPU is not the next one's until it asks for it; and a task has its
 * thread pointer and its address space loaded. A kernel thread leaves both as they are: it looks at
 * neither, and the same task may be next.
 *
 * Cost: 8 instructions to a kernel thread, 20 to a task. Whether the space is another one is not asked:
 * that would cost the others more than it saves.
 */
#include <asm/cp0.h>

	.macro switch_user
	lui	$8, %hi(boot_cpu + CPU_CURRENT)
	mfc0	$9, CP0_STATUS
	sw	$5, %lo(boot_cpu + CPU_CURRENT)($8)
	sll	$10, $9, 31 - STATUS_CU1_SHIFT
	bltz	$10, .Lfpu_lost
	 lw	$10, THREAD_TASK($5)
.Lfpu_unused:
	beqz	$10, .Lspace_loaded
	 lui	$8, %hi(user_mmu)
	lw	$11, TASK_THREAD_POINTER($10)
	lw	$10, THREAD_SPACE($5)
	.globl user_local_write
user_local_write:
	mtc0	$11, CP0_USERLOCAL		# a nop where there is none (user/cpu.c)
	lw	$9, %lo(user_mmu + MMU_GENERATION)($8)
	lw	$11, SPACE_GENERATION($10)
	lw	$12, SPACE_ASID($10)
	bne	$11, $9, .Lasid_missing
	 lw	$9, SPACE_ROOT($10)
	sw	$10, %lo(user_mmu + MMU_LOADED)($8)
	mtc0	$12, CP0_ENTRYHI
	mtc0	$9, CP0_ERROREPC
	ehb
.Lspace_loaded:
	.endm

	.macro switch_user_rest
.Lfpu_lost:
	ins	$9, $0, STATUS_CU1_SHIFT, 1
	b	.Lfpu_unused
	 mtc0	$9, CP0_STATUS			# unmasks nothing, so it may stand here
	/* The registers of the thread that is left are saved, and its stack is still there. */
.Lasid_missing:
	move	$16, $5
	move	$4, $10
	jal	arch_space_load
	 addiu	$29, $29, -16
	b	.Lspace_loaded
	 move	$5, $16
	.endm

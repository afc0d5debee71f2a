/* SPDX-License-Identifier: MIT */
/*
 * What a switch of threads does more with USER_MODE, $5 being the next one: entry.S finds the running
 * thread in boot_cpu.current; the FPU is not the next one's until it asks for it; and a task has its
 * thread pointer and its address space loaded. A kernel thread leaves both as they are: it looks at
 * neither, and the same task may be next.
 *
 * Cost: 7 instructions to a kernel thread, 17 to a task. Whether the space is another one is not asked:
 * that would cost the others more than it saves.
 */
#include <asm/cp0.h>

	.macro switch_user
	lui	$8, %hi(user_mmu)
	lw	$9, %lo(user_mmu + MMU_FPU_USABLE)($8)
	lui	$10, %hi(boot_cpu + CPU_CURRENT)
	sw	$5, %lo(boot_cpu + CPU_CURRENT)($10)
	bnez	$9, .Lfpu_lost
	 lw	$10, THREAD_TASK($5)
.Lfpu_unused:
	beqz	$10, .Lspace_loaded
	 lw	$12, THREAD_SPACE($5)
	lw	$11, TASK_THREAD_POINTER($10)
	.globl user_local_write
user_local_write:
	mtc0	$11, CP0_USERLOCAL		# a nop where there is none (user/cpu.c)
	lw	$9, %lo(user_mmu + MMU_GENERATION)($8)
	lw	$11, SPACE_GENERATION($12)
	lw	$10, SPACE_ASID($12)
	bne	$11, $9, .Lasid_missing
	 lw	$9, SPACE_ROOT($12)
	sw	$12, %lo(user_mmu + MMU_LOADED)($8)
	mtc0	$10, CP0_ENTRYHI
	mtc0	$9, CP0_ERROREPC
.Lspace_loaded:
	.endm

	.macro switch_user_rest
.Lfpu_lost:
	mfc0	$9, CP0_STATUS
	sw	$0, %lo(user_mmu + MMU_FPU_USABLE)($8)
	ins	$9, $0, STATUS_CU1_SHIFT, 1
	b	.Lfpu_unused
	 mtc0	$9, CP0_STATUS			# unmasks nothing, so it may stand here
	/* The registers of the thread that is left are saved, and its stack is still there. */
.Lasid_missing:
	move	$16, $5
	move	$4, $12
	jal	arch_space_load
	 addiu	$29, $29, -16
	b	.Lspace_loaded
	 move	$5, $16
	.endm

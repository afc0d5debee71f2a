/* SPDX-License-Identifier: MIT */
/*
 * What vectors.S does more with USER_MODE: the TLB refill, and telling user code from the kernel's.
 * Where user code was interrupted, k1 is the running thread and entry.S goes on.
 */
#include <asm/trap.h>

/*
 * Fifteen instructions. ErrorEPC holds the address of the loaded space's root table: no exception
 * but reset, NMI and cache errors changes it, and this kernel survives none of these; every CPU has
 * it, and it costs no load. The tables are pages, so an index is inserted into an address instead of
 * added. A missing table is an error of the program or its first touch, and so rare that only a branch
 * looks at it; what comes then is what an invalid entry leads to.
 */
	.macro	refill
	mfc0	k0, CP0_BADVADDR
	mfc0	k1, CP0_ERROREPC
	rotr	k0, k0, 22			/* index of level 1 at the bottom, of level 0 at the top */
	ins	k1, k0, 2, 10
	lw	k1, 0(k1)
	beqz	k1, general_entry
	 srl	k0, k0, 23			/* number of the pair of pages in the table */
	ins	k1, k0, 3, 9
	lw	k0, 0(k1)
	lw	k1, 4(k1)
	mtc0	k0, CP0_ENTRYLO0
	mtc0	k1, CP0_ENTRYLO1
	ehb
	tlbwr
	eret
	.endm

/* System calls go their own way first, then the hot one of the emulated instructions. */
	.macro	general_exception
general_entry:
	mfc0	k0, CP0_CAUSE
	lui	k1, %hi(boot_cpu)
	andi	k0, k0, CAUSE_EXCCODE
	xori	k0, k0, EXCEPTION_SYSTEM_CALL << CAUSE_EXCCODE_SHIFT
	beqz	k0, system_call_entry
	 lw	k1, %lo(boot_cpu)(k1)
	xori	k0, k0, (EXCEPTION_SYSTEM_CALL ^ EXCEPTION_RESERVED_INSTRUCTION) << CAUSE_EXCCODE_SHIFT
	beqz	k0, .Lread_thread_pointer
	 mfc0	k0, CP0_STATUS
.Lnot_emulated:
	andi	k0, k0, STATUS_USER
	bnez	k0, user_trap_entry
	 mfc0	k0, CP0_EPC
	j	trap_entry
	 nop

/*
 * rdhwr v1,$29 gives the thread pointer. A CPU without UserLocal does not know it, and programs use it
 * all the time. Should the instruction not be in the TLB any more, the load comes to general_entry as
 * the user's own fault, because EXL keeps EPC and Status as they are. In a delay slot EPC is that of
 * the branch, and user/trap.c does the rest, as for other registers.
 */
.Lread_thread_pointer:
	mfc0	k0, CP0_EPC
	lui	k1, READ_THREAD_POINTER >> 16
	lw	k0, 0(k0)
	ori	k1, k1, READ_THREAD_POINTER & 0xffff
	bne	k0, k1, 1f
	 mfc0	k0, CP0_EPC
	lui	v1, %hi(boot_cpu)
	lw	v1, %lo(boot_cpu)(v1)
	addiu	k0, k0, 4
	mtc0	k0, CP0_EPC
	lw	v1, THREAD_TASK(v1)
	lw	v1, TASK_THREAD_POINTER(v1)
	ehb
	eret
1:	lui	k1, %hi(boot_cpu)
	lw	k1, %lo(boot_cpu)(k1)
	b	.Lnot_emulated
	 mfc0	k0, CP0_STATUS
	.endm

	.macro	interrupt_from_user
	mfc0	k0, CP0_STATUS
	andi	k0, k0, STATUS_USER
	bnez	k0, user_interrupt_entry
	 lui	k1, %hi(boot_cpu)
	.endm


/* SPDX-License-Identifier: MIT */
/*
 * The first instructions. The firmware (QEMU's own boot code, YAMON) jumps here in kernel mode,
 * interrupts off, with a0 argc, a1 argv, a2 environment, a3 bytes of memory from physical 0 on; under
 * QEMU's -semihosting a0 is -1. The loader has cleared .bss, as the ELF program header asks, and the
 * firmware has set up the caches.
 *
 * $28 (gp) is not for small data (-G0): it belongs to the scheduler (`current`), and holds 0 until
 * there is one. Costs 40 instructions.
 */
#include <asm/asm.h>
#include <asm/cp0.h>
#include <asm/malta.h>
#include <asm/page.h>
#include <asm/setup.h>

	.set	noreorder
	.set	noat

	.section .text.head, "ax"
FUNCTION(_start)
	/* Release 2 to 5? Up to here, and in stop, only instructions that all MIPS have. */
	mfc0	t0, CP0_CONFIG
	srl	t0, t0, CONFIG0_AR_SHIFT
	andi	t0, t0, 7
	xori	t0, t0, CONFIG0_AR_R2
	lui	t1, %hi(.Lwrong_cpu)
	bnez	t0, stop
	 addiu	t1, t1, %lo(.Lwrong_cpu)

	/* The stack lies at the image's end: is that in memory? */
	lui	t0, %hi(__image_end - KSEG0_BASE)
	addiu	t0, t0, %lo(__image_end - KSEG0_BASE)
	sltu	t0, a3, t0
	lui	t1, %hi(.Lno_memory)
	bnez	t0, stop
	 addiu	t1, t1, %lo(.Lno_memory)

	/* The vectors. EBase may change only while BEV keeps the CPU from using it. */
	lui	t0, %hi(STATUS_BEV)
	mtc0	t0, CP0_STATUS
	ehb
	lui	t1, IMAGE_BASE >> 16
	mtc0	t1, CP0_EBASE
	ehb
	lui	t0, %hi(CAUSE_IV)
	mtc0	t0, CP0_CAUSE			/* interrupts at 0x200, Count runs */
	mtc0	zero, CP0_STATUS		/* kernel mode, all lines masked, no FPU */
	ehb

	lui	sp, %hi(boot_stack + BOOT_STACK_SIZE - 16)
	addiu	sp, sp, %lo(boot_stack + BOOT_STACK_SIZE - 16)
	move	$28, zero
	j	setup
	 move	ra, zero			/* backtraces end here */

/*
 * Prints the text at t1 and ends. There is no console yet: writes to the port of the 16550, which the
 * firmware uses as well.
 */
stop:
	lui	t0, %hi(MALTA_ISA_PORTS)
1:	lbu	t2, 0(t1)
	beqz	t2, 3f
	 addiu	t1, t1, 1
2:	lbu	t3, 0x3fd(t0)
	andi	t3, t3, 0x20			/* transmitter empty */
	beqz	t3, 2b
	 nop
	b	1b
	 sb	t2, 0x3f8(t0)
3:	addiu	t0, a0, 1			/* under semihosting: ends QEMU with status 1 */
	bnez	t0, 4f
	 li	t9, UHI_EXIT
	li	a0, 1
	sdbbp	1
4:	b	4b
	 nop
END_FUNCTION(_start)

/* Here and not with the constants, because the first pages are surely in memory. */
.Lwrong_cpu:
	.asciz	"Tessera stops: this processor is not MIPS32 release 2 to 5; QEMU: -cpu 24Kf\r\n"
.Lno_memory:
	.asciz	"Tessera stops: too little memory for this kernel; QEMU: a larger -m\r\n"

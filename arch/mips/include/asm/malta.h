/* SPDX-License-Identifier: MIT */
/*
 * Where Malta has its devices, in kseg1.
 * Source: MIPS Malta User's Manual (MD00048), "Memory Map"; QEMU 7.2 hw/mips/malta.
 */
#ifndef ASM_MALTA_H
#define ASM_MALTA_H

#define MALTA_ISA_PORTS	 0xb8000000 /* ports of the south bridge (PIIX4) */
#define MALTA_GT64120	 0xbbe00000 /* registers of the north bridge */
#define MALTA_SOFT_RESET 0xbf000500
#define MALTA_RESET_WORD 0x42

/* Memory from here on lies elsewhere: devices take its place in kseg0. */
#define MALTA_LOW_MEMORY_MAX 0x10000000
/* All of memory, out of kseg0's reach. */
#define MALTA_HIGH_MEMORY 0x80000000u

#define MALTA_CASCADE_LINE 2 /* the CPU's interrupt line that the i8259 pair is wired to */

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Coprocessor 0: the registers that control the CPU, for C and assembly.
 * Source: MIPS32 Architecture For Programmers, Volume III (MD00090), chapter 9.
 */
#ifndef ASM_CP0_H
#define ASM_CP0_H

#ifdef __ASSEMBLY__
#define CP0_REGISTER(number, select) $number, select
#else
#define CP0_REGISTER(number, select) "$" #number ", " #select
#endif

#define CP0_INDEX     CP0_REGISTER(0, 0)
#define CP0_ENTRYLO0  CP0_REGISTER(2, 0)
#define CP0_ENTRYLO1  CP0_REGISTER(3, 0)
#define CP0_USERLOCAL CP0_REGISTER(4, 2)
#define CP0_PAGEMASK  CP0_REGISTER(5, 0)
#define CP0_PAGEGRAIN CP0_REGISTER(5, 1)
#define CP0_WIRED     CP0_REGISTER(6, 0)
#define CP0_HWRENA    CP0_REGISTER(7, 0)
#define CP0_BADVADDR  CP0_REGISTER(8, 0)
#define CP0_COUNT     CP0_REGISTER(9, 0)
#define CP0_ENTRYHI   CP0_REGISTER(10, 0)
#define CP0_COMPARE   CP0_REGISTER(11, 0)
#define CP0_STATUS    CP0_REGISTER(12, 0)
#define CP0_INTCTL    CP0_REGISTER(12, 1)
#define CP0_CAUSE     CP0_REGISTER(13, 0)
#define CP0_EPC	      CP0_REGISTER(14, 0)
#define CP0_PRID      CP0_REGISTER(15, 0)
#define CP0_EBASE     CP0_REGISTER(15, 1)
#define CP0_CONFIG    CP0_REGISTER(16, 0)
#define CP0_CONFIG1   CP0_REGISTER(16, 1)
#define CP0_CONFIG3   CP0_REGISTER(16, 3)
#define CP0_CONFIG7   CP0_REGISTER(16, 7)
#define CP0_DEPC      CP0_REGISTER(24, 0)
#define CP0_ERROREPC  CP0_REGISTER(30, 0)

#define STATUS_IE	 0x00000001 /* interrupts on */
#define STATUS_EXL	 0x00000002 /* in an exception: interrupts off, kernel mode */
#define STATUS_ERL	 0x00000004 /* in an error (reset, NMI, cache) */
#define STATUS_KSU	 0x00000018 /* mode: 0 kernel, 2 user */
#define STATUS_USER	 0x00000010 /* the bit of KSU that user mode sets */
#define STATUS_MODE_BITS 5	    /* IE to KSU are the lowest bits */
#define STATUS_IM_SHIFT	 8	    /* interrupt lines 0 to 7 that may interrupt */
#define STATUS_BEV	 0x00400000 /* vectors in the boot ROM */
#define STATUS_CU1_SHIFT 29	    /* coprocessor 1, the FPU, may be used */
#define STATUS_CU1	 0x20000000

#define CAUSE_EXCCODE	    0x0000007c /* which exception; 0: interrupt */
#define CAUSE_EXCCODE_SHIFT 2
#define CAUSE_CE_SHIFT	    28	       /* which coprocessor was not usable, 2 bits */
#define CAUSE_IP_SHIFT	    8	       /* interrupt lines that are raised */
#define CAUSE_IV	    0x00800000 /* interrupts have a vector of their own */
#define CAUSE_BD	    0x80000000 /* it happened in a branch delay slot; EPC is the branch */

#define INTCTL_IPTI_SHIFT 29 /* the line that the timer is wired to */

#define CONFIG0_AR_SHIFT  10 /* architecture release - 1, 3 bits */
#define CONFIG0_AR_R2	  1  /* release 2 to 5 */
#define CONFIG0_MT_SHIFT  7  /* kind of MMU, 3 bits */
#define CONFIG0_MT_TLB	  1
#define CONFIG1_MMU_SHIFT 25	     /* TLB entries - 1, 6 bits */
#define CONFIG1_FP	  0x00000001 /* there is an FPU */
#define CONFIG1_IS_SHIFT  22	     /* instruction cache: lines per way, 64 << n */
#define CONFIG1_IL_SHIFT  19	     /* bytes in a line, 2 << n; 0: no cache */
#define CONFIG1_DS_SHIFT  13	     /* the same of the data cache */
#define CONFIG1_DL_SHIFT  10
#define CONFIG3_RXI	  0x00001000 /* entries can forbid reading and execution */
#define CONFIG3_ULRI	  0x00002000 /* there is a UserLocal register */
#define CONFIG7_AR	  0x00010000 /* the data cache has no aliases, whatever its size */

#define PAGEGRAIN_XIE 0x40000000 /* bit XI of EntryLo means something */

#define HWRENA_ALWAYS	 0x0000000f /* user code may read CPUNum, SYNCI_Step, CC, CCRes */
#define HWRENA_USERLOCAL 0x20000000

/* EntryLo: one page of a TLB entry, which holds an even page and the odd one behind it. */
#define ENTRYLO_V	  0x00000002 /* valid */
#define ENTRYLO_D	  0x00000004 /* may be written */
#define ENTRYLO_CACHED	  0x00000018
#define ENTRYLO_PFN_SHIFT 6
#define ENTRYLO_XI	  0x40000000 /* must not be executed; without RXI the CPU ignores it */
#define ENTRYHI_ASID	  0x000000ff

/* What happened, in Cause.ExcCode. Source: MD00090, table 9. */
#define EXCEPTION_INTERRUPT	       0
#define EXCEPTION_TLB_MODIFIED	       1
#define EXCEPTION_TLB_LOAD	       2
#define EXCEPTION_TLB_STORE	       3
#define EXCEPTION_ADDRESS_LOAD	       4
#define EXCEPTION_ADDRESS_STORE	       5
#define EXCEPTION_BUS_FETCH	       6
#define EXCEPTION_BUS_DATA	       7
#define EXCEPTION_SYSTEM_CALL	       8
#define EXCEPTION_BREAKPOINT	       9
#define EXCEPTION_RESERVED_INSTRUCTION 10
#define EXCEPTION_COPROCESSOR	       11
#define EXCEPTION_OVERFLOW	       12
#define EXCEPTION_TRAP		       13
#define EXCEPTION_FLOATING_POINT       15
#define EXCEPTION_WATCHPOINT	       23
#define EXCEPTION_MACHINE_CHECK	       24

#ifndef __ASSEMBLY__

#include <tessera/compiler.h>

#define cp0_read(reg)                                              \
	({                                                         \
		uint32_t __value;                                  \
		__asm__ volatile("mfc0 %0, " reg : "=r"(__value)); \
		__value;                                           \
	})

/*
 * Keeps the assembler from moving an instruction into the delay slot of a branch. There QEMU (7.2)
 * does not look whether an interrupt that was masked can now come, and if the code then goes round
 * in a loop without leaving QEMU's translated code, it never does.
 */
#define NOT_IN_DELAY_SLOT(text) ".set push\n\t.set noreorder\n\t" text "\n\t.set pop"

/* The value may take effect some instructions later: cp0_barrier when it must not. */
#define cp0_write(reg, value)                                                                     \
	do {                                                                                      \
		uint32_t __new = (value);                                                         \
		__asm__ volatile(NOT_IN_DELAY_SLOT("mtc0 %z0, " reg) : : "Jr"(__new) : "memory"); \
	} while (0)

#define cp0_barrier() __asm__ volatile("ehb" : : : "memory")

#endif
#endif

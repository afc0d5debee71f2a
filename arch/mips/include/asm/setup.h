/* SPDX-License-Identifier: MIT */
/* Start-up, and what the parts of the port need of one another. */
#ifndef ASM_SETUP_H
#define ASM_SETUP_H

#define BOOT_STACK_SIZE	     8192
#define EMERGENCY_STACK_SIZE 4096

/* QEMU's semihosting (MIPS UHI 1.1): $25 says what to do, `sdbbp 1` does it. */
#define UHI_EXIT 1

#ifndef __ASSEMBLY__

#include <tessera/compiler.h>

/* The first C code; head.S jumps here with what the firmware gave. */
void setup(int argc, char **argv, char **environment) __noreturn;

/* The board: fills boot_info and the memory map from what the firmware gave. */
void board_setup(int argc, char **argv, char **environment);

/* Makes every TLB entry match nothing. Gives the number of entries. */
unsigned tlb_flush(void);

/* kseg0 has no unmapped pages, so the lowest word of the stack is its guard (vmap.h). */
extern uint32_t boot_stack[];

/* Panics when it was overwritten. Called by the tick. */
void current_stack_check(void);

/* The lowest address of the running thread's stack; before there are threads, the boot stack's. */
const void *current_stack(void);

/* Where C code returns to in vectors.S, its frame at the stack pointer. */
extern char interrupt_return[], trap_return[];

#endif
#endif

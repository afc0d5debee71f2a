/* SPDX-License-Identifier: MIT */
#ifndef ASM_CPU_H
#define ASM_CPU_H

#include <tessera/compiler.h>
#include <tessera/irqs_off.h>

#define CPU_IRQ_FIRST 16 /* the CPU's lines IP0 to IP7 are the irqs from here on */

/* In a loop that waits for something to change. */
static inline void cpu_relax(void)
{
	barrier();
}

/* arch/mips/vectors.S: enables interrupts and halts, with no gap between the two. */
void cpu_enable_and_wait(void);

/* Called with interrupts masked: one that is pending, or comes later, ends it. */
static inline void cpu_wait(void)
{
	irqs_off_end();
	cpu_enable_and_wait();
}

#endif

/* SPDX-License-Identifier: MIT */
#ifndef ASM_CPU_H
#define ASM_CPU_H

#include <asm/irqflags.h>

static inline void cpu_relax(void)
{
}

/* Nothing happens on the simulated machine but ticks: waiting for an interrupt is the next one. */
static inline void cpu_wait(void)
{
	host_irqs_on = true;
	host_tick();
}

#endif

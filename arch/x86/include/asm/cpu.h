/* SPDX-License-Identifier: MIT */
/* Waiting, and what the processor can do. */
#ifndef ASM_CPU_H
#define ASM_CPU_H

#include <asm/irqflags.h>

/* Inside a loop that spins: lets the other hardware thread of the core run. */
static inline void cpu_relax(void)
{
	__asm__ volatile("pause" : : : "memory");
}

/* Halts until an interrupt has been handled; interrupts are on afterwards. An interrupt that comes
 * before the halt is not lost: sti takes effect after the instruction that follows it. */
static inline void cpu_wait(void)
{
	if (IS_ENABLED(CONFIG_DEBUG_IRQS_OFF) && !irqs_enabled())
		irqs_off_end();
	__asm__ volatile("sti\n\thlt" : : : "memory");
}

/* Features that the kernel uses where they are present (CPUID; Intel SDM volume 2A). What it cannot
 * do without has been checked by boot/entry.S. */
struct cpu_features {
	bool global_pages;
	bool no_execute;
	bool gigabyte_pages;
	bool smep; /* the kernel cannot execute user pages */
	bool smap; /* nor access them by accident */
	bool umip; /* user programs cannot read descriptor table addresses */
};

extern struct cpu_features cpu_features;

/* Reads the features and switches on those that need no page tables. Start-up, first of all. */
void cpu_init(void);

/* Gives the switch other instructions where there is no FXSAVE, so that it asks no question each
 * time. Start-up, before arch_paging_init makes the kernel's text read-only. */
#ifdef CONFIG_64BIT
static inline void switch_init(void)
{
}
#else
void switch_init(void);
#endif

#endif

/* SPDX-License-Identifier: MIT */
/*
 * The CPU's interrupt mask: the IF flag. Any context, O(1). irq_save gives the whole flags register,
 * which irq_restore puts back. The memory clobbers keep accesses inside the masked section.
 */
#ifndef ASM_IRQFLAGS_H
#define ASM_IRQFLAGS_H

#include <stdbool.h>
#include <tessera/irqs_off.h>

#define FLAGS_IF 0x200ul

static inline unsigned long cpu_flags(void)
{
	unsigned long flags;

	__asm__ volatile("pushf\n\tpop %0" : "=r"(flags) : : "memory");
	return flags;
}

static inline bool irqs_enabled(void)
{
	return cpu_flags() & FLAGS_IF;
}

/* Were interrupts on when irq_save gave these? */
static inline bool irq_flags_enabled(unsigned long flags)
{
	return flags & FLAGS_IF;
}

static inline unsigned long irq_save(void)
{
	unsigned long flags;

	__asm__ volatile("pushf\n\tpop %0\n\tcli" : "=r"(flags) : : "memory");
	if (IS_ENABLED(CONFIG_DEBUG_IRQS_OFF) && (flags & FLAGS_IF))
		irqs_off_begin(NULL);
	return flags;
}

static inline void irq_restore(unsigned long flags)
{
	if (IS_ENABLED(CONFIG_DEBUG_IRQS_OFF) && (flags & FLAGS_IF) && !irqs_enabled())
		irqs_off_end();
	__asm__ volatile("push %0\n\tpopf" : : "r"(flags) : "memory", "cc");
}

/* The same where no interrupt line was masked or unmasked and no other thread ran in between. */
static inline void irq_restore_unchanged(unsigned long flags)
{
	irq_restore(flags);
}

static inline void irq_disable(void)
{
	if (IS_ENABLED(CONFIG_DEBUG_IRQS_OFF))
		irq_save();
	else
		__asm__ volatile("cli" : : : "memory");
}

static inline void irq_enable(void)
{
	if (IS_ENABLED(CONFIG_DEBUG_IRQS_OFF) && !irqs_enabled())
		irqs_off_end();
	__asm__ volatile("sti" : : : "memory");
}

#endif

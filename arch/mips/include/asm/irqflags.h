/* SPDX-License-Identifier: MIT */
/*
 * The interrupt mask: Status.IE. What irq_save gives is the whole Status as it was; irq_restore
 * takes only IE from it, because the lines that Status.IM masks one by one may have changed in
 * between (irqchip_mask). So a pair costs five instructions, and three with irq_restore_unchanged.
 *
 * The cpu_irq_ functions are those that DEBUG_IRQS_OFF does not measure.
 */
#ifndef ASM_IRQFLAGS_H
#define ASM_IRQFLAGS_H

#include <asm/cp0.h>
#include <tessera/irqs_off.h>

static __always_inline unsigned long cpu_irq_save(void)
{
	unsigned long flags;

	/* Without ehb the CPU might take an interrupt a few instructions later. */
	__asm__ volatile("di %0\n\tehb" : "=r"(flags) : : "memory");
	return flags;
}

static __always_inline void cpu_irq_restore(unsigned long flags)
{
	unsigned long status;

	__asm__ volatile("mfc0 %0, " CP0_STATUS "\n\t"
			 "ins %0, %1, 0, 1\n\t" NOT_IN_DELAY_SLOT("mtc0 %0, " CP0_STATUS)
			 : "=&r"(status)
			 : "r"(flags)
			 : "memory");
}

static __always_inline unsigned long irq_save(void)
{
	unsigned long flags = cpu_irq_save();

	if (IS_ENABLED(CONFIG_DEBUG_IRQS_OFF) && (flags & STATUS_IE))
		irqs_off_begin(NULL);
	return flags;
}

static __always_inline void irq_restore(unsigned long flags)
{
	if (IS_ENABLED(CONFIG_DEBUG_IRQS_OFF) && (flags & STATUS_IE))
		irqs_off_end();
	cpu_irq_restore(flags);
}

/* The same at the end of a section in which no line was masked or unmasked and no other thread ran: Status
 * is as it was but for IE, and one instruction puts it back. */
static __always_inline void irq_restore_unchanged(unsigned long flags)
{
	if (IS_ENABLED(CONFIG_DEBUG_IRQS_OFF) && (flags & STATUS_IE))
		irqs_off_end();
	__asm__ volatile(NOT_IN_DELAY_SLOT("mtc0 %0, " CP0_STATUS) : : "r"(flags) : "memory");
}

/* Were interrupts on when irq_save gave these? */
static __always_inline bool irq_flags_enabled(unsigned long flags)
{
	return flags & STATUS_IE;
}

static __always_inline bool irqs_enabled(void)
{
	return cp0_read(CP0_STATUS) & STATUS_IE;
}

static __always_inline void irq_enable(void)
{
	if (IS_ENABLED(CONFIG_DEBUG_IRQS_OFF) && !irqs_enabled())
		irqs_off_end();
	__asm__ volatile(NOT_IN_DELAY_SLOT("ei") : : : "memory");
}

static __always_inline void irq_disable(void)
{
	irq_save();
}

#endif

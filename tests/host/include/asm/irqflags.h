/* SPDX-License-Identifier: MIT */
/* No interrupts come on the host; the mask is a variable, so that tests can look at it. */
#ifndef ASM_IRQFLAGS_H
#define ASM_IRQFLAGS_H

#include <stdbool.h>

extern bool host_irqs_on;

static inline unsigned long irq_save(void)
{
	unsigned long flags = host_irqs_on;

	host_irqs_on = false;
	return flags;
}

static inline void irq_restore(unsigned long flags)
{
	host_irqs_on = flags;
}

static inline void irq_enable(void)
{
	host_irqs_on = true;
}

static inline void irq_disable(void)
{
	host_irqs_on = false;
}

static inline bool irqs_enabled(void)
{
	return host_irqs_on;
}

#endif

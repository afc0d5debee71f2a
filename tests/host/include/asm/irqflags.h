/* SPDX-License-Identifier: MIT */
/*
 * The mask is a variable. The only interrupt is the tick, and it comes where a machine could
 * deliver it too: when a masked section ends (every host_tick_every-th, 0: never) and while idle.
 */
#ifndef ASM_IRQFLAGS_H
#define ASM_IRQFLAGS_H

#include <stdbool.h>

extern bool host_irqs_on;
extern unsigned host_tick_every, host_unmasked;
void host_tick(void);

static inline void host_unmask(void)
{
	host_irqs_on = true;
	if (host_tick_every && ++host_unmasked % host_tick_every == 0)
		host_tick();
}

static inline unsigned long irq_save(void)
{
	unsigned long flags = host_irqs_on;

	host_irqs_on = false;
	return flags;
}

static inline void irq_restore(unsigned long flags)
{
	if (flags)
		host_unmask();
}

/* The same where no interrupt line was masked or unmasked and no other thread ran in between. */
static inline void irq_restore_unchanged(unsigned long flags)
{
	irq_restore(flags);
}

static inline void irq_enable(void)
{
	host_unmask();
}

static inline bool irq_flags_enabled(unsigned long flags)
{
	return flags;
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

/* SPDX-License-Identifier: MIT */
/* The PC's interrupt controller: the i8259 pair alone, vectors from VECTOR_IRQ_BASE on. */
#include <asm/trap.h>
#include <tessera/i8259.h>
#include <tessera/irq.h>

#define IRQ_CASCADE 2 /* where the second controller is wired to the first */

void irqchip_init(void)
{
	i8259_init(VECTOR_IRQ_BASE);
}

bool irqchip_has(unsigned irq)
{
	return irq < I8259_IRQS && irq != IRQ_CASCADE;
}

void irqchip_mask(unsigned irq)
{
	i8259_mask(irq);
}

void irqchip_unmask(unsigned irq)
{
	i8259_unmask(irq);
}

void irqchip_eoi(unsigned irq)
{
	i8259_eoi(irq);
}

/* SPDX-License-Identifier: MIT */
/*
 * Interrupts: irqs 16 to 23 are the CPU's own lines IP0 to IP7, masked in Status.IM; irqs 0 to 15
 * are the i8259 pair, whose output is the CPU's line MALTA_CASCADE_LINE.
 *
 * The CPU's lines follow their sources (level), so nothing ends them but the source; the highest
 * line is served first. The i8259 are asked by polling, which works on every board that has them:
 * the north bridge's acknowledge cycle would save one port access.
 */
#include <asm/cp0.h>
#include <asm/cpu.h>
#include <asm/irqflags.h>
#include <asm/malta.h>
#include <asm/setup.h>
#include <asm/trap.h>
#include <tessera/i8259.h>
#include <tessera/irq.h>
#include <tessera/kernel.h>

#define CPU_LINES 8
#define LINE_MASK (((1u << CPU_LINES) - 1) << STATUS_IM_SHIFT)

_Static_assert(STATUS_IM_SHIFT == CAUSE_IP_SHIFT, "Cause and Status are compared bit by bit");
_Static_assert(CPU_IRQ_FIRST >= I8259_IRQS && CPU_IRQ_FIRST + CPU_LINES <= IRQ_COUNT, "irq numbers");

/* Interrupts are masked. */
static void set_line(unsigned line, bool on)
{
	uint32_t bit = 1u << (STATUS_IM_SHIFT + line);
	uint32_t status = cp0_read(CP0_STATUS);

	cp0_write(CP0_STATUS, on ? status | bit : status & ~bit);
	cp0_barrier();
}

void irqchip_init(void)
{
	i8259_init(0);
	set_line(MALTA_CASCADE_LINE, true);
}

bool irqchip_has(unsigned irq)
{
	return irq < I8259_IRQS ? irq != I8259_CASCADE
				: irq >= CPU_IRQ_FIRST && irq < CPU_IRQ_FIRST + CPU_LINES &&
					  irq != CPU_IRQ_FIRST + MALTA_CASCADE_LINE;
}

void irqchip_mask(unsigned irq)
{
	if (irq >= CPU_IRQ_FIRST)
		set_line(irq - CPU_IRQ_FIRST, false);
	else
		i8259_mask(irq);
}

void irqchip_unmask(unsigned irq)
{
	if (irq >= CPU_IRQ_FIRST)
		set_line(irq - CPU_IRQ_FIRST, true);
	else
		i8259_unmask(irq);
}

void irqchip_eoi(unsigned irq)
{
	if (irq < CPU_IRQ_FIRST)
		i8259_eoi(irq);
}

static void dispatch(uint32_t pending)
{
	unsigned line = 31 - STATUS_IM_SHIFT - (unsigned)__builtin_clz(pending);
	int irq;

	if (line != MALTA_CASCADE_LINE) {
		irq_dispatch(CPU_IRQ_FIRST + line);
		return;
	}
	irq = i8259_acknowledge();
	if (irq >= 0)
		irq_dispatch((unsigned)irq);
	else
		irq_spurious();
}

/* pending: Cause & Status as the interrupt found them. */
void interrupt_handle(uint32_t pending, struct irq_frame *frame)
{
	irqs_off_begin((const void *)(uintptr_t)frame->epc);
	if (unlikely(!boot_stack_is_whole()))
		panic("kernel stack overflow: its guard word at %p is overwritten", (void *)boot_stack);

	pending &= LINE_MASK;
	if (likely(pending))
		dispatch(pending);
	else
		irq_spurious(); /* the source changed its mind */
	irqs_off_end();
}

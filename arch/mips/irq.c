/* SPDX-License-Identifier: MIT */
/*
 * Interrupts: irqs 18 to 23 are the CPU's own lines IP2 to IP7, masked in Status.IM; irqs 0 to 15
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
#include <asm/trap.h>
#include <tessera/i8259.h>
#include <tessera/irq.h>

#define CPU_LINES    8
#define DEVICE_LINES 0xfc00 /* of Cause and Status: IP2 to IP7; IP0 and IP1 are software's */

_Static_assert(STATUS_IM_SHIFT == CAUSE_IP_SHIFT, "Cause and Status are compared bit by bit");
_Static_assert(MALTA_CASCADE_LINE == 2, "irqchip_has: the first line behind software's");
_Static_assert(CPU_IRQ_FIRST >= I8259_IRQS && CPU_IRQ_FIRST + CPU_LINES <= IRQ_COUNT,
	       "irq numbers");

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
	if (irq < I8259_IRQS)
		return irq != I8259_CASCADE;
	return irq > CPU_IRQ_FIRST + MALTA_CASCADE_LINE && irq < CPU_IRQ_FIRST + CPU_LINES;
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

static noinline void dispatch_cascade(void)
{
	int irq = i8259_acknowledge();

	if (irq >= 0)
		irq_dispatch((unsigned)irq);
	else
		irq_spurious();
}

/*
 * pending: Cause & Status as the interrupt found them. Everything is called as the last thing, so
 * that no stack frame is needed.
 */
static __always_inline void dispatch(uint32_t pending)
{
	unsigned line;

	if (unlikely(!(pending & DEVICE_LINES))) {
		/* A software interrupt is taken back (bench.c), or the source changed its mind.
		 * Not cp0_write: this unmasks nothing, so it may go into a delay slot. */
		__asm__ volatile("mtc0 %0, " CP0_CAUSE : : "r"(CAUSE_IV));
		return;
	}
	line = 31 - STATUS_IM_SHIFT - (unsigned)__builtin_clz(pending & DEVICE_LINES);
	if (line == MALTA_CASCADE_LINE)
		dispatch_cascade();
	else
		irq_dispatch(CPU_IRQ_FIRST + line);
}

void interrupt_handle(uint32_t pending)
{
	if (IS_ENABLED(CONFIG_DEBUG_IRQS_OFF))
		irqs_off_begin((const void *)(uintptr_t)cp0_read(CP0_EPC));
	dispatch(pending);
	irqs_off_end();
}

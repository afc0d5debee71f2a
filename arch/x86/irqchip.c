/* SPDX-License-Identifier: MIT */
/*
 * The PC's interrupt controller: the i8259 pair alone, vectors from VECTOR_IRQ_BASE on.
 *
 * Its output reaches the processor through input LINT0 of the local APIC. Firmware is to have that
 * opened ("virtual wire mode", Intel MultiProcessor Specification 1.4, section 3.6.2.1), but QEMU's
 * qboot, which itself needs no interrupts, does not. So it is done here (Intel SDM volume 3A,
 * sections 10.4 and 10.5).
 */
#include <asm/io.h>
#include <asm/page.h>
#include <asm/registers.h>
#include <asm/trap.h>
#include <tessera/i8259.h>
#include <tessera/irq.h>
#include <tessera/log.h>
#include <tessera/vmap.h>

#define LOG_TAG "irq"

#define IRQ_CASCADE 2 /* where the second controller is wired to the first */

#define LEAF1_EDX_APIC	 (1u << 9)
#define MSR_APIC_BASE	 0x1b
#define APIC_BASE_ENABLE 0x800
#define APIC_BASE_X2	 0x400 /* the registers are no memory; only firmware that knows it sets it */

#define APIC_SPURIOUS	     0x0f0
#define APIC_SPURIOUS_ENABLE 0x100
#define APIC_LINT0	     0x350
#define APIC_EXTINT	     0x700 /* the i8259 gives the vector */

/* The APIC's own spurious vector is that of irq 15, whose handler asks the i8259 anyway; the last four
 * bits have to be set. */
#define SPURIOUS_VECTOR (VECTOR_IRQ_BASE + 15)
_Static_assert((SPURIOUS_VECTOR & 15) == 15, "hardwired in older processors");

static void open_virtual_wire(void)
{
	uint64_t base;
	char *apic;

	if (!(cpuid(1).edx & LEAF1_EDX_APIC))
		return;
	base = read_msr(MSR_APIC_BASE);
	if ((base & (APIC_BASE_ENABLE | APIC_BASE_X2)) != APIC_BASE_ENABLE)
		return;
	apic = vmap_device(base & ~(uint64_t)(PAGE_SIZE - 1), PAGE_SIZE);
	if (!apic) {
		log_error("no memory to map the local APIC; interrupts may not arrive");
		return;
	}
	mmio_write32(apic + APIC_SPURIOUS, APIC_SPURIOUS_ENABLE | SPURIOUS_VECTOR);
	mmio_write32(apic + APIC_LINT0, APIC_EXTINT);
	vunmap_device(apic);
}

void irqchip_init(void)
{
	i8259_init(VECTOR_IRQ_BASE);
	open_virtual_wire();
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

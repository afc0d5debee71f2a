/* SPDX-License-Identifier: MIT */
/*
 * Two cascaded i8259 interrupt controllers: the slave's output is the master's input 2.
 *
 * Method: edge-triggered lines in fully nested mode, ended by specific end-of-interrupt commands,
 * so that the order in which handlers finish does not matter. The masks are kept in a variable:
 * masking costs one port write and no read. Source: Intel 8259A data sheet (231468-003); the lines
 * of PCI devices are switched to level-triggered by the firmware (ELCR) and need nothing here.
 */
#include <asm/io.h>
#include <tessera/errno.h>
#include <tessera/i8259.h>

enum {
	MASTER = 0x20, /* command port; the data port follows it */
	SLAVE = 0xa0,
	DATA = 1,
	CASCADE = I8259_CASCADE,

	ICW1_INIT_ICW4 = 0x11, /* first initialisation word: edge, cascade, a fourth word follows */
	ICW4_8086 = 0x01,
	OCW2_SPECIFIC_EOI = 0x60, /* | line */
	OCW3_POLL = 0x0c,
	OCW3_READ_IN_SERVICE = 0x0b, /* the command port then reads as ISR */
	POLL_PENDING = 0x80,
};

/* One bit per line, 1: masked. Interrupts are masked while it changes. */
static uint16_t masks;

static void write_masks(unsigned irq)
{
	if (irq < 8)
		outb(MASTER + DATA, (uint8_t)masks);
	else
		outb(SLAVE + DATA, (uint8_t)(masks >> 8));
}

void i8259_init(unsigned vector_base)
{
	outb(MASTER, ICW1_INIT_ICW4);
	outb(MASTER + DATA, (uint8_t)vector_base);
	outb(MASTER + DATA, BIT(CASCADE));
	outb(MASTER + DATA, ICW4_8086);

	outb(SLAVE, ICW1_INIT_ICW4);
	outb(SLAVE + DATA, (uint8_t)(vector_base + 8));
	outb(SLAVE + DATA, CASCADE);
	outb(SLAVE + DATA, ICW4_8086);

	masks = (uint16_t)~BIT(CASCADE);
	write_masks(0);
	write_masks(8);
}

void i8259_mask(unsigned irq)
{
	masks |= (uint16_t)BIT(irq);
	write_masks(irq);
}

void i8259_unmask(unsigned irq)
{
	masks &= (uint16_t)~BIT(irq);
	write_masks(irq);
}

void i8259_eoi(unsigned irq)
{
	if (irq >= 8) {
		outb(SLAVE, OCW2_SPECIFIC_EOI | (irq - 8));
		irq = CASCADE;
	}
	outb(MASTER, OCW2_SPECIFIC_EOI | irq);
}

bool i8259_is_spurious(unsigned irq)
{
	unsigned port = irq < 8 ? MASTER : SLAVE;

	if ((irq & 7) != 7)
		return false;
	outb(port, OCW3_READ_IN_SERVICE);
	if (inb(port) & BIT(7))
		return false;
	/* The slave's noise came through the master, which takes it for a real one. */
	if (port == SLAVE)
		outb(MASTER, OCW2_SPECIFIC_EOI | CASCADE);
	return true;
}

int i8259_acknowledge(void)
{
	unsigned line;

	outb(MASTER, OCW3_POLL);
	line = inb(MASTER);
	if (!(line & POLL_PENDING))
		return -EAGAIN;
	line &= 7;
	if (line != CASCADE)
		return (int)line;

	outb(SLAVE, OCW3_POLL);
	line = inb(SLAVE);
	if (!(line & POLL_PENDING)) {
		outb(MASTER, OCW2_SPECIFIC_EOI | CASCADE);
		return -EAGAIN;
	}
	return (int)(8 + (line & 7));
}

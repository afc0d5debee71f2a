/* SPDX-License-Identifier: MIT */
/*
 * The pair of i8259 interrupt controllers of the PC and of Malta's south bridge
 * (drivers/irqchip/i8259.c): irqs 0 to 15. A board builds the contract of irq.h from these.
 * All calls: any context with interrupts masked, O(1); each costs one or two port accesses.
 */
#ifndef TESSERA_I8259_H
#define TESSERA_I8259_H

#include <tessera/compiler.h>

#define I8259_IRQS    16
#define I8259_CASCADE 2 /* no device's: the master's line that the slave is wired to */

/* Resets both controllers, all lines masked. On x86 irq n raises vector `vector_base` + n (a
 * multiple of 8); boards that do not fetch a vector give any. */
void i8259_init(unsigned vector_base);

void i8259_mask(unsigned irq);
void i8259_unmask(unsigned irq);

/* Ends the interrupt that is in service on this line. */
void i8259_eoi(unsigned irq);

/*
 * True when irq 7 or 15 was raised by noise: a request that went away before it was acknowledged.
 * Such an interrupt has no handler to run and must not be ended with i8259_eoi (what the master
 * needs has been done).
 */
bool i8259_is_spurious(unsigned irq);

/*
 * For boards whose CPU does not acknowledge by itself: acknowledges the most urgent line that
 * requests service and gives its number, or -EAGAIN when there is none (a spurious interrupt).
 * i8259_eoi ends it.
 */
int i8259_acknowledge(void);

#endif

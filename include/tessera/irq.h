/* SPDX-License-Identifier: MIT */
/*
 * Interrupt requests. An irq is a small number that the board's interrupt controller gives to an
 * input line (PC and Malta: 0 to 15 are the two i8259, ISA numbers; MIPS: 16 to 23 are the CPU's
 * own lines). kernel/irq.c keeps the handlers; a controller driver fulfils the part below.
 *
 * A handler runs on the interrupted stack with interrupts masked. It may: talk to its device, wake
 * threads, set and cancel timers, log. It must not: sleep, allocate, or take a spin_lock that
 * thread code takes without masking interrupts.
 */
#ifndef TESSERA_IRQ_H
#define TESSERA_IRQ_H

#include <tessera/compiler.h>

#define IRQ_COUNT 32

typedef void irq_handler(unsigned irq, void *arg);

/* Installs the handler and unmasks the line. -EINVAL: no such line; -EBUSY: taken. O(1). */
int irq_request(unsigned irq, irq_handler *handler, void *arg, const char *name);

/* Masks the line and removes its handler. The line must have one. */
void irq_free(unsigned irq);

/* Mask (unmask) one line at the controller; not counted. Any context. */
void irq_mask(unsigned irq);
void irq_unmask(unsigned irq);

/* How often the line was raised, and its name (NULL: no handler). irq < IRQ_COUNT. */
uint64_t irq_count(unsigned irq);
const char *irq_name(unsigned irq);

/* Called by the architecture's interrupt entry with interrupts masked. A line without handler
 * is counted, reported once and masked. */
void irq_dispatch(unsigned irq);

/* Called instead by a controller driver whose hardware raised an interrupt that no line asked for
 * (the i8259 does). Only counted. */
void irq_spurious(void);

/* Start-up, once: all lines masked, controller ready. Calls irqchip_init. */
void irq_init(void);

/* What the interrupt controller provides (drivers/irqchip/ or arch). */
void irqchip_init(void);
bool irqchip_has(unsigned irq);
void irqchip_mask(unsigned irq);
void irqchip_unmask(unsigned irq);
void irqchip_eoi(unsigned irq); /* the handler has run */

#endif

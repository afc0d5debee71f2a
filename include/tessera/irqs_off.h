/* SPDX-License-Identifier: MIT */
/*
 * The longest stretch with interrupts masked (DEBUG_IRQS_OFF), kernel/irqs_off.c. The places
 * that change the mask call these; without the option they cost nothing.
 *
 * For an architecture (asm/irqflags.h, asm/cpu.h and the trap path):
 *	irq_save, irq_disable	irqs_off_begin(NULL) after masking, if interrupts were on before
 *	irq_restore, irq_enable	irqs_off_end() before unmasking, if they will be on and were not
 *	cpu_wait		irqs_off_end() before it unmasks and halts
 *	interrupt or trap entry	irqs_off_begin((void *)trap_frame_pc(frame)), if the frame says
 *				that interrupts were on; where it masks them only
 *	interrupt or trap exit	irqs_off_end(), if the frame says that they will be on
 */
#ifndef TESSERA_IRQS_OFF_H
#define TESSERA_IRQS_OFF_H

#include <tessera/compiler.h>

#ifdef CONFIG_DEBUG_IRQS_OFF

/* A stretch begins at `where` (NULL: at the caller). Interrupts are masked. O(1). */
void irqs_off_begin(const void *where);

/* It ends at the caller. Interrupts are still masked. O(1). */
void irqs_off_end(void);

/* The stretch under way does not count (a benchmark's own). Interrupts are masked. */
void irqs_off_ignore(void);

/* Forgets the longest so far. Any context. */
void irqs_off_clear(void);

/* The longest stretch so far that counts, in instructions. Initialisation is none: interrupts
 * are not masked there, they were never on. */
uint64_t irqs_off_longest(void);

/* Prints it, with the places where it began and ended. */
void irqs_off_show(void);

#else

static inline void irqs_off_begin(const void *where)
{
}

static inline void irqs_off_end(void)
{
}

static inline void irqs_off_ignore(void)
{
}

static inline void irqs_off_clear(void)
{
}

static inline uint64_t irqs_off_longest(void)
{
	return 0;
}

#endif
#endif

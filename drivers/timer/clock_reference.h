/* SPDX-License-Identifier: MIT */
/* Counters of known rate, against which tsc.c measures the time stamp counter. */
#ifndef CLOCK_REFERENCE_H
#define CLOCK_REFERENCE_H

#include <tessera/compiler.h>

struct clock_reference {
	const char *name;
	uint32_t hz;
	uint64_t period;	/* it counts up from 0 to period - 1, and again */
	uint32_t (*read)(void); /* interrupts masked */
};

/* NULL: the machine has none. Start-up. */
#ifdef CONFIG_HPET
const struct clock_reference *hpet_reference(void);
#else
static inline const struct clock_reference *hpet_reference(void)
{
	return NULL;
}
#endif

/* Starts the tick's counter (its interrupt stays masked) and gives it as a reference. */
const struct clock_reference *i8254_reference(void);

/* The timer's interrupt handler calls this before each tick: the call after this many ticks measures
 * the rate again, over all of that time; the others do nothing. */
#define CLOCK_REFINE_TICKS 8
void clock_refine(void);

#endif

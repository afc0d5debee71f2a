/* SPDX-License-Identifier: MIT */
/* Atomic with respect to interrupts and other threads: load linked, store conditional (MIPS32
 * volume II-A). On one CPU no sync is needed. */
#ifndef ASM_ATOMIC_H
#define ASM_ATOMIC_H

#include <tessera/compiler.h>

/* Stores `to` if the word is `from`, and says whether it was. */
static __always_inline bool atomic_compare_exchange(unsigned long *word, unsigned long from,
						    unsigned long to)
{
	unsigned long done;

	do {
		unsigned long now;

		__asm__ volatile("ll %0, %1" : "=r"(now) : "m"(*word) : "memory");
		if (now != from)
			return false;
		done = to;
		__asm__ volatile("sc %0, %1" : "+r"(done), "=m"(*word) : : "memory");
	} while (unlikely(!done));
	return true;
}

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Atomic with respect to interrupts and other threads of this CPU. On one CPU a single instruction is
 * that by itself; the lock prefix comes with the second CPU.
 */
#ifndef ASM_ATOMIC_H
#define ASM_ATOMIC_H

#include <tessera/compiler.h>

/* Stores `to` if the word is `from`, and says whether it was. */
static __always_inline bool atomic_compare_exchange(unsigned long *word, unsigned long from,
						    unsigned long to)
{
	bool equal;

	__asm__ volatile("cmpxchg %3, %1"
			 : "=@ccz"(equal), "+m"(*word), "+a"(from)
			 : "r"(to)
			 : "memory");
	return equal;
}

#endif

/* SPDX-License-Identifier: MIT */
#ifndef ASM_ATOMIC_H
#define ASM_ATOMIC_H

#include <stdbool.h>

static inline bool atomic_compare_exchange(unsigned long *word, unsigned long from,
					   unsigned long to)
{
	return __sync_bool_compare_and_swap(word, from, to);
}

#endif

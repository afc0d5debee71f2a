/* SPDX-License-Identifier: MIT */
/*
 * Allocations that fail on request (FAULT_INJECTION): a test repeats an operation while its first,
 * second, ... allocation fails, and looks whether each failure is undone. Without the option nothing
 * of it is left in the allocators.
 */
#ifndef TESSERA_FAULT_INJECTION_H
#define TESSERA_FAULT_INJECTION_H

#include <tessera/compiler.h>

#ifdef CONFIG_FAULT_INJECTION

/*
 * Lets the n-th allocation (n >= 1) that the calling thread makes from now on fail, and no other.
 * Every call of the page allocator and of the object allocator counts, also the pages that an object
 * needs; what other threads allocate does not. One thread at a time. O(1).
 */
void fault_injection_arm(unsigned n);

/* Ends that. True: the allocation was asked for, and failed. O(1). */
bool fault_injection_disarm(void);

/* For who can ask again: true, once, when the allocation that the calling thread was to fail has
 * failed; a later failure is want of memory. O(1). */
bool fault_injection_happened(void);

/* For the allocators: true when the allocation that is asked for now is the one that is to fail. */
bool fault_injected(void);

#else

static inline void fault_injection_arm(unsigned n)
{
	(void)n;
}

static inline bool fault_injection_disarm(void)
{
	return false;
}

static inline bool fault_injection_happened(void)
{
	return false;
}

static inline bool fault_injected(void)
{
	return false;
}

#endif
#endif

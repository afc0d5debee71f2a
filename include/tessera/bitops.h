/* SPDX-License-Identifier: MIT */
/* Bits in words: positions count from 0 at the least significant bit. Any context, O(1). */
#ifndef TESSERA_BITOPS_H
#define TESSERA_BITOPS_H

#include <tessera/compiler.h>

#define BITS_PER_LONG (8 * sizeof(long))

/* The lowest (highest) set bit; x must not be 0. */
static inline unsigned bit_first(unsigned long x)
{
	return __builtin_ctzl(x);
}

static inline unsigned bit_last(unsigned long x)
{
	return (BITS_PER_LONG - 1) ^ __builtin_clzl(x);
}

static inline bool is_power_of_two(unsigned long x)
{
	return x && !(x & (x - 1));
}

/* The smallest k with 2^k >= x; x from 1 up to the largest power of two in a long. */
static inline unsigned log2_ceil(unsigned long x)
{
	return x <= 1 ? 0 : bit_last(x - 1) + 1;
}

static inline unsigned log2_floor(unsigned long x)
{
	return bit_last(x);
}

#endif

/* SPDX-License-Identifier: MIT */
/* Numbers for traces: the same sequence from the same seed, everywhere. */
#ifndef RANDOM_H
#define RANDOM_H

#include <tessera/types.h>

struct random {
	uint32_t state; /* the seed at first; never 0 */
};

/* Marsaglia, "Xorshift RNGs" (2003): period 2^32 - 1. */
static inline uint32_t random_next(struct random *random)
{
	uint32_t x = random->state;

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	return random->state = x;
}

/* From 0 to n - 1. */
static inline uint32_t random_below(struct random *random, uint32_t n)
{
	return random_next(random) % n;
}

#endif

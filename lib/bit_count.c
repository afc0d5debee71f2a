/* SPDX-License-Identifier: MIT */
/*
 * Counting and finding bits where the CPU has no instruction for it and the compiler calls for
 * help by libgcc's names. The count adds neighbouring fields of 1, 2 and 4 bits and sums the bytes
 * with one multiplication (Warren, Hacker's Delight, 5-1).
 */
#include <tessera/compiler.h>

int __popcountsi2(uint32_t x);
int __popcountdi2(uint64_t x);
int __paritysi2(uint32_t x);
int __paritydi2(uint64_t x);
int __ctzdi2(uint64_t x);
int __ffsdi2(uint64_t x);

int __popcountsi2(uint32_t x)
{
	x -= x >> 1 & 0x55555555;
	x = (x & 0x33333333) + (x >> 2 & 0x33333333);
	x = (x + (x >> 4)) & 0x0f0f0f0f;
	return (int)(x * 0x01010101 >> 24);
}

int __popcountdi2(uint64_t x)
{
	return __popcountsi2((uint32_t)x) + __popcountsi2((uint32_t)(x >> 32));
}

int __paritysi2(uint32_t x)
{
	return __popcountsi2(x) & 1;
}

int __paritydi2(uint64_t x)
{
	return __popcountdi2(x) & 1;
}

/* x is not 0. */
int __ctzdi2(uint64_t x)
{
	uint32_t low = (uint32_t)x;

	return low ? __builtin_ctz(low) : 32 + __builtin_ctz((uint32_t)(x >> 32));
}

/* One more than the position of the lowest set bit; 0 for none. */
int __ffsdi2(uint64_t x)
{
	return x ? 1 + __ctzdi2(x) : 0;
}

// SPDX-License-Identifier: MIT
/*
 * getrandom: SplitMix64 (Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators", 2014),
 * and before each number the cycle counter is stirred in. Programs get different numbers every
 * time, on hardware also after every start; a machine that counts instructions (QEMU with -icount) gives
 * the same ones in each run, which is what tests want. Not fit for keys: a program can guess the
 * counter. Cost: some 20 instructions for 8 bytes.
 */
#include <asm/cycles.h>
#include <tessera/random.h>
#include <tessera/string.h>
#include <tessera/system_calls.h>
#include <tessera/user_copy.h>

#include "life.h"
#include "random.h"

static uint64_t state;

static uint64_t next(void)
{
	uint64_t z;

	state += 0x9e3779b97f4a7c15ull + cycle_count();
	z = state;
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
	return z ^ (z >> 31);
}

void random_bytes(void *to, size_t n)
{
	while (n) {
		uint64_t number = next();
		size_t part = MIN(n, sizeof(number));

		memcpy(to, &number, part);
		to = (char *)to + part;
		n -= part;
	}
}

long sys_getrandom(unsigned long buffer, unsigned long size, unsigned long flags)
{
	char bytes[256];
	size_t done = 0;

	if (flags & ~(unsigned long)(GRND_NONBLOCK | GRND_RANDOM | GRND_INSECURE))
		return -EINVAL;
	size = MIN(size, (unsigned long)INT32_MAX);
	while (done < size) {
		size_t part = MIN(size - done, sizeof(bytes));

		random_bytes(bytes, part);
		if (copy_to_user(buffer + done, bytes, part))
			return done ? (long)done : -EFAULT;
		done += part;
		if (done < size && signal_is_pending())
			break;
	}
	return (long)done;
}

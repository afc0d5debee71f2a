/* SPDX-License-Identifier: MIT */
/* System calls that only MIPS has. */
#include <tessera/descriptor.h>
#include <tessera/process.h>
#include <tessera/user_copy.h>

#include "user.h"

long sys_set_thread_area(unsigned long address)
{
	return user_set_thread_pointer(current_task(), address);
}

/*
 * cacheflush: what the program wrote as data is to be executed. It could do so itself, with synci,
 * since release 2. Both caches are taken care of, whichever `caches` names.
 */
long sys_cacheflush(unsigned long address, unsigned long size, unsigned long caches)
{
	if (!user_range(address, size))
		return -EFAULT;
	return user_code_written(address, size) ? -EFAULT : 0;
}

/* pipe gives its two descriptors in v0 and v1, where functions return 64 bits. */
union two_registers {
	long v[2];
	uint64_t both;
};

uint64_t pipe_in_registers(void)
{
	union two_registers result = { { 0, 0 } };
	int pair[2] = { 0, 0 }, error = pipe_open(pair, 0);

	result.v[0] = error ? error : pair[0];
	result.v[1] = pair[1];
	return result.both;
}

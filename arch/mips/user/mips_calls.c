/* SPDX-License-Identifier: MIT */
/* System calls that only MIPS has. */
#include <tessera/process.h>
#include <tessera/user_copy.h>

#include "user.h"

long sys_set_thread_area(unsigned long address)
{
	return user_set_thread_pointer(current_task(), address);
}

/*
 * cacheflush: what the program wrote as data is to be executed. It could do so itself, with synci, since
 * release 2. Both caches are taken care of, whichever `caches` names.
 */
long sys_cacheflush(unsigned long address, unsigned long size, unsigned long caches)
{
	if (!user_range(address, size))
		return -EFAULT;
	return user_code_written(address, size) ? -EFAULT : 0;
}

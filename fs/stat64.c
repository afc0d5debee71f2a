// SPDX-License-Identifier: MIT
/* The calls that 32-bit architectures have besides those of stat.c. */
#include <tessera/fcntl.h>
#include <tessera/system_calls.h>

#include "stat_fill.h"

static long give_stat64(int error, const struct file_stat *from, uintptr_t user)
{
	struct stat64 stat;

	if (error)
		return error;
	STAT_FILL(&stat, from);
	return copy_to_user(user, &stat, sizeof(stat));
}

long sys_fstatat64(unsigned long directory, unsigned long path, unsigned long buffer,
		   unsigned long flags)
{
	struct file_stat stat;
	int error = stat_path(directory, path, (unsigned)flags, &stat);

	return give_stat64(error, &stat, buffer);
}

long sys_stat64(unsigned long path, unsigned long buffer)
{
	return sys_fstatat64((unsigned long)AT_FDCWD, path, buffer, 0);
}

long sys_lstat64(unsigned long path, unsigned long buffer)
{
	return sys_fstatat64((unsigned long)AT_FDCWD, path, buffer, AT_SYMLINK_NOFOLLOW);
}

long sys_fstat64(unsigned long descriptor, unsigned long buffer)
{
	struct file_stat stat;
	int error = stat_descriptor((unsigned)descriptor, &stat);

	return give_stat64(error, &stat, buffer);
}

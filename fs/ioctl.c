// SPDX-License-Identifier: MIT
/* ioctl: what every file can do, and for the rest the file itself. */
#include <tessera/errno.h>
#include <tessera/fcntl.h>
#include <tessera/system_calls.h>
#include <tessera/termios.h>
#include <tessera/user_copy.h>

#include "descriptor.h"

static long set_nonblocking(struct file *file, uintptr_t user)
{
	uint32_t on;

	if (user_load_u32(user, &on))
		return -EFAULT;
	if (on)
		file->flags |= O_NONBLOCK;
	else
		file->flags &= ~(unsigned)O_NONBLOCK;
	return 0;
}

long sys_ioctl(unsigned long descriptor, unsigned long request, unsigned long argument)
{
	struct file *file;
	long result = -ENOTTY;

	switch ((unsigned)request) {
	case FIOCLEX:
	case FIONCLEX:
		return sys_fcntl(descriptor, F_SETFD, (unsigned)request == FIOCLEX);
	}
	file = descriptor_get((int)descriptor);
	if (!file)
		return -EBADF;
	if (file->flags & O_PATH)
		result = -EBADF;
	else if ((unsigned)request == FIONBIO)
		result = set_nonblocking(file, argument);
	else if (file->operations->control)
		result = file->operations->control(file, (unsigned)request, argument);
	file_put(file);
	return result;
}

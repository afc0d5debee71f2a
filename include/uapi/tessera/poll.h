/* SPDX-License-Identifier: MIT */
/* What poll() is asked and says. */
#ifndef UAPI_TESSERA_POLL_H
#define UAPI_TESSERA_POLL_H

#include <asm/poll.h>

#define POLLIN	   0x0001
#define POLLPRI	   0x0002
#define POLLOUT	   0x0004
#define POLLERR	   0x0008
#define POLLHUP	   0x0010
#define POLLNVAL   0x0020
#define POLLRDNORM 0x0040
#define POLLRDBAND 0x0080

struct pollfd {
	int fd;
	short events;
	short revents;
};

#endif

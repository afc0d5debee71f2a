/* SPDX-License-Identifier: MIT */
#ifndef USER_SYS_IOCTL_H
#define USER_SYS_IOCTL_H

#include <tessera/termios.h>

int ioctl(int descriptor, unsigned long request, ...);

#endif

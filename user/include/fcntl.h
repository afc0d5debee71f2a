/* SPDX-License-Identifier: MIT */
#ifndef USER_FCNTL_H
#define USER_FCNTL_H

#include <tessera/fcntl.h>

int open(const char *path, int flags, ...);
int fcntl(int descriptor, int command, ...);

#endif

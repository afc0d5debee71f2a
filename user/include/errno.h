/* SPDX-License-Identifier: MIT */
#ifndef USER_ERRNO_H
#define USER_ERRNO_H

#include <tessera/errno.h>

/* Why the last call failed that gave -1. */
extern __thread int errno;

#endif

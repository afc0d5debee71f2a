/* SPDX-License-Identifier: MIT */
#ifndef USER_SYS_TYPES_H
#define USER_SYS_TYPES_H

#include <stddef.h>
#include <stdint.h>

typedef int pid_t;
typedef unsigned uid_t, gid_t, mode_t;
typedef long off_t;
typedef intptr_t ssize_t;
typedef int clockid_t;
typedef int64_t time_t;

#endif

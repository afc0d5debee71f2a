/* SPDX-License-Identifier: MIT */
/*
 * Error numbers. A function that can fail gives 0 or a positive result, or one of these
 * negated. The values are those that Linux uses on the architecture, because user programs
 * will see them (MIPS differs from 35 up).
 */
#ifndef TESSERA_ERRNO_H
#define TESSERA_ERRNO_H

#include <asm/errno.h>

#define EPERM	1
#define ENOENT	2
#define ESRCH	3
#define EINTR	4
#define EIO	5
#define ENXIO	6
#define E2BIG	7
#define ENOEXEC 8
#define EBADF	9
#define ECHILD	10
#define EAGAIN	11
#define ENOMEM	12
#define EACCES	13
#define EFAULT	14
#define EBUSY	16
#define EEXIST	17
#define ENODEV	19
#define ENOTDIR 20
#define EISDIR	21
#define EINVAL	22
#define ENFILE	23
#define EMFILE	24
#define ENOTTY	25
#define EFBIG	27
#define ENOSPC	28
#define ESPIPE	29
#define EROFS	30
#define EPIPE	32
#define EDOM	33
#define ERANGE	34

#endif

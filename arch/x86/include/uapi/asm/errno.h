/* SPDX-License-Identifier: MIT */
/* Error numbers from 35 up: x86 uses the generic ones of Linux (asm-generic/errno.h). */
#ifndef ASM_ERRNO_H
#define ASM_ERRNO_H

#define EDEADLK	     35
#define EIDRM	     43
#define ENAMETOOLONG 36
#define ENOSYS	     38
#define ENOTEMPTY    39
#define ELOOP	     40
#define EOVERFLOW    75
#define EMSGSIZE     90
#define ENOTSUP	     95
#define ETIMEDOUT    110
#define ECANCELED    125

#endif

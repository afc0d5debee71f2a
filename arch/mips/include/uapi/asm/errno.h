/* SPDX-License-Identifier: MIT */
/* Error numbers that MIPS counts differently (Linux: as System V Release 4 on MIPS did). */
#ifndef ASM_ERRNO_H
#define ASM_ERRNO_H

#define EIDRM	     36
#define EDEADLK	     45
#define ENAMETOOLONG 78
#define ENOSYS	     89
#define ELOOP	     90
#define ENOTEMPTY    93
#define EOVERFLOW    79
#define EMSGSIZE     97
#define ENOTSUP	     122
#define ETIMEDOUT    145
#define ECANCELED    158

#endif

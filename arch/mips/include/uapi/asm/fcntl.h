/* SPDX-License-Identifier: MIT */
/* Flags of open() that differ between architectures. */
#ifndef UAPI_ASM_FCNTL_H
#define UAPI_ASM_FCNTL_H

#define O_APPEND    0x0008
#define O_DSYNC	    0x0010
#define O_NONBLOCK  0x0080
#define O_CREAT	    0x0100
#define O_TRUNC	    0x0200
#define O_EXCL	    0x0400
#define O_NOCTTY    0x0800
#define O_LARGEFILE 0x2000
#define O_SYNC	    0x4010
#define O_DIRECT    0x8000
#define O_DIRECTORY 0x10000
#define O_NOFOLLOW  0x20000

#endif

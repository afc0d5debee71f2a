/* SPDX-License-Identifier: MIT */
/* Opening files and what can be done to descriptors. The O_ flags that differ are in asm/fcntl.h. */
#ifndef UAPI_TESSERA_FCNTL_H
#define UAPI_TESSERA_FCNTL_H

#include <asm/fcntl.h>

#define O_RDONLY  00
#define O_WRONLY  01
#define O_RDWR	  02
#define O_ACCMODE 03
#define O_NOATIME 01000000
#define O_CLOEXEC 02000000
#define O_PATH	  010000000

/* Instead of the descriptor of a directory: the working directory. */
#define AT_FDCWD (-100)

#define AT_SYMLINK_NOFOLLOW 0x100
#define AT_EACCESS	    0x200
#define AT_SYMLINK_FOLLOW   0x400
#define AT_NO_AUTOMOUNT	    0x800
#define AT_EMPTY_PATH	    0x1000
#define AT_STATX_SYNC_TYPE  0x6000

/* access() */
#define F_OK 0
#define X_OK 1
#define W_OK 2
#define R_OK 4

/* lseek() */
#define SEEK_SET 0
#define SEEK_CUR 1
#define SEEK_END 2

/* fcntl() */
#define F_DUPFD		0
#define F_GETFD		1
#define F_SETFD		2
#define F_GETFL		3
#define F_SETFL		4
#define F_DUPFD_CLOEXEC 1030

#define FD_CLOEXEC 1

#endif

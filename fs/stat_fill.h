/* SPDX-License-Identifier: MIT */
/* What stat.c and stat64.c share: finding out about a file, and telling it. */
#ifndef FS_STAT_FILL_H
#define FS_STAT_FILL_H

#include <tessera/file.h>
#include <tessera/stat.h>
#include <tessera/string.h>
#include <tessera/user_copy.h>

#define STAT_BLOCK_SIZE	  4096u /* what is best read at once */
#define STAT_BLOCKS(size) (((size) + 511) / 512)

/* 0; -EBADF. The second: what user_path_find gives; -EINVAL: unknown flags (AT_...). */
int stat_descriptor(unsigned descriptor, struct file_stat *stat);
int stat_path(unsigned long directory, uintptr_t path, unsigned flags, struct file_stat *stat);

/* A device's numbers in one, as in st_rdev. */
static inline uint32_t device_number(uint32_t major, uint32_t minor)
{
	return (minor & 0xff) | major << 8 | (minor & ~0xffu) << 12;
}

/* Every struct stat has these, whatever their types and places. */
#define STAT_SET(to, field, value) ((to)->field = (__typeof__((to)->field))(value))
#define STAT_FILL(to, from)                                                         \
	do {                                                                        \
		memset((to), 0, sizeof(*(to)));                                     \
		STAT_SET(to, st_dev, (from)->device);                               \
		STAT_SET(to, st_ino, (from)->number);                               \
		STAT_SET(to, st_mode, (from)->mode);                                \
		STAT_SET(to, st_nlink, (from)->links);                              \
		STAT_SET(to, st_uid, (from)->uid);                                  \
		STAT_SET(to, st_gid, (from)->gid);                                  \
		STAT_SET(to, st_rdev, device_number((from)->major, (from)->minor)); \
		STAT_SET(to, st_size, (from)->size);                                \
		STAT_SET(to, st_blksize, STAT_BLOCK_SIZE);                          \
		STAT_SET(to, st_blocks, STAT_BLOCKS((from)->size));                 \
		STAT_SET(to, st_atime, (from)->time);                               \
		STAT_SET(to, st_mtime, (from)->time);                               \
		STAT_SET(to, st_ctime, (from)->time);                               \
	} while (0)

#endif

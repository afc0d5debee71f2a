/* SPDX-License-Identifier: MIT */
/* What stat() and its kin give: Linux's layouts of o32. */
#ifndef UAPI_ASM_STAT_H
#define UAPI_ASM_STAT_H

struct stat {
	unsigned int st_dev;
	long padding0[3];
	unsigned long st_ino;
	unsigned int st_mode;
	unsigned int st_nlink;
	unsigned int st_uid;
	unsigned int st_gid;
	unsigned int st_rdev;
	long padding1[2];
	long st_size;
	long padding2;
	long st_atime, st_atime_nsec;
	long st_mtime, st_mtime_nsec;
	long st_ctime, st_ctime_nsec;
	long st_blksize;
	long st_blocks; /* of 512 bytes */
	long padding3[14];
};

struct stat64 {
	unsigned long st_dev;
	unsigned long padding0[3];
	unsigned long long st_ino;
	unsigned int st_mode;
	unsigned int st_nlink;
	unsigned int st_uid;
	unsigned int st_gid;
	unsigned long st_rdev;
	unsigned long padding1[3];
	long long st_size;
	long st_atime, st_atime_nsec;
	long st_mtime, st_mtime_nsec;
	long st_ctime, st_ctime_nsec;
	unsigned long st_blksize;
	unsigned long padding2;
	long long st_blocks; /* of 512 bytes */
};

#endif

/* SPDX-License-Identifier: MIT */
/* What getdents64() gives: records one behind the other, each d_reclen bytes, aligned to 8. */
#ifndef UAPI_TESSERA_DIRENT_H
#define UAPI_TESSERA_DIRENT_H

#include <stdint.h>

struct dirent64 {
	uint64_t d_ino;
	int64_t d_off; /* for lseek: where the next one begins */
	uint16_t d_reclen;
	uint8_t d_type;
	char d_name[]; /* ends in NUL */
};

#define DT_UNKNOWN 0
#define DT_FIFO	   1
#define DT_CHR	   2
#define DT_DIR	   4
#define DT_BLK	   6
#define DT_REG	   8
#define DT_LNK	   10
#define DT_SOCK	   12

#endif

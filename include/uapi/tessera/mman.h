/* SPDX-License-Identifier: MIT */
/* mmap and its relatives: what is the same on every architecture; the flags are in asm/mman.h. */
#ifndef UAPI_TESSERA_MMAN_H
#define UAPI_TESSERA_MMAN_H

#include <asm/mman.h>

#define PROT_NONE      0
#define PROT_READ      1
#define PROT_WRITE     2
#define PROT_EXEC      4
#define PROT_GROWSDOWN 0x01000000
#define PROT_GROWSUP   0x02000000

#define MAP_SHARED	    1
#define MAP_PRIVATE	    2
#define MAP_SHARED_VALIDATE 3
#define MAP_TYPE	    0xf
#define MAP_FIXED	    0x10

#define MADV_NORMAL	0
#define MADV_RANDOM	1
#define MADV_SEQUENTIAL 2
#define MADV_WILLNEED	3
#define MADV_DONTNEED	4
#define MADV_FREE	8

#define MREMAP_MAYMOVE 1
#define MREMAP_FIXED   2

#endif

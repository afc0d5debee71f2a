/* SPDX-License-Identifier: MIT */
/* Flags of mmap as Linux numbers them on MIPS. */
#ifndef UAPI_ASM_MMAN_H
#define UAPI_ASM_MMAN_H

#define MAP_NORESERVE	    0x400
#define MAP_ANONYMOUS	    0x800
#define MAP_GROWSDOWN	    0x1000
#define MAP_DENYWRITE	    0x2000
#define MAP_LOCKED	    0x8000
#define MAP_POPULATE	    0x10000
#define MAP_STACK	    0x40000
#define MAP_HUGETLB	    0x80000
#define MAP_FIXED_NOREPLACE 0x100000

#endif

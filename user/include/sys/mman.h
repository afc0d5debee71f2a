/* SPDX-License-Identifier: MIT */
#ifndef USER_SYS_MMAN_H
#define USER_SYS_MMAN_H

#include <sys/types.h>
#include <tessera/mman.h>

#define MAP_FAILED ((void *)-1)

void *mmap(void *address, size_t length, int access, int flags, int descriptor, off_t offset);
int munmap(void *address, size_t length);
int mprotect(void *address, size_t length, int access);
int madvise(void *address, size_t length, int advice);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef PROCESS_RANDOM_H
#define PROCESS_RANDOM_H

#include <tessera/types.h>

/* Fills memory with numbers that look random; see random.c for what they are good for. */
void random_bytes(void *to, size_t n);

#endif

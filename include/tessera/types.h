/* SPDX-License-Identifier: MIT */
/*
 * Scalar types that every room shares. Fixed-width types come from the compiler's own
 * freestanding headers; no host header is ever read.
 */
#ifndef TESSERA_TYPES_H
#define TESSERA_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef intptr_t ssize_t;

/* A physical address: 64 bits everywhere, so that a map of more memory than a 32-bit kernel
 * can reach is still read, reported and clipped correctly. */
typedef uint64_t phys_addr_t;

/* A page frame number: a physical address divided by PAGE_SIZE. */
typedef unsigned long pfn_t;

#endif

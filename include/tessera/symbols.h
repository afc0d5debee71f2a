/* SPDX-License-Identifier: MIT */
/*
 * Names of the kernel's functions by address, for backtraces (KERNEL_SYMBOLS). The table is
 * made from the linked kernel by scripts/mksymbols and linked in again.
 */
#ifndef TESSERA_SYMBOLS_H
#define TESSERA_SYMBOLS_H

#include <stddef.h>
#include <stdint.h>

/* Functions in the table. */
extern const uint32_t kernel_symbol_count;
/* Where each starts, in bytes from __text_start, ascending. */
extern const uint32_t kernel_symbol_offsets[];
/* Where the name of each starts in kernel_symbol_names. */
extern const uint32_t kernel_symbol_name_offsets[];
/* The names, each with a NUL behind it. */
extern const char kernel_symbol_names[];

/*
 * The name of the function that holds the code address `address`, and the distance from its
 * start in *offset (bytes). NULL, and *offset untouched, when the address is outside the
 * kernel's text, before its first function, or when the image holds no table. O(log functions);
 * any context.
 */
#ifdef CONFIG_KERNEL_SYMBOLS
const char *symbol_lookup(uintptr_t address, size_t *offset);
#else
static inline const char *symbol_lookup(uintptr_t address, size_t *offset)
{
	(void)address;
	(void)offset;
	return NULL;
}
#endif

#endif

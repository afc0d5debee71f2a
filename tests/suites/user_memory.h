/* SPDX-License-Identifier: MIT */
/* A program's accesses to its memory, made by a test: what the CPU would do, fault and all. */
#ifndef TESTS_SUITES_USER_MEMORY_H
#define TESTS_SUITES_USER_MEMORY_H

#include <tessera/address_space.h>

/* What the CPU finds for an address. On a real machine the test walks the table; the simulated one
 * has a TLB (tests/host/user_page.c). */
user_entry user_look(struct address_space *space, uintptr_t address);

/* Makes the page accessible as a program's access would. 0, or what space_fault gave. */
int user_touch(struct address_space *space, uintptr_t address, unsigned access);

/* Reads (writes) one byte. The byte (0), or what space_fault gave. */
int user_read(struct address_space *space, uintptr_t address);
int user_write(struct address_space *space, uintptr_t address, unsigned char byte);

/* The page that is mapped there, or NULL. Touches nothing. */
struct page *user_page(struct address_space *space, uintptr_t address);

/* Free pages when nothing is kept for reuse. */
size_t user_pages_free(void);

/* The addresses that one entry of this level covers. */
static inline uintptr_t user_span(int level)
{
	return (uintptr_t)PAGE_SIZE << (level * USER_LEVEL_BITS);
}

#endif

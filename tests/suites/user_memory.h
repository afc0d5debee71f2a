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

/* ---- The space that most tests have ---- */

#define RW (AREA_READ | AREA_WRITE)

/* Four pages before a page table's range ends: what is mapped here has pages in two tables. */
#define BASE	 (4 * user_span(1) - 4 * PAGE_SIZE)
#define at(page) (BASE + (page)*PAGE_SIZE)

/* Makes it; NULL (and the test fails) when it cannot be made. At the end everything must be as it was
 * before. */
struct address_space *user_space_begin(void);
void user_space_end(struct address_space *space);

/* mmap of zeros at at(page), exactly there. */
void user_map(struct address_space *space, unsigned page, unsigned pages, unsigned flags);

/* Writes (compares) n bytes, all the same. */
void user_fill(struct address_space *space, uintptr_t address, size_t n, unsigned char byte);
void user_expect(struct address_space *space, uintptr_t address, size_t n, int byte);

/* The addresses that one entry of this level covers. */
static inline uintptr_t user_span(int level)
{
	return (uintptr_t)PAGE_SIZE << (level * USER_LEVEL_BITS);
}

#endif

// SPDX-License-Identifier: MIT
/*
 * Thread-local variables. The linker collects their initial values in a segment (PT_TLS), the compiler
 * addresses them relative to the thread pointer; each thread has a copy. The two layouts are those of
 * Ulrich Drepper's "ELF Handling For Thread-Local Storage": below the pointer (x86, variant II) or
 * above a point that lies a bias below it (MIPS, variant I).
 */
#include <arch/thread.h>
#include <elf.h>
#include <stdint.h>
#include <string.h>
#include <sys/auxv.h>

#include "internal.h"

/* No variable asks for more. */
#define ALIGNMENT 16ul

static const void *template;
static size_t template_size, size; /* bytes with a value, and in all */

void *tls_first;

static size_t align(size_t n)
{
	return (n + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
}

void tls_init(void)
{
	const struct elf_segment *segment = (void *)getauxval(AT_PHDR);

	for (unsigned long n = getauxval(AT_PHNUM); n; n--, segment++) {
		if (segment->p_type == PT_TLS) {
			template = (void *)segment->p_vaddr;
			template_size = segment->p_filesz;
			/* The compiler counts back from the pointer by this much. */
			size = (segment->p_memsz + segment->p_align - 1) & -segment->p_align;
		}
	}
}

size_t tls_size(void)
{
	return align(size) + ALIGNMENT;
}

/* Gives the variables between `start` and `end` their initial values; below and above them there is room for
 * a word. Most programs have few, and none with a value. */
static inline void fill(char *start, char *end)
{
	for (long *word = (long *)((uintptr_t)start & -sizeof(long)); word < (long *)end; word++)
		*word = 0;
	if (template_size)
		memcpy(start, template, template_size);
}

void tls_reset(void *thread_pointer)
{
	char *pointer = thread_pointer;
#if TLS_BELOW_POINTER
	fill(pointer - size, pointer);
#else
	fill(pointer - TLS_BIAS, pointer - TLS_BIAS + size);
#endif
}

void *tls_make(void *memory)
{
#if TLS_BELOW_POINTER
	char *pointer = (char *)memory + align(size);

	*(void **)pointer = pointer;
#else
	char *pointer = (char *)memory + TLS_BIAS;
#endif
	tls_reset(pointer);
	return pointer;
}

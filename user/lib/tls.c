// SPDX-License-Identifier: MIT
/*
 * Thread-local variables. The linker collects their initial values in a segment (PT_TLS), the compiler
 * addresses them relative to the thread pointer; each thread has a copy. The two layouts are those of
 * Ulrich Drepper's "ELF Handling For Thread-Local Storage": below the pointer (x86, variant II) or
 * above a point that lies a bias below it (MIPS, variant I).
 */
#include <arch/thread.h>
#include <elf.h>
#include <string.h>
#include <sys/auxv.h>

#include "internal.h"

/* No variable asks for more. */
#define ALIGNMENT 16ul

static const void *template;
static size_t template_size, size; /* bytes with a value, and in all */

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

void *tls_make(void *memory)
{
#if TLS_BELOW_POINTER
	char *pointer = (char *)memory + align(size);
	char *variables = pointer - size;

	*(void **)pointer = pointer;
#else
	char *variables = memory;
	char *pointer = variables + TLS_BIAS;
#endif
	memcpy(variables, template, template_size);
	memset(variables + template_size, 0, size - template_size);
	return pointer;
}

/* SPDX-License-Identifier: MIT */
/* The ELF files that exec understands. */
#ifndef PROCESS_ELF_H
#define PROCESS_ELF_H

#include <tessera/address_space.h>
#include <tessera/file.h>

/* The file's header and its program headers, in the class of this architecture (ELF specification,
 * TIS 1.2; the 64-bit class is System V's). */
#define ELF_IDENT 16

struct elf_header {
	unsigned char ident[ELF_IDENT];
	uint16_t type, machine;
	uint32_t version;
	unsigned long entry, phoff, shoff;
	uint32_t flags;
	uint16_t ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
};

#if __SIZEOF_LONG__ == 8
struct elf_segment {
	uint32_t type, flags;
	unsigned long offset, vaddr, paddr, filesz, memsz, align;
};
#else
struct elf_segment {
	uint32_t type;
	unsigned long offset, vaddr, paddr, filesz, memsz;
	uint32_t flags;
	unsigned long align;
};
#endif

_Static_assert(sizeof(struct elf_header) == (sizeof(long) == 8 ? 64 : 52), "ELF header");
_Static_assert(sizeof(struct elf_segment) == (sizeof(long) == 8 ? 56 : 32), "program header");

/* A file that has been checked, and what a program needs to know of itself. */
struct elf_image {
	const struct executable *file;
	struct elf_header header;
	uintptr_t bias;		  /* what is added to the file's addresses */
	uintptr_t entry, headers; /* where it begins; where its program headers are, 0: nowhere */
	uintptr_t end;		  /* of the highest segment */
	bool executable_stack;
};

/* Looks at everything. 0, or -ENOEXEC: not a static program of this architecture, or broken. */
int elf_check(const struct executable *file, struct elf_image *image);

/* Maps its segments into an empty space. 0 or -ENOMEM. */
int elf_map(const struct elf_image *image, struct address_space *space);

#endif

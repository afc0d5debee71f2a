/* SPDX-License-Identifier: MIT */
/* ELF: the parts that the runtime library and the tests of exec use. System V ABI, chapters 4 and 5. */
#ifndef USER_ELF_H
#define USER_ELF_H

#include <stdint.h>

#define ET_EXEC 2
#define ET_DYN	3

#define PT_NULL	  0
#define PT_LOAD	  1
#define PT_INTERP 3
#define PT_TLS	  7

#define PF_X 1
#define PF_W 2
#define PF_R 4

struct elf_header {
	uint8_t e_ident[16];
	uint16_t e_type;
	uint16_t e_machine;
	uint32_t e_version;
	unsigned long e_entry;
	unsigned long e_phoff;
	unsigned long e_shoff;
	uint32_t e_flags;
	uint16_t e_ehsize;
	uint16_t e_phentsize;
	uint16_t e_phnum;
	uint16_t e_shentsize;
	uint16_t e_shnum;
	uint16_t e_shstrndx;
};

#if __SIZEOF_LONG__ == 8
struct elf_segment {
	uint32_t p_type;
	uint32_t p_flags;
	unsigned long p_offset;
	unsigned long p_vaddr;
	unsigned long p_paddr;
	unsigned long p_filesz;
	unsigned long p_memsz;
	unsigned long p_align;
};
#else
struct elf_segment {
	uint32_t p_type;
	unsigned long p_offset;
	unsigned long p_vaddr;
	unsigned long p_paddr;
	unsigned long p_filesz;
	unsigned long p_memsz;
	uint32_t p_flags;
	unsigned long p_align;
};
#endif

#endif

/* SPDX-License-Identifier: MIT */
/*
 * What the kernel's few accesses to user memory need, for C and for assembly.
 *
 * EXCEPTION_ENTRY(at, go): when the instruction at `at` faults and nothing mends that, the kernel goes
 * on at `go`, with user access off. The entries lie in a registry (user_fault.c searches it).
 *
 * USER_ACCESS_BEGIN and _END bracket the accesses. Where the processor has SMAP they are `stac` and
 * `clac`, which set and clear the flag that lets the kernel access user pages at all; elsewhere they
 * are instructions that do nothing. They differ in one byte only (0f 01 against 0f 1f), which
 * user_access_init changes at each place before the first of them is used.
 */
#ifndef ASM_USER_ACCESS_H
#define ASM_USER_ACCESS_H

#ifdef CONFIG_64BIT
#define ASM_POINTER .quad
#else
#define ASM_POINTER .long
#endif

#define USER_ACCESS_STAC 0xcb /* the last byte */
#define USER_ACCESS_CLAC 0xca

#ifdef __ASSEMBLY__

/* The assembler's language, not C. */
/* clang-format off */
.macro exception_entry at, go
	.pushsection exception_table, "a"
	ASM_POINTER	\at, \go
	.popsection
.endm

.macro user_access_site opcode
771:	.byte	0x0f, 0x1f, \opcode
	.pushsection user_access_sites, "a"
	ASM_POINTER	771b
	.popsection
.endm
/* clang-format on */

#define EXCEPTION_ENTRY(at, go) exception_entry at, go
#define USER_ACCESS_BEGIN	user_access_site USER_ACCESS_STAC
#define USER_ACCESS_END		user_access_site USER_ACCESS_CLAC

#else

#include <tessera/compiler.h>

/* What the registries hold. */
struct exception_entry {
	uintptr_t at, go;
};

#define ASM_POINTER_STRING __stringify(ASM_POINTER)

#define EXCEPTION_ENTRY(at, go)                                                            \
	".pushsection exception_table, \"a\"\n\t" ASM_POINTER_STRING " " at ", " go "\n\t" \
	".popsection\n\t"

#define USER_ACCESS_SITE(opcode)                                                                   \
	"771: .byte 0x0f, 0x1f, " __stringify(                                                     \
		opcode) "\n\t"                                                                     \
			".pushsection user_access_sites, \"a\"\n\t" ASM_POINTER_STRING " 771b\n\t" \
			".popsection\n\t"
#define USER_ACCESS_BEGIN USER_ACCESS_SITE(USER_ACCESS_STAC)
#define USER_ACCESS_END	  USER_ACCESS_SITE(USER_ACCESS_CLAC)

/* Switches SMAP's instructions on where the processor has them. Start-up, before arch_paging_init makes
 * the kernel's text read-only. O(places). */
void user_access_init(void);

/* Where to go on after a fault at `address` that nothing mends; 0: nowhere. O(entries). */
uintptr_t exception_lookup(uintptr_t address);

#endif
#endif

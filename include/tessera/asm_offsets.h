/* SPDX-License-Identifier: MIT */
/*
 * For arch/<dir>/asm-offsets.c only: writes the constants that assembly needs into the
 * compiler's output, from which the build makes <generated/asm-offsets.h>. That file is never
 * assembled, so the lines need to make sense to nobody but scripts/build.mk.
 *
 *	void asm_offsets(void)
 *	{
 *		DEFINE(PAGE_SIZE_ASM, PAGE_SIZE);
 *		OFFSET(THREAD_STACK, thread, stack);
 *	}
 */
#ifndef TESSERA_ASM_OFFSETS_H
#define TESSERA_ASM_OFFSETS_H

#include <stddef.h>

/* NAME stands for the integer constant `value`. */
#define DEFINE(NAME, value) __asm__ volatile("\n.ascii \"->" #NAME " %0\"" : : "i"(value))

/* NAME stands for the offset in bytes of `member` in `struct structure`. */
#define OFFSET(NAME, structure, member) DEFINE(NAME, offsetof(struct structure, member))

void asm_offsets(void);

#endif

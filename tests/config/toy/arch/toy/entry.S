/* SPDX-License-Identifier: MIT */
#include <generated/asm-offsets.h>

	.section .text.entry, "ax"
	.globl	_start
	.type	_start, @function
_start:
	mov	$PAIR_SIZE + PAIR_SECOND, %eax
	call	main
	jmp	_start

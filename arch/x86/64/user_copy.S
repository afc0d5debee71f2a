/* SPDX-License-Identifier: MIT */
/*
 * size_t user_copy(void *to, const void *from, size_t n)
 * size_t user_clear(uintptr_t to, size_t n)
 *
 * By words, and what is left by bytes: one instruction a word under an instruction count, and
 * whatever the processor makes of string instructions elsewhere. A fault that is mended goes on where
 * it was; one that is not ends the copy, and what rcx still counts has not been copied. Few copies
 * are longer than a page, so the words need no alignment.
 */
#include <asm/user_access.h>

	.text
	.balign	16
	.globl	user_copy
	.type	user_copy, @function
user_copy:
	movq	%rdx, %rcx
	shrq	$3, %rcx
	andl	$7, %edx
	USER_ACCESS_BEGIN
copy_words:
	rep movsq
	movl	%edx, %ecx
copy_bytes:
	rep movsb
	USER_ACCESS_END
	movl	%ecx, %eax		/* 0 */
	ret
	.size	user_copy, . - user_copy

	.balign	16
	.globl	user_clear
	.type	user_clear, @function
user_clear:
	movq	%rsi, %rcx
	movq	%rsi, %rdx
	shrq	$3, %rcx
	andl	$7, %edx
	xorl	%eax, %eax
	USER_ACCESS_BEGIN
clear_words:
	rep stosq
	movl	%edx, %ecx
clear_bytes:
	rep stosb
	USER_ACCESS_END
	ret
	.size	user_clear, . - user_clear

	/* The exception handler has done what USER_ACCESS_END does. */
words_fault:
	leaq	(%rdx, %rcx, 8), %rax
	ret
bytes_fault:
	movq	%rcx, %rax
	ret

	EXCEPTION_ENTRY(copy_words, words_fault)
	EXCEPTION_ENTRY(copy_bytes, bytes_fault)
	EXCEPTION_ENTRY(clear_words, words_fault)
	EXCEPTION_ENTRY(clear_bytes, bytes_fault)

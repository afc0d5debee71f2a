/* SPDX-License-Identifier: MIT */
/*
 * size_t user_copy(void *to, const void *from, size_t n), arguments in eax, edx and ecx
 * size_t user_clear(uintptr_t to, size_t n)
 *
 * By words, and what is left by bytes: one instruction a word under an instruction count, and
 * whatever the processor makes of string instructions elsewhere. A fault that is mended goes on where
 * it was; one that is not ends the copy, and what ecx still counts has not been copied. Few copies
 * are longer than a page, so the words need no alignment.
 */
#include <asm/user_access.h>

	.text
	.balign	16
	.globl	user_copy
	.type	user_copy, @function
user_copy:
	pushl	%edi
	pushl	%esi
	movl	%eax, %edi
	movl	%edx, %esi
	movl	%ecx, %edx
	shrl	$2, %ecx
	andl	$3, %edx
	USER_ACCESS_BEGIN
copy_words:
	rep movsl
	movl	%edx, %ecx
copy_bytes:
	rep movsb
	USER_ACCESS_END
	movl	%ecx, %eax		/* 0 */
	popl	%esi
	popl	%edi
	ret
	.size	user_copy, . - user_copy

	.balign	16
	.globl	user_clear
	.type	user_clear, @function
user_clear:
	pushl	%edi
	pushl	%esi			/* as user_copy has it */
	movl	%eax, %edi
	movl	%edx, %ecx
	shrl	$2, %ecx
	andl	$3, %edx
	xorl	%eax, %eax
	USER_ACCESS_BEGIN
clear_words:
	rep stosl
	movl	%edx, %ecx
clear_bytes:
	rep stosb
	USER_ACCESS_END
	popl	%esi
	popl	%edi
	ret
	.size	user_clear, . - user_clear

	/* The exception handler has done what USER_ACCESS_END does. */
words_fault:
	leal	(%edx, %ecx, 4), %eax
	popl	%esi
	popl	%edi
	ret
bytes_fault:
	movl	%ecx, %eax
	popl	%esi
	popl	%edi
	ret

	EXCEPTION_ENTRY(copy_words, words_fault)
	EXCEPTION_ENTRY(copy_bytes, bytes_fault)
	EXCEPTION_ENTRY(clear_words, words_fault)
	EXCEPTION_ENTRY(clear_bytes, bytes_fault)

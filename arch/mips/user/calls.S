/* SPDX-License-Identifier: MIT */
/*
 * The table of system calls, from asm/system_calls.h, and what stands between an entry and its handler
 * where the arguments or results are not those of a C function with four arguments in registers.
 */
#include <asm/asm.h>
#include <generated/asm-offsets.h>

#include "calls.h"

	.set	noreorder
	.set	noat

	.text

	/* entry_NAME, where there is one, stands in the table for sys_NAME. Here: handlers with a fifth and
	 * sixth argument, which are on the user's stack. */
	.irp	name, clone_tls_first, llseek, prctl, mmap, mmap2, mremap, futex, futex_time32, ppoll, ppoll_time32, statx, pread64_pair
entry_\name:
	lui	t1, %hi(sys_\name)
	j	stack_arguments
	 addiu	t1, t1, %lo(sys_\name)
	.endr

	/* v1, the second result, comes through: nobody touches it on the way out. */
entry_pipe:
	j	pipe_in_registers
	 nop

	/* Fills the table up to an index with calls that are not there. */
	.macro	missing_up_to index
	.rept	\index - filled
	.word	sys_not_implemented
	.endr
	.set	filled, \index
	.endm

	/* To the place of a number. */
	.macro	find number
	.if \number >= CALLS_OWN_FIRST
	missing_up_to (\number - CALLS_OWN_FIRST + CALLS_COUNT)
	.else
	missing_up_to (\number - CALLS_FIRST)
	.endif
	.set	filled, filled + 1
	.endm

	.macro	call number, name
	find	\number
	.ifdef entry_\name
	.word	entry_\name
	.else
	.word	sys_\name
	.endif
	.endm

	/* Through full_call (entry.S). */
	.macro	call_full number, name
	.pushsection .text
full_\name:
	.ifdef entry_\name
	lui	t2, %hi(entry_\name)
	j	full_call
	 addiu	t2, t2, %lo(entry_\name)
	.else
	lui	t2, %hi(sys_\name)
	j	full_call
	 addiu	t2, t2, %lo(sys_\name)
	.endif
	.popsection
	find	\number
	.word	full_\name
	.endm

	.section .rodata
	.balign	4
	.globl	system_call_table
system_call_table:
	.set	filled, 0
#define SYSTEM_CALL(number, name)      call number, name
#define SYSTEM_CALL_FULL(number, name) call_full number, name
#include <asm/system_calls.h>
	missing_up_to (CALLS_MISSING + 1)

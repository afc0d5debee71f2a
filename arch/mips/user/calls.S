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

	/* entry_NAME, where there is one, stands in the table for sys_NAME. */

	/* Handlers with a fifth and sixth argument, which are on the user's stack. */
	.macro	takes_more names:vararg
	.irp	name, \names
entry_\name:
	lui	t1, %hi(sys_\name)
	j	stack_arguments
	 addiu	t1, t1, %lo(sys_\name)
	.endr
	.endm

	takes_more clone_tls_first, mmap, mmap2, mremap, llseek, pread64_pair, statx
	takes_more ppoll, ppoll_time32, futex, futex_time32, prctl

	/* v1, the second result, comes through: nobody touches it on the way out. */
entry_pipe:
	ei
	j	pipe_in_registers
	 nop

	/* Fills the table up to an index with calls that are not there. */
	.macro	missing_up_to index
	.rept	\index - filled
	.word	sys_not_implemented
	.endr
	.set	filled, \index
	.endm

	.macro	call number, name
	missing_up_to (\number - CALLS_FIRST)
	.set	filled, filled + 1
	.ifdef entry_\name
	.word	entry_\name
	.else
	.pushsection .text
open_\name:
	ei					# not in the delay slot: asm/cp0.h says why
	j	sys_\name
	 nop
	.popsection
	.word	open_\name
	.endif
	.endm

	.macro	call_masked number, name
	missing_up_to (\number - CALLS_FIRST)
	.set	filled, filled + 1
	.word	sys_\name
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
	missing_up_to (\number - CALLS_FIRST)
	.set	filled, filled + 1
	.word	full_\name
	.endm

	.section .rodata
	.balign	4
	.globl	system_call_table
system_call_table:
	.set	filled, 0
#define SYSTEM_CALL(number, name)      call number, name
#define SYSTEM_CALL_FULL(number, name) call_full number, name
#define SYSTEM_CALL_MASKED(number, name) call_masked number, name
#include <asm/system_calls.h>
	missing_up_to CALLS_COUNT

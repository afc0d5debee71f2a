// SPDX-License-Identifier: MIT
/*
 * System calls that this configuration, or Tessera so far, does not have. The architecture's table
 * names every call that it knows a number for; each name is defined here too, weakly, as the one
 * function that gives -ENOSYS, so a call comes and goes with the file that has it and nothing else
 * changes. The compiler has no word for "whatever its type is", the assembler needs none.
 */
#include <tessera/errno.h>
#include <tessera/system_call.h>

long sys_not_implemented(void)
{
	return -ENOSYS;
}

#define SYSTEM_CALL(number, name)                                       \
	__asm__(".weak sys_" #name "\n\t.globl sys_not_implemented\n\t" \
		"sys_" #name " = sys_not_implemented");
#define SYSTEM_CALL_FULL(number, name)	 SYSTEM_CALL(number, name)
#define SYSTEM_CALL_MASKED(number, name) SYSTEM_CALL(number, name)

#include <asm/system_calls.h>

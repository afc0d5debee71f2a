/* SPDX-License-Identifier: MIT */
/*
 * System calls. A handler is `long sys_NAME(unsigned long ...)` with up to six arguments as the
 * user gave them; it gives 0 or a positive result, or -errno. It runs in the task's thread, interrupts
 * on, no lock held. Prototypes: include/tessera/system_calls.h. The architecture's table, asm/
 * system_calls.h, gives them Linux's numbers: nothing but lines of these kinds, and no include guard:
 * whoever includes it defines the three.
 *	SYSTEM_CALL(number, name)
 *	SYSTEM_CALL_FULL(number, name)		the handler needs all registers in the frame
 *	SYSTEM_CALL_MASKED(number, name)	it begins with interrupts masked, as the entry has
 *						them, and may end either way: for what masks them at
 *						once anyway, or is over at once
 * The entry code calls through it, kernel/process/not_implemented.c defines what is missing, and
 * trace.c knows the names by it.
 */
#ifndef TESSERA_SYSTEM_CALL_H
#define TESSERA_SYSTEM_CALL_H

#include <tessera/types.h>

typedef long system_call(unsigned long a, unsigned long b, unsigned long c, unsigned long d,
			 unsigned long e, unsigned long f);

/* Any call that is not there. */
long sys_not_implemented(void);

/* Handlers give this to be called again with the same arguments after a signal that has no handler,
 * or one with SA_RESTART; -EINTR otherwise. Never seen by the user (Linux's number, 512). */
#define ERESTART 512
/* The same, but any handler makes it -EINTR: sleeps, pause, poll. */
#define ERESTART_NO_HANDLER 514

/* asm/user.h: TESSERA_CALLS, the number of the first of Tessera's own calls. */

#endif

/* SPDX-License-Identifier: MIT */
/* What suites need to try an operation with every one of its allocations failing. */
#ifndef TESTS_SUITES_FAULT_INJECTION_H
#define TESTS_SUITES_FAULT_INJECTION_H

#include <tessera/fault_injection.h>
#include <tessera/types.h>

/* Tries an operation once: what is to fail stands in FAILING(...), and what it gave is undone again.
 * Whether it succeeded; a failure must have left nothing behind. */
typedef bool attempt(size_t argument);

void failing_begin(void);
void failing_end(void);

#define FAILING(statement)       \
	do {                     \
		failing_begin(); \
		statement;       \
		failing_end();   \
	} while (0)

/*
 * Repeats the attempt while its n-th allocation fails, for n = 1, 2, ... until none does. Every time there
 * are as many free pages, objects, threads, waiters and timers afterwards as before, and the time
 * without a failure succeeds. `kept`: so many pages may stay with the operation (page tables). Gives
 * the number of allocations that the operation makes.
 */
unsigned repeat_failing(const char *name, attempt *attempt, size_t argument, size_t kept);

#endif

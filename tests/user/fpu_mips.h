/* SPDX-License-Identifier: MIT */
/* Whether the processor has an FPU. */
#ifndef TESTS_USER_FPU_MIPS_H
#define TESTS_USER_FPU_MIPS_H

#include <unistd.h>

#include "test.h"

#define USE_FPU __asm__ volatile(".set push\n\t.set hardfloat\n\tmtc1 $0, $f0\n\t.set pop")

/* Asks in a child, so that this process has not used it. */
static inline bool has_fpu(void)
{
	pid_t child = fork();

	if (child == 0) {
		USE_FPU;
		_exit(0);
	}
	return status_of(child) == 0;
}

#define NEED_FPU                        \
	do {                            \
		if (!has_fpu())         \
			SKIP("an FPU"); \
	} while (0)

#endif

/* SPDX-License-Identifier: MIT */
/* What only tests ask for (USER_TESTS): prctl with PR_LEDGER, PR_FAIL_ALLOCATION. */
#ifndef PROCESS_LEDGER_H
#define PROCESS_LEDGER_H

#include <tessera/errno.h>
#include <tessera/types.h>

#ifdef CONFIG_USER_TESTS

long ledger_tell(uintptr_t user);
long ledger_fail_allocation(unsigned long n);

#else

static inline long ledger_tell(uintptr_t user)
{
	(void)user;
	return -EINVAL;
}

static inline long ledger_fail_allocation(unsigned long n)
{
	(void)n;
	return -EINVAL;
}

#endif
#endif

/* SPDX-License-Identifier: MIT */
/* Options of prctl that Tessera knows. */
#ifndef UAPI_TESSERA_PRCTL_H
#define UAPI_TESSERA_PRCTL_H

#include <stdint.h>

#define PR_SET_PDEATHSIG 1
#define PR_GET_PDEATHSIG 2
#define PR_GET_DUMPABLE	 3
#define PR_SET_DUMPABLE	 4
#define PR_SET_NAME	 15
#define PR_GET_NAME	 16

/* For tests, in kernels with USER_TESTS; else -EINVAL. */

/* What exists in the kernel now, to a struct ledger; memory that is only kept for reuse is given back
 * first. */
#define PR_LEDGER 0x7e550001
/* Lets the n-th allocation that the calling task makes in the kernel from now on fail (n >= 1), and
 * ends that again (0): the result is 1 if it was asked for, and failed, else 0. Needs FAULT_INJECTION. */
#define PR_FAIL_ALLOCATION 0x7e550002

struct ledger {
	uint64_t free_pages, objects;
	uint64_t processes, tasks, pids, threads; /* of the kernel, the programs' among them */
	uint64_t spaces, areas, table_pages;
	uint64_t resident;		/* pages mapped, once for each mapping */
	uint64_t sources, source_pages; /* files mapped, and pages kept of them */
};

#endif

/* SPDX-License-Identifier: MIT */
/* Limits and use of resources, and priorities. Limits with other numbers: asm/resource.h. */
#ifndef UAPI_TESSERA_RESOURCE_H
#define UAPI_TESSERA_RESOURCE_H

#include <asm/resource.h>
#include <stdint.h>
#include <tessera/time.h>

#define RLIMIT_CPU	  0
#define RLIMIT_FSIZE	  1
#define RLIMIT_DATA	  2
#define RLIMIT_STACK	  3
#define RLIMIT_CORE	  4
#define RLIMIT_LOCKS	  10
#define RLIMIT_SIGPENDING 11
#define RLIMIT_MSGQUEUE	  12
#define RLIMIT_NICE	  13
#define RLIMIT_RTPRIO	  14
#define RLIMIT_RTTIME	  15
#define RLIMITS		  16

/* getrlimit and setrlimit. */
struct rlimit {
	unsigned long rlim_cur, rlim_max;
};

/* prlimit64 */
struct rlimit64 {
	uint64_t rlim_cur, rlim_max;
};
#define RLIM64_INFINITY UINT64_MAX

#define RUSAGE_SELF	0
#define RUSAGE_CHILDREN (-1)
#define RUSAGE_THREAD	1

struct rusage {
	struct timeval ru_utime, ru_stime;
	long ru_maxrss, ru_ixrss, ru_idrss, ru_isrss; /* KiB */
	long ru_minflt, ru_majflt, ru_nswap;
	long ru_inblock, ru_oublock, ru_msgsnd, ru_msgrcv;
	long ru_nsignals, ru_nvcsw, ru_nivcsw;
};

#define PRIO_PROCESS 0
#define PRIO_PGRP    1
#define PRIO_USER    2
#define PRIO_MIN     (-20)
#define PRIO_MAX     19

#endif

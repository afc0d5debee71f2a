/* SPDX-License-Identifier: MIT */
/* Time as system calls take and give it. */
#ifndef UAPI_TESSERA_TIME_H
#define UAPI_TESSERA_TIME_H

#include <stdint.h>

/* All calls but those whose names end in 32: the same on every architecture. */
struct timespec {
	int64_t tv_sec;
	int64_t tv_nsec;
};

/* The old calls of 32-bit architectures. */
struct timespec32 {
	int32_t tv_sec;
	int32_t tv_nsec;
};

struct timeval {
	long tv_sec;
	long tv_usec;
};

struct timezone {
	int tz_minuteswest;
	int tz_dsttime;
};

/* times(): in ticks of 1/CLOCKS_PER_SECOND s. */
#define CLOCKS_PER_SECOND 100

struct tms {
	long tms_utime, tms_stime, tms_cutime, tms_cstime;
};

/* setitimer: there is ITIMER_REAL. */
#define ITIMER_REAL 0

struct itimerval {
	struct timeval it_interval, it_value;
};

#define CLOCK_REALTIME		 0
#define CLOCK_MONOTONIC		 1
#define CLOCK_PROCESS_CPUTIME_ID 2
#define CLOCK_THREAD_CPUTIME_ID	 3
#define CLOCK_MONOTONIC_RAW	 4
#define CLOCK_REALTIME_COARSE	 5
#define CLOCK_MONOTONIC_COARSE	 6
#define CLOCK_BOOTTIME		 7

#define TIMER_ABSTIME 1

#endif

/* SPDX-License-Identifier: MIT */
#ifndef USER_TIME_H
#define USER_TIME_H

#include <sys/types.h>
#include <tessera/time.h>

int clock_gettime(clockid_t clock, struct timespec *time);
int clock_getres(clockid_t clock, struct timespec *time);
int clock_nanosleep(clockid_t clock, int flags, const struct timespec *request,
		    struct timespec *remain); /* gives the error itself */
int nanosleep(const struct timespec *request, struct timespec *remain);
time_t time(time_t *result);

#endif

/* SPDX-License-Identifier: MIT */
/* Times in user memory, in both forms of the ABI; nanoseconds in the kernel. */
#ifndef PROCESS_USER_TIME_H
#define PROCESS_USER_TIME_H

#include <tessera/types.h>

/* A time or an interval; what is too long becomes FOREVER. 0; -EFAULT; -EINVAL: negative, or
 * nanoseconds that are a second or more. */
int user_time_load(uint64_t *time, uintptr_t user);
int user_time32_load(uint64_t *time, uintptr_t user);

int user_time_store(uintptr_t user, uint64_t time);
int user_time32_store(uintptr_t user, uint64_t time);

/* The two forms of one call. */
struct user_time_form {
	int (*load)(uint64_t *time, uintptr_t user);
	int (*store)(uintptr_t user, uint64_t time);
};
extern const struct user_time_form user_time64, user_time32;

/* Now, by one of the clocks of clock_gettime. 0 or -EINVAL. */
int user_clock_now(int clock, uint64_t *time);

#endif

/* SPDX-License-Identifier: MIT */
/* Timeouts as programs give them, in the nanoseconds of wait.h. */
#ifndef TESSERA_USER_TIMEOUT_H
#define TESSERA_USER_TIMEOUT_H

#include <tessera/clock.h>
#include <tessera/thread.h> /* FOREVER */
#include <tessera/time.h>
#include <tessera/user_copy.h>

/* What cannot be counted in nanoseconds is for ever. 0; -EINVAL. */
static inline int timeout_from_parts(int64_t seconds, int64_t nanoseconds, uint64_t *timeout)
{
	if (seconds < 0 || nanoseconds < 0 || nanoseconds >= (int64_t)NSEC_PER_SEC)
		return -EINVAL;
	*timeout = seconds >= (int64_t)(INT64_MAX / NSEC_PER_SEC)
			   ? FOREVER
			   : (uint64_t)seconds * NSEC_PER_SEC + (uint64_t)nanoseconds;
	return 0;
}

/* From a struct timespec; NULL: for ever. 0; -EFAULT; -EINVAL. */
static inline int timeout_from_user(uintptr_t user, uint64_t *timeout)
{
	struct timespec time;

	*timeout = FOREVER;
	if (!user)
		return 0;
	if (copy_from_user(&time, user, sizeof(time)))
		return -EFAULT;
	return timeout_from_parts(time.tv_sec, time.tv_nsec, timeout);
}

/* The same of the old calls. */
static inline int timeout_from_user32(uintptr_t user, uint64_t *timeout)
{
	struct timespec32 time;

	*timeout = FOREVER;
	if (!user)
		return 0;
	if (copy_from_user(&time, user, sizeof(time)))
		return -EFAULT;
	return timeout_from_parts(time.tv_sec, time.tv_nsec, timeout);
}

#endif

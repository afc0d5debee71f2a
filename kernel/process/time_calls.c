// SPDX-License-Identifier: MIT
/*
 * Time for programs. There is one clock, nanoseconds since start-up; without a battery-backed one
 * CLOCK_REALTIME shows the same, as if the machine had been started on the first of January 1970.
 * 32-bit architectures have each call in two forms, with 32 and with 64 bits of seconds.
 *
 * A sleep that a signal without a handler interrupts (a stop) goes on to the time at which it was to
 * end: the task remembers that.
 */
#include <tessera/clock.h>
#include <tessera/errno.h>
#include <tessera/system_calls.h>
#include <tessera/time.h>
#include <tessera/user_copy.h>
#include <tessera/user_timeout.h>

#include "life.h"
#include "user_time.h"

int user_time_load(uint64_t *time, uintptr_t user)
{
	return user ? timeout_from_user(user, time) : -EFAULT;
}

int user_time32_load(uint64_t *time, uintptr_t user)
{
	return user ? timeout_from_user32(user, time) : -EFAULT;
}

int user_time_store(uintptr_t user, uint64_t time)
{
	struct timespec to = { (int64_t)(time / NSEC_PER_SEC), (int64_t)(time % NSEC_PER_SEC) };

	return copy_to_user(user, &to, sizeof(to));
}

int user_time32_store(uintptr_t user, uint64_t time)
{
	struct timespec32 to = { (int32_t)(time / NSEC_PER_SEC), (int32_t)(time % NSEC_PER_SEC) };

	return copy_to_user(user, &to, sizeof(to));
}

const struct user_time_form user_time64 = { user_time_load, user_time_store };
const struct user_time_form user_time32 = { user_time32_load, user_time32_store };

int user_clock_now(int clock, uint64_t *time)
{
	switch (clock) {
	case CLOCK_REALTIME:
	case CLOCK_MONOTONIC:
	case CLOCK_MONOTONIC_RAW:
	case CLOCK_REALTIME_COARSE:
	case CLOCK_MONOTONIC_COARSE:
	case CLOCK_BOOTTIME:
		*time = clock_now();
		return 0;
	case CLOCK_PROCESS_CPUTIME_ID:
		*time = process_run_time(current_process());
		return 0;
	case CLOCK_THREAD_CPUTIME_ID:
		*time = task_run_time(current_task());
		return 0;
	default:
		return -EINVAL;
	}
}

/* ---- Asking ---- */

static long get_time(unsigned long clock, uintptr_t user, const struct user_time_form *form)
{
	uint64_t time;
	int error = user_clock_now((int)clock, &time);

	return error ? error : form->store(user, time);
}

long sys_clock_gettime(unsigned long clock, unsigned long time)
{
	return get_time(clock, time, &user_time64);
}

long sys_clock_gettime32(unsigned long clock, unsigned long time)
{
	return get_time(clock, time, &user_time32);
}

static long get_resolution(unsigned long clock, uintptr_t user, const struct user_time_form *form)
{
	uint64_t time;
	int error = user_clock_now((int)clock, &time);

	return error || !user ? error : form->store(user, 1);
}

long sys_clock_getres(unsigned long clock, unsigned long time)
{
	return get_resolution(clock, time, &user_time64);
}

long sys_clock_getres_time32(unsigned long clock, unsigned long time)
{
	return get_resolution(clock, time, &user_time32);
}

long sys_gettimeofday(unsigned long user_time, unsigned long user_zone)
{
	uint64_t now = clock_now();
	struct timeval time = { (long)(now / NSEC_PER_SEC),
				(long)(now % NSEC_PER_SEC / NSEC_PER_USEC) };
	struct timezone zone = { 0, 0 };

	if (user_time && copy_to_user(user_time, &time, sizeof(time)))
		return -EFAULT;
	return user_zone && copy_to_user(user_zone, &zone, sizeof(zone)) ? -EFAULT : 0;
}

long sys_time(unsigned long user)
{
	unsigned long seconds = (unsigned long)(clock_now() / NSEC_PER_SEC);

	return user && user_store_word(user, seconds) ? -EFAULT : (long)seconds;
}

long sys_times(unsigned long buffer)
{
	const uint64_t tick = NSEC_PER_SEC / CLOCKS_PER_SECOND;
	struct process *process = current_process();
	struct tms tms = { .tms_utime = (long)(process_run_time(process) / tick),
			   .tms_cutime = (long)(process->children_run_time / tick) };

	if (buffer && copy_to_user(buffer, &tms, sizeof(tms)))
		return -EFAULT;
	return (long)(clock_now() / tick & INTPTR_MAX);
}

/* ---- Sleeping ---- */

/* Until a point of the clock; `remain`: where to say how much is left, 0: nowhere. */
static long sleep_until(uint64_t end, uintptr_t remain, const struct user_time_form *form)
{
	struct task *self = current_task();
	uint64_t now = clock_now();

	if (end > now && thread_sleep(end - now) == -EINTR) {
		now = clock_now();
		if (end > now) {
			self->sleep_until = end;
			if (remain && form->store(remain, end - now))
				return -EFAULT;
			return -ERESTART_NO_HANDLER;
		}
	}
	self->sleep_until = 0;
	return 0;
}

static long sleep_for(uintptr_t request, uintptr_t remain, const struct user_time_form *form)
{
	uint64_t end = current_task()->sleep_until, time, now;
	int error = form->load(&time, request);

	if (error)
		return error;
	if (!end) {
		now = clock_now();
		end = time < FOREVER - now ? now + time : FOREVER - 1;
	}
	return sleep_until(end, remain, form);
}

long sys_nanosleep(unsigned long request, unsigned long remain)
{
	return sleep_for(request, remain, &user_time64);
}

long sys_nanosleep_time32(unsigned long request, unsigned long remain)
{
	return sleep_for(request, remain, &user_time32);
}

static long clock_sleep(unsigned long clock, unsigned long flags, uintptr_t request,
			uintptr_t remain, const struct user_time_form *form)
{
	uint64_t time;
	int error = clock == CLOCK_THREAD_CPUTIME_ID ? -EINVAL : user_clock_now((int)clock, &time);

	if (error)
		return error;
	if (clock == CLOCK_PROCESS_CPUTIME_ID)
		return -ENOTSUP;
	if (!(flags & TIMER_ABSTIME))
		return sleep_for(request, remain, form);
	error = form->load(&time, request);
	return error ? error : sleep_until(time, 0, form);
}

long sys_clock_nanosleep(unsigned long clock, unsigned long flags, unsigned long request,
			 unsigned long remain)
{
	return clock_sleep(clock, flags, request, remain, &user_time64);
}

long sys_clock_nanosleep_time32(unsigned long clock, unsigned long flags, unsigned long request,
				unsigned long remain)
{
	return clock_sleep(clock, flags, request, remain, &user_time32);
}

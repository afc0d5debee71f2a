// SPDX-License-Identifier: MIT
/*
 * alarm and setitimer: a timer of the process that sends SIGALRM, from the tick's interrupt. It is
 * inherited by exec, not by fork, and goes with the process. Of the three timers that Linux has there is
 * ITIMER_REAL.
 */
#include <asm/irqflags.h>
#include <tessera/clock.h>
#include <tessera/errno.h>
#include <tessera/signal.h>
#include <tessera/system_calls.h>
#include <tessera/time.h>
#include <tessera/user_copy.h>

#include "alarm.h"
#include "signal.h"

static void ring(struct timer *timer)
{
	struct process *process = container_of(timer, struct process, alarm);

	process->alarm_time = process->alarm_period ? clock_now() + process->alarm_period : 0;
	signal_send(process, NULL, SIGALRM, &signal_from_kernel);
}

void alarm_init(struct process *process)
{
	timer_init(&process->alarm, ring);
	process->alarm_time = process->alarm_period = 0;
}

/* Sets it, nanoseconds from now and from time to time; 0: no more. Gives what was left, and the
 * period that was. */
static uint64_t set(struct process *process, uint64_t delay, uint64_t period, uint64_t *old_period)
{
	unsigned long flags = irq_save();
	uint64_t now = clock_now(), end = process->alarm_time;

	*old_period = process->alarm_period;
	timer_cancel(&process->alarm);
	process->alarm_time = delay ? now + delay : 0;
	process->alarm_period = delay ? period : 0;
	if (delay && period)
		timer_set_periodic(&process->alarm, delay, period);
	else if (delay)
		timer_set(&process->alarm, delay);
	irq_restore(flags);
	return end > now ? end - now : end ? 1 : 0;
}

void alarm_cancel(struct process *process)
{
	timer_cancel(&process->alarm);
}

long sys_alarm(unsigned long seconds)
{
	uint64_t period;
	uint64_t left = set(current_process(), (uint32_t)seconds * NSEC_PER_SEC, 0, &period);

	return (long)((left + NSEC_PER_SEC - 1) / NSEC_PER_SEC);
}

static int load(uint64_t *time, const struct timeval *from)
{
	if (from->tv_sec < 0 || from->tv_usec < 0 || from->tv_usec >= 1000000)
		return -EINVAL;
	*time = (uint64_t)MIN(from->tv_sec, (long)INT32_MAX) * NSEC_PER_SEC +
		(uint64_t)from->tv_usec * NSEC_PER_USEC;
	return 0;
}

static int store(uintptr_t user, uint64_t left, uint64_t period)
{
	struct itimerval to = {
		.it_interval = { (long)(period / NSEC_PER_SEC),
				 (long)(period % NSEC_PER_SEC / NSEC_PER_USEC) },
		.it_value = { (long)(left / NSEC_PER_SEC),
			      (long)(left % NSEC_PER_SEC / NSEC_PER_USEC) },
	};

	return copy_to_user(user, &to, sizeof(to));
}

long sys_setitimer(unsigned long which, unsigned long user, unsigned long old)
{
	uint64_t delay, period, left;
	struct itimerval from;

	if (which != ITIMER_REAL)
		return -EINVAL;
	if (copy_from_user(&from, user, sizeof(from)))
		return -EFAULT;
	if (load(&delay, &from.it_value) || load(&period, &from.it_interval))
		return -EINVAL;
	left = set(current_process(), delay, period, &period);
	return old ? store(old, left, period) : 0;
}

long sys_getitimer(unsigned long which, unsigned long user)
{
	const struct process *process = current_process();
	uint64_t now = clock_now(), end = process->alarm_time;

	if (which != ITIMER_REAL)
		return -EINVAL;
	return store(user, end > now ? end - now : 0, process->alarm_period);
}

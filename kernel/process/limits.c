// SPDX-License-Identifier: MIT
/*
 * Limits and use of resources. Two limits belong to the space and can be changed: how far a stack
 * grows, and how many pages there may be in areas. The others are the configuration's: they can be
 * read, and set to no less than they are. There are no hard limits to come back to: a limit once
 * lowered can be raised again up to the configuration's.
 */
#include <tessera/clock.h>
#include <tessera/page.h>
#include <tessera/sched.h>
#include <tessera/string.h>
#include <tessera/system_calls.h>
#include <tessera/user_copy.h>

#include "life.h"
#include "pid.h"
#include "usage.h"

static uint64_t limit_now(const struct address_space *space, unsigned resource)
{
	switch (resource) {
	case RLIMIT_STACK:
		return space->stack_limit;
	case RLIMIT_AS:
	case RLIMIT_DATA:
		return space->mapped_max >= SIZE_MAX / PAGE_SIZE
			       ? RLIM64_INFINITY
			       : (uint64_t)space->mapped_max * PAGE_SIZE;
	case RLIMIT_NOFILE:
		return CONFIG_FILE_DESCRIPTORS_MAX;
	case RLIMIT_NPROC:
		return CONFIG_TASKS_MAX;
	case RLIMIT_CORE:
		return 0;
	default:
		return RLIM64_INFINITY;
	}
}

static int limit_set(struct address_space *space, unsigned resource, uint64_t limit)
{
	uint64_t most = (uint64_t)CONFIG_USER_STACK_MAX_KIB * 1024;

	switch (resource) {
	case RLIMIT_STACK:
		space->stack_limit = (size_t)MIN(limit, most);
		return 0;
	case RLIMIT_AS:
		space->mapped_max = (size_t)MIN(limit / PAGE_SIZE, (uint64_t)SIZE_MAX);
		return 0;
	default:
		return 0; /* programs lower what they do not need; that takes nothing from them */
	}
}

long sys_prlimit64(unsigned long pid, unsigned long resource, unsigned long new_limit,
		   unsigned long old_limit)
{
	struct process *self = current_process();
	struct rlimit64 limit, old;

	if (resource >= RLIMITS)
		return -EINVAL;
	if (pid && (int)pid != self->pid)
		return process_by_pid((int)pid) ? -EPERM : -ESRCH;
	if (new_limit && copy_from_user(&limit, new_limit, sizeof(limit)))
		return -EFAULT;
	if (new_limit && limit.rlim_cur > limit.rlim_max)
		return -EINVAL;
	old.rlim_cur = old.rlim_max = limit_now(self->space, (unsigned)resource);
	if (new_limit) {
		int error = limit_set(self->space, (unsigned)resource, limit.rlim_cur);

		if (error)
			return error;
	}
	return old_limit && copy_to_user(old_limit, &old, sizeof(old)) ? -EFAULT : 0;
}

long sys_getrlimit(unsigned long resource, unsigned long user)
{
	struct rlimit limit;
	uint64_t now;

	if (resource >= RLIMITS)
		return -EINVAL;
	now = limit_now(current_process()->space, (unsigned)resource);
	limit.rlim_cur = limit.rlim_max = now > RLIM_INFINITY ? RLIM_INFINITY : (unsigned long)now;
	return copy_to_user(user, &limit, sizeof(limit));
}

long sys_setrlimit(unsigned long resource, unsigned long user)
{
	struct rlimit limit;

	if (resource >= RLIMITS)
		return -EINVAL;
	if (copy_from_user(&limit, user, sizeof(limit)))
		return -EFAULT;
	if (limit.rlim_cur > limit.rlim_max)
		return -EINVAL;
	return limit_set(current_process()->space, (unsigned)resource,
			 limit.rlim_cur == RLIM_INFINITY ? RLIM64_INFINITY : limit.rlim_cur);
}

void usage_fill(struct rusage *usage, uint64_t run_time)
{
	memset(usage, 0, sizeof(*usage));
	usage->ru_utime.tv_sec = (long)(run_time / NSEC_PER_SEC);
	usage->ru_utime.tv_usec = (long)(run_time % NSEC_PER_SEC / NSEC_PER_USEC);
}

long sys_getrusage(unsigned long who, unsigned long user)
{
	struct process *self = current_process();
	struct rusage usage;

	switch ((int)who) {
	case RUSAGE_SELF:
		usage_fill(&usage, process_run_time(self));
		usage.ru_maxrss = (long)(self->space->resident * (PAGE_SIZE / 1024));
		break;
	case RUSAGE_CHILDREN:
		usage_fill(&usage, self->children_run_time);
		break;
	case RUSAGE_THREAD:
		usage_fill(&usage, task_run_time(current_task()));
		break;
	default:
		return -EINVAL;
	}
	return copy_to_user(user, &usage, sizeof(usage));
}

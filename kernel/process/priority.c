// SPDX-License-Identifier: MIT
/*
 * Priorities of programs, on the scheduler's levels. Nice values go from 19 (lowest level but the
 * bottom one) over 0 (the default level) to -20; FIFO and RR priorities 1 to 99 share the levels above the
 * default one. Within a level the scheduler goes round by time slices, so SCHED_FIFO is RR, and under the
 * round-robin class all of it is kept but changes nothing.
 */
#include <tessera/priority.h>
#include <tessera/resource.h>
#include <tessera/sched.h>
#include <tessera/scheduling.h>
#include <tessera/system_calls.h>
#include <tessera/user_copy.h>

#include "life.h"
#include "pid.h"

#define REAL_TIME_MAX 99

static bool is_real_time(int policy)
{
	return policy == SCHED_FIFO || policy == SCHED_RR;
}

static unsigned level_of(const struct task *task)
{
	const int middle = THREAD_PRIORITY_DEFAULT, above = THREAD_PRIORITY_MAX - middle;

	if (is_real_time(task->policy))
		return (unsigned)(middle + (task->real_time_priority * above + REAL_TIME_MAX - 1) /
						   REAL_TIME_MAX);
	if (task->policy == SCHED_IDLE)
		return 0;
	if (task->nice >= 0)
		return (unsigned)(middle - task->nice * middle / (PRIO_MAX + 1));
	return (unsigned)(middle - task->nice * above / (-PRIO_MIN * 2));
}

/* The task that a number means (0: the caller), or NULL. The scheduler is held. */
static struct task *find(unsigned long tid)
{
	return tid ? task_by_tid((int)tid) : current_task();
}

/* ---- Nice values ---- */

/* Calls `each` for every task that (which, who) means; gives their number. */
static unsigned for_each_meant(int which, int who, void (*each)(struct task *task, void *arg),
			       void *arg);

struct selection {
	int which, who;
	unsigned count;
	void (*each)(struct task *task, void *arg);
	void *arg;
};

static bool select(struct process *process, void *arg)
{
	struct selection *selection = arg;

	if (selection->which == PRIO_PGRP && process->group != selection->who)
		return true;
	list_for_each(node, &process->tasks) {
		selection->each(list_entry(node, struct task, link), selection->arg);
		selection->count++;
	}
	return true;
}

static unsigned for_each_meant(int which, int who, void (*each)(struct task *task, void *arg),
			       void *arg)
{
	struct selection selection = { which, who, 0, each, arg };
	struct task *task;

	if (which == PRIO_PROCESS) {
		sched_hold();
		task = find((unsigned long)who);
		if (task)
			each(task, arg);
		sched_release();
		return task != NULL;
	}
	if (which == PRIO_PGRP && !who)
		selection.who = current_process()->group;
	if (which == PRIO_PGRP || !who) /* of users there is only 0 */
		process_each(select, &selection);
	return selection.count;
}

static void find_highest(struct task *task, void *arg)
{
	int *lowest = arg;

	*lowest = MIN(*lowest, (int)task->nice);
}

static void set_nice(struct task *task, void *arg)
{
	task->nice = (int8_t) * (int *)arg;
	thread_set_priority(task->thread, level_of(task));
}

long sys_getpriority(unsigned long which, unsigned long who)
{
	int nice = PRIO_MAX;

	if (which > PRIO_USER)
		return -EINVAL;
	if (!for_each_meant((int)which, (int)who, find_highest, &nice))
		return -ESRCH;
	return 20 - nice; /* so that no result is negative, as Linux has it */
}

long sys_setpriority(unsigned long which, unsigned long who, unsigned long user_nice)
{
	int nice = MAX(PRIO_MIN, MIN(PRIO_MAX, (int)user_nice));

	if (which > PRIO_USER)
		return -EINVAL;
	return for_each_meant((int)which, (int)who, set_nice, &nice) ? 0 : -ESRCH;
}

/* ---- Policies ---- */

static int check(int policy, int priority)
{
	if (is_real_time(policy))
		return priority >= 1 && priority <= REAL_TIME_MAX ? 0 : -EINVAL;
	if (policy != SCHED_OTHER && policy != SCHED_BATCH && policy != SCHED_IDLE)
		return -EINVAL;
	return priority ? -EINVAL : 0;
}

/* policy < 0: as it is. */
static long set_policy(unsigned long tid, int policy, uintptr_t user_param)
{
	struct sched_param param;
	struct task *task;
	long result = -ESRCH;

	if ((int)tid < 0)
		return -EINVAL;
	if (copy_from_user(&param, user_param, sizeof(param)))
		return -EFAULT;
	sched_hold();
	task = find(tid);
	if (task) {
		if (policy < 0)
			policy = task->policy;
		result = check(policy, param.sched_priority);
	}
	if (!result) {
		task->policy = (uint8_t)policy;
		task->real_time_priority = (uint8_t)param.sched_priority;
		thread_set_priority(task->thread, level_of(task));
	}
	sched_release();
	return result;
}

long sys_sched_setscheduler(unsigned long tid, unsigned long policy, unsigned long param)
{
	int wanted = (int)policy & ~SCHED_RESET_ON_FORK;

	return wanted < 0 ? -EINVAL : set_policy(tid, wanted, param);
}

long sys_sched_setparam(unsigned long tid, unsigned long param)
{
	return set_policy(tid, -1, param);
}

long sys_sched_getscheduler(unsigned long tid)
{
	struct task *task;
	long policy;

	sched_hold();
	task = find(tid);
	policy = task ? task->policy : -ESRCH;
	sched_release();
	return policy;
}

long sys_sched_getparam(unsigned long tid, unsigned long user_param)
{
	struct sched_param param = { 0 };
	struct task *task;

	sched_hold();
	task = find(tid);
	if (task)
		param.sched_priority = task->real_time_priority;
	sched_release();
	return task ? copy_to_user(user_param, &param, sizeof(param)) : -ESRCH;
}

long sys_sched_get_priority_max(unsigned long policy)
{
	return is_real_time((int)policy) ? REAL_TIME_MAX : check((int)policy, 0);
}

long sys_sched_get_priority_min(unsigned long policy)
{
	return is_real_time((int)policy) ? 1 : check((int)policy, 0);
}

long sys_sched_yield(void)
{
	return thread_yield();
}

/* One processor. The result is how many bytes were written, as Linux gives it. */
long sys_sched_getaffinity(unsigned long tid, unsigned long size, unsigned long mask)
{
	bool exists;

	if (size < sizeof(long) || size % sizeof(long))
		return -EINVAL;
	sched_hold();
	exists = find(tid);
	sched_release();
	if (!exists)
		return -ESRCH;
	return user_store_word(mask, 1) ? -EFAULT : (long)sizeof(long);
}

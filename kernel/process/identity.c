// SPDX-License-Identifier: MIT
/*
 * Who a process is: numbers, groups, sessions. There is one user, 0, who may do everything.
 *
 * Process groups and sessions are numbers that come from pids, and the table of pids has the members
 * of each group (pid.c): a signal to a group walks its members only. A shell makes a group for each
 * job; the console sends ^C to one of them.
 */
#include <tessera/prctl.h>
#include <tessera/sched.h>
#include <tessera/string.h>
#include <tessera/system_calls.h>
#include <tessera/user_copy.h>

#include "ledger.h"
#include "life.h"
#include "pid.h"

long sys_getpid(void)
{
	return current_process()->pid;
}

long sys_getppid(void)
{
	return current_process()->parent_pid;
}

long sys_gettid(void)
{
	return current_task()->tid;
}

long sys_set_tid_address(unsigned long address)
{
	struct task *self = current_task();

	self->clear_child_tid = address;
	return self->tid;
}

long sys_getuid(void)
{
	return 0;
}

long sys_geteuid(void)
{
	return 0;
}

long sys_getgid(void)
{
	return 0;
}

long sys_getegid(void)
{
	return 0;
}

/* There are none besides. */
long sys_getgroups(unsigned long size, unsigned long list)
{
	return (int)size < 0 ? -EINVAL : 0;
}

long sys_umask(unsigned long mask)
{
	struct process *self = current_process();
	unsigned old = self->umask;

	self->umask = mask & 0777;
	return old;
}

/* ---- Groups and sessions ---- */

long sys_getpgrp(void)
{
	return current_process()->group;
}

/* Of a process by its number, 0: the caller's. */
static long get_number(unsigned long pid, bool session)
{
	struct process *process;
	long number = -ESRCH;

	sched_hold();
	process = pid ? process_by_pid((int)pid) : current_process();
	if (process)
		number = session ? process->session : process->group;
	sched_release();
	return number;
}

long sys_getpgid(unsigned long pid)
{
	return get_number(pid, false);
}

long sys_getsid(unsigned long pid)
{
	return get_number(pid, true);
}

/* Whether a process may go into a group. Masked. */
static int may_join(const struct process *process, int group)
{
	const struct process *self = current_process();
	const struct pid *pid;

	if (!process || (process != self && process->parent != self))
		return -ESRCH;
	if (process != self && process->has_executed)
		return -EACCES;
	if (process->session != self->session || process->session == process->pid)
		return -EPERM;
	if (group == process->pid)
		return 0;
	pid = pid_find(group);
	if (!pid || list_empty(&pid->group))
		return -EPERM;
	return list_first_entry(&pid->group, struct process, group_link)->session == self->session
		       ? 0
		       : -EPERM;
}

long sys_setpgid(unsigned long pid, unsigned long user_group)
{
	struct process *process;
	int group = (int)user_group, error;

	if (group < 0 || (int)pid < 0)
		return -EINVAL;
	irq_disable();
	process = pid ? process_by_pid((int)pid) : current_process();
	if (process && !group)
		group = process->pid;
	error = may_join(process, group);
	if (!error)
		pid_move(process, group, process->session);
	irq_enable();
	return error;
}

long sys_setsid(void)
{
	struct process *self = current_process();
	long result = self->pid;

	irq_disable();
	if (self->group == self->pid || !list_empty(&pid_find(self->pid)->group))
		result = -EPERM;
	else
		pid_move(self, self->pid, self->pid);
	irq_enable();
	return result;
}

/* ---- Names ---- */

long sys_prctl(unsigned long option, unsigned long a, unsigned long b, unsigned long c,
	       unsigned long d)
{
	struct process *self = current_process();
	char name[PROCESS_NAME_MAX];
	ssize_t n;

	switch (option) {
	case PR_SET_NAME:
		n = copy_string_from_user(name, a, sizeof(name));
		if (n == -EFAULT)
			return n;
		name[sizeof(name) - 1] = '\0';
		memcpy(self->name, name, sizeof(name));
		return 0;
	case PR_GET_NAME:
		return copy_to_user(a, self->name, sizeof(name));
	case PR_GET_DUMPABLE:
		return 0; /* there are no core files */
	case PR_SET_DUMPABLE:
		return a > 1 ? -EINVAL : 0;
	case PR_LEDGER:
		return ledger_tell(a);
	case PR_FAIL_ALLOCATION:
		return ledger_fail_allocation(a);
	default:
		return -EINVAL;
	}
}

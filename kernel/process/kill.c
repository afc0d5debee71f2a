// SPDX-License-Identifier: MIT
/* kill and its relatives: to whom a signal goes. */
#include <tessera/sched.h>
#include <tessera/system_calls.h>

#include "pid.h"
#include "signal.h"

struct broadcast {
	int signal;
	int sent;
};

static bool send_to_each(struct process *process, void *arg)
{
	struct broadcast *broadcast = arg;

	if (process->pid != 1 && process != current_process() && !process->ended) {
		broadcast->sent++;
		if (broadcast->signal)
			signal_process(process, broadcast->signal);
	}
	return true;
}

static long kill_all(int signal)
{
	struct broadcast broadcast = { signal, 0 };

	process_each(send_to_each, &broadcast);
	return broadcast.sent ? 0 : -ESRCH;
}

static long kill_group(int group, int signal)
{
	struct pid *pid;

	if (signal)
		return signal_group(group, signal);
	pid = pid_find(group);
	return pid && !list_empty(&pid->group) ? 0 : -ESRCH;
}

static long kill_process(int pid, int signal)
{
	struct process *process;
	long result = -ESRCH;

	sched_hold();
	process = process_by_pid(pid);
	if (process) {
		result = 0;
		if (signal)
			signal_process(process, signal);
	}
	sched_release();
	return result;
}

long sys_kill(unsigned long pid, unsigned long signal)
{
	int number = (int)pid;

	if (signal > SIGNALS)
		return -EINVAL;
	if (number > 0)
		return kill_process(number, (int)signal);
	if (number == -1)
		return kill_all((int)signal);
	if (number == INT32_MIN)
		return -ESRCH;
	return kill_group(number ? -number : current_process()->group, (int)signal);
}

static long kill_task(int group, int tid, unsigned long signal)
{
	struct signal_origin origin = { current_process()->pid, SI_TKILL, 0 };
	struct task *task;
	long result = -ESRCH;

	if (tid <= 0 || signal > SIGNALS)
		return -EINVAL;
	sched_hold();
	task = task_by_tid(tid);
	if (task && (!group || task->process->pid == group)) {
		result = 0;
		if (signal)
			signal_send(task->process, task, (int)signal, &origin);
	}
	sched_release();
	return result;
}

long sys_tgkill(unsigned long group, unsigned long tid, unsigned long signal)
{
	return (int)group <= 0 ? -EINVAL : kill_task((int)group, (int)tid, signal);
}

long sys_tkill(unsigned long tid, unsigned long signal)
{
	return kill_task(0, (int)tid, signal);
}

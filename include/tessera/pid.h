/* SPDX-License-Identifier: MIT */
/* The table of pids, for those to whom a call is too long a way (kernel/process/pid.c has the
 * rest). */
#ifndef TESSERA_PID_H
#define TESSERA_PID_H

#include <tessera/process.h>

/* What a number stands for. It is in use as long as anything has it. Interrupts masked. */
struct pid {
	int number;    /* <= 0: free, and then it stands for nothing */
	unsigned uses; /* a task, a process, members of the group and of the session */
	struct task *task;
	struct process *process;
	struct list_node group; /* processes of the group with this number, by group_link */
};

extern struct pid pids[CONFIG_TASKS_MAX];

/* The only entry that a number can have. */
static __always_inline struct pid *pid_place(int number)
{
	return &pids[((unsigned)number - 1) % CONFIG_TASKS_MAX];
}

/* task_by_tid, inline. Masked, or with the scheduler held. */
static __always_inline struct task *pid_task(int tid)
{
	struct pid *pid = pid_place(tid);

	return likely(pid->number == tid) ? pid->task : NULL;
}

#endif

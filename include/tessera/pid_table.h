/* SPDX-License-Identifier: MIT */
/* The table of pids, for those to whom a call is too long a way (kernel/process/pid.c has the rest). */
#ifndef TESSERA_PID_TABLE_H
#define TESSERA_PID_TABLE_H

#include <tessera/pid.h>

extern struct pid pids[CONFIG_TASKS_MAX];

/* The only entry that a number can have. */
static __always_inline struct pid *pid_place(int number)
{
	return &pids[(unsigned)number % CONFIG_TASKS_MAX];
}

/* task_by_tid, inline. Masked, or with the scheduler held. */
static __always_inline struct task *pid_task(int tid)
{
	struct pid *pid = pid_place(tid);

	return likely(pid->tid == tid) ? pid->task : NULL;
}

/* The same for the thread; false: no task has that number. */
static __always_inline bool pid_thread(int tid, struct thread **thread)
{
	struct pid *pid = pid_place(tid);

	*thread = pid->thread;
	return likely(pid->tid == tid);
}

#endif

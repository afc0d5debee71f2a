/* SPDX-License-Identifier: MIT */
/* What a number stands for: a task, a process, a group, a session. kernel/process/pid.c has the table of them. */
#ifndef TESSERA_PID_H
#define TESSERA_PID_H

#include <tessera/process.h>

/* What a number stands for. It is in use as long as anything has it. Interrupts masked. */
struct pid {
	int tid;       /* its number while a task has it; else one that is looked for elsewhere */
	int number;    /* <= 0: free, and then it stands for nothing */
	unsigned uses; /* a task, a process, members of the group and of the session */
	struct thread *thread; /* the task's */
	struct task *task;
	struct process *process;
	struct list_node group; /* processes of the group with this number, by group_link */
} __aligned(8 * sizeof(long));	/* so that an entry's place is a shift away */

#endif

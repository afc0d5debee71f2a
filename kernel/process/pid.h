/* SPDX-License-Identifier: MIT */
/* The table of pids: numbers of tasks, processes, groups and sessions. */
#ifndef PROCESS_PID_H
#define PROCESS_PID_H

#include <tessera/process.h>

/* What a number stands for. It is in use as long as any of it is set. Interrupts masked. */
struct pid {
	int number;	   /* < 0: free */
	unsigned sessions; /* processes of the session with this number */
	struct task *task;
	struct process *process;
	struct list_node group; /* processes of the group with this number, by group_link */
};

/* A number for a task, never used before in this cycle; NULL: none is free. Masked. O(1). */
struct pid *pid_take(void);

/* Gives the number back if nothing uses it any more. Masked. O(1). */
void pid_give_if_unused(struct pid *pid);

/* The entry of a number that is in use, or NULL. Masked, or with the scheduler held. O(1). */
struct pid *pid_find(int number);

/* Lets a process that is in no group or session join these, which are in use (or the process's own
 * number), and leave them. Masked. O(1). */
void pid_join(struct process *process, int group, int session);
void pid_leave(struct process *process);

/* How many numbers are in use. */
unsigned pid_count(void);

#endif

/* SPDX-License-Identifier: MIT */
/* The table of pids: numbers of tasks, processes, groups and sessions. */
#ifndef PROCESS_PID_H
#define PROCESS_PID_H

#include <tessera/pid.h>

/* Start-up. */
void pid_init(void);

/* A task takes a number that is in use, and leaves it. Masked. O(1). */
void pid_set_task(struct pid *pid, struct task *task);
void pid_clear_task(struct pid *pid);

/* A number with one use, not used before in this cycle; NULL: none is free. Masked. O(1). */
struct pid *pid_take(void);

/* One use less; the last one's end gives the number back. Masked. O(1). */
void pid_put(struct pid *pid);

/* The entry of a number that is in use, or NULL. Masked, or with the scheduler held. O(1). */
struct pid *pid_find(int number);

/* Lets a process that is in no group or session join these, whose numbers are in use; leave them; go from
 * one to another. Masked. O(1). */
void pid_join(struct process *process, int group, int session);
void pid_leave(struct process *process);
void pid_move(struct process *process, int group, int session);

/* How many numbers are in use, and whether that is all of them (TASKS_MAX). */
unsigned pid_count(void);
bool pid_none_is_left(void);

#endif

/* SPDX-License-Identifier: MIT */
/* How processes and tasks begin and end: what the files of this folder share. */
#ifndef PROCESS_LIFE_H
#define PROCESS_LIFE_H

#include <tessera/process.h>

extern struct object_cache *task_cache, *process_cache;
extern unsigned process_count, task_count;

/* A process with nothing in it, and a task of it that inherits from `like` (NULL: the first task of
 * all). NULL: no memory. */
struct process *process_new(void);
struct task *task_new(struct process *process, const struct task *like);

/* What is not yet, or no longer, linked anywhere; a process may lack any of its parts. */
void process_free(struct process *process);
void task_free(struct task *task);

/* The first thing that a task's thread does. */
thread_entry task_start;

/* Ends the running task; the process with it if it is the last. */
void task_exit(void) __noreturn;

/* Lets all tasks of the running process end, and ends this one. `status` as wait4 gives it, if
 * nobody was first. */
void process_exit(int status) __noreturn;

/* Lets all tasks of a process end, but for `except`. Masked. */
void process_end_tasks(struct process *process, struct task *except);

/* An ended process that nobody is to wait for, or that somebody has waited for, goes for good. */
void process_reap(struct process *process);

/* A child has ended, stopped, or goes on: tells its parent. Masked. `code`: CLD_... */
void process_tell_parent(struct process *child, int signal, int code, int status);

/* Processor time so far, in nanoseconds (SCHED_STATS, else 0). */
static inline uint64_t task_run_time(const struct task *task)
{
#ifdef CONFIG_SCHED_STATS
	return task->thread->stats.run;
#else
	(void)task;
	return 0;
#endif
}
uint64_t process_run_time(struct process *process);

/*
 * Waits until `done` holds for the running task; whoever makes it so wakes `queue`. Only the end of
 * the task cuts it short, other signals are seen to afterwards. 0 or -EINTR.
 */
int task_wait_firmly(struct wait_queue *queue, bool (*done)(const struct task *self));

/* The process no longer uses its vfork parent's space: that one goes on. */
void process_leave_parent(struct process *process);

static inline bool task_is_ending(void)
{
	return current_thread()->work & WORK_EXIT;
}

/* What the thread of a task is called from when the task has left its process until the thread ends. */
extern const char task_has_left[];

#endif

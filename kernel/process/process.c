// SPDX-License-Identifier: MIT
/*
 * Processes and tasks as objects: making and disposing of them, counting them, and the first
 * process. Both come from caches of their own and are not cleared: every field is set where it
 * begins to mean something, and the tables of pending signals never need to be.
 */
#include <tessera/clone.h>
#include <tessera/descriptor.h>
#include <tessera/kmalloc.h>
#include <tessera/log.h>
#include <tessera/priority.h>
#include <tessera/sched.h>
#include <tessera/signal.h>
#include <tessera/string.h>

#include "alarm.h"
#include "exec.h"
#include "life.h"
#include "pid.h"
#include "signal.h"

#define LOG_TAG "process"

struct object_cache *task_cache, *process_cache;
unsigned process_count, task_count; /* masked */

struct process *process_new(void)
{
	struct process *process = object_cache_alloc(process_cache);

	if (!process)
		return NULL;
	process->space = NULL;
	process->files = NULL;
	process->actions = NULL;
	process->ignored = process->caught = 0;
	process->exit_signal = 0;
	list_init(&process->tasks);
	process->task_count = 0;
	process->ending = process->ended = process->stopped = false;
	process->report_stop = process->report_continue = false;
	process->status = 0;
	list_init(&process->children);
	list_init(&process->ended_children);
	wait_queue_init(&process->child_changed);
	wait_queue_init(&process->continued);
	wait_queue_init(&process->alone);
	process->vfork_parent = NULL;
	process->has_executed = false;
	process->started = this_cpu()->tick_time;
	process->run_time = process->children_run_time = 0;
	process->pending.set = 0;
	alarm_init(process);
	return process;
}

void process_free(struct process *process)
{
	if (process->space)
		space_put(process->space);
	if (process->files)
		file_table_put(process->files);
	if (process->actions)
		signal_actions_put(process->actions);
	object_cache_free(process_cache, process);
}

struct task *task_new(struct process *process, const struct task *like)
{
	struct task *task = object_cache_alloc(task_cache);

	if (!task)
		return NULL;
	task->process = process;
	task->pending.set = 0;
	task->awaited = 0;
	task->restore_blocked = false;
	task->clear_child_tid = task->set_child_tid = task->robust_list = 0;
	task->sleep_until = 0;
	task->vfork_child = NULL;
	wait_queue_init(&task->vfork_done);
	if (like) {
		task->blocked = like->blocked;
		task->signal_stack = like->signal_stack;
		task->signal_stack_size = like->signal_stack_size;
		task->policy = like->policy;
		task->real_time_priority = like->real_time_priority;
		task->nice = like->nice;
		user_context_fork(&task->user, &like->user);
	} else {
		task->blocked = 0;
		task->signal_stack = task->signal_stack_size = 0;
		task->policy = task->real_time_priority = 0;
		task->nice = 0;
		user_context_init(&task->user);
	}
	return task;
}

void task_free(struct task *task)
{
	object_cache_free(task_cache, task);
}

uint64_t process_run_time(struct process *process)
{
	unsigned long flags = irq_save();
	uint64_t time = process->run_time;

	list_for_each(node, &process->tasks)
		time += task_run_time(list_entry(node, struct task, link));
	irq_restore(flags);
	return time;
}

void process_totals(struct process_totals *totals)
{
	*totals = (struct process_totals){ process_count, task_count, pid_count() };
}

/* ---- The first process ---- */

static const char *init_path, *init_word;

/* The first task begins as a kernel thread and becomes a program like any other: by exec. */
static int init_start(void *arg)
{
	int error = exec_first(init_path, init_word);

	if (error) {
		log_error("%s does not start (error %d)", init_path, error);
		process_exit(1 << 8);
	}
	return task_start(arg);
}

/* A process without a space, whose only task belongs to `thread`. */
static void link_first(struct process *init, struct task *task, struct thread *thread)
{
	unsigned long flags = irq_save();
	struct pid *pid = pid_take();

	pid->process = init;
	pid->uses = 2;
	task->id = pid;
	init->pid = task->tid = pid->number;
	pid_join(init, init->pid, init->pid);
	list_add_tail(&init->tasks, &task->link);
	init->task_count = 1;
	task->thread = thread;
	thread->task = task;
	thread->tid = thread->pid = task->tid;
	pid_set_task(pid, task);
	thread_set_files(thread, init->files);
	thread->space = init->space;
	thread->detached = true;
	process_count++;
	task_count++;
	irq_restore(flags);
}

static int init_create(void)
{
	struct process *init = process_new();
	struct task *task = init ? task_new(init, NULL) : NULL;
	struct thread *thread;
	int error = -ENOMEM;

	if (!task)
		goto failed;
	init->parent = NULL;
	init->parent_pid = 0;
	init->umask = 022;
	strlcpy(init->name, "init", sizeof(init->name));
	init->space = space_create();
	init->files = file_table_create();
	if (!init->space || !init->files)
		goto failed;
	error = console_open_standard(init->files);
	if (error)
		goto failed;
	sched_hold();
	thread = thread_create(init_start, NULL, init->name, THREAD_PRIORITY_DEFAULT);
	if (thread)
		link_first(init, task, thread);
	sched_release();
	if (thread)
		return 0;
	error = -ENOMEM;
failed:
	if (task)
		task_free(task);
	if (init)
		process_free(init);
	return error;
}

int process_start_init(const char *path, const char *word)
{
	int error = -ENOMEM;

	pid_init();
	init_path = path;
	init_word = word;
	task_cache = object_cache_create("task", sizeof(struct task), 16);
	process_cache = object_cache_create("process", sizeof(struct process), 0);
	if (task_cache && process_cache)
		error = init_create();
	if (error)
		log_error("no first process (error %d)", error);
	return error;
}

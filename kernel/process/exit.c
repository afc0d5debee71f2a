// SPDX-License-Identifier: MIT
/*
 * The end of tasks and processes.
 *
 * A task ends itself, on its way out of the kernel at the latest: whoever wants it to end sets
 * WORK_EXIT and `killed`, and no wait holds it any longer. The last task of a process takes it along:
 * it closes the files, leaves the space, gives the children to init, and what remains is a zombie: the
 * struct process with its number and status, until the parent has asked for it.
 *
 * The order matters in one place: the thread must be a kernel thread again (thread->task is NULL)
 * before its space goes, or a switch in between would load a space that is no more. And the parent
 * learns of the end only when interrupts stay masked up to the last switch of the thread: so whoever
 * sees the zombie knows that nothing of it runs any more.
 */
#include <asm/cpu.h>
#include <tessera/arch.h>
#include <tessera/log.h>
#include <tessera/sched.h>
#include <tessera/signal.h>
#include <tessera/system_calls.h>
#include <tessera/user_copy.h>
#include <tessera/wait_status.h>

#include "alarm.h"
#include "futex.h"
#include "life.h"
#include "pid.h"
#include "signal.h"

#define LOG_TAG "process"

/* Tells those who wait for this task in user mode: pthread_join, robust locks. */
static void release_user_words(struct task *self)
{
	if (self->robust_list)
		robust_list_release(self);
	/* Nobody else sees the memory of a lonely task: not worth a page fault. */
	if (self->clear_child_tid &&
	    (self->process->task_count > 1 || self->process->space->users > 1) &&
	    !user_store_u32(self->clear_child_tid, 0))
		futex_wake_one(self->clear_child_tid);
}

static bool wants_no_zombies(const struct process *parent)
{
	if (parent->ignored & SIGNAL_BIT(SIGCHLD))
		return true;
	return parent->actions && parent->actions->of[SIGCHLD - 1].flags & SA_NOCLDWAIT;
}

void process_reap(struct process *process)
{
	unsigned long flags = irq_save();
	struct pid *pid = pid_find(process->pid);

	list_remove(&process->sibling);
	pid->process = NULL;
	pid_leave(process);
	pid_put(pid);
	process_count--;
	irq_restore(flags);
	process_free(process);
}

/* The ended children of a parent that wants to hear of none. */
static void reap_all(struct process *parent)
{
	for (;;) {
		unsigned long flags = irq_save();
		bool none = list_empty(&parent->ended_children);

		irq_restore(flags);
		if (none)
			return;
		process_reap(list_first_entry(&parent->ended_children, struct process, sibling));
	}
}

/* Gives all of one list of children to another parent. Masked. */
static void adopt(struct list_node *to, struct list_node *from, struct process *parent)
{
	struct list_node *node;

	while ((node = list_pop_head(from))) {
		struct process *child = list_entry(node, struct process, sibling);

		child->parent = parent;
		child->parent_pid = parent->pid;
		list_add_tail(to, node);
	}
}

static void give_children_to_init(struct process *process)
{
	struct process *init;
	unsigned long flags;
	bool orphan_zombies;

	if (list_empty(&process->children) && list_empty(&process->ended_children))
		return;
	flags = irq_save();
	init = process_by_pid(1);
	orphan_zombies = !list_empty(&process->ended_children);
	adopt(&init->children, &process->children, init);
	adopt(&init->ended_children, &process->ended_children, init);
	if (orphan_zombies) {
		wait_wake_all(&init->child_changed, 0, flags);
		signal_send(init, NULL, SIGCHLD, &signal_from_kernel);
	}
	wait_unlock(flags);
	if (wants_no_zombies(init))
		reap_all(init);
}

void process_tell_parent(struct process *child, int signal, int code, int status)
{
	struct process *parent = child->parent;
	struct signal_origin origin = { child->pid, (int16_t)code, (int16_t)status };

	wait_wake_all(&parent->child_changed, 0, 0);
	if (signal)
		signal_send(parent, NULL, signal, &origin);
}

/* Init has ended, and a system without it does nothing any more. */
static void __noreturn machine_end(const struct process *init)
{
	int status = init->status;

	if (WIFEXITED(status))
		log_notice("init has ended with status %d: so does the machine",
			   WEXITSTATUS(status));
	else
		log_error("init has been killed by signal %d: the machine ends", WTERMSIG(status));
	log_flush();
	machine_exit(status ? 1 : 0);
}

/* What the last task does before its thread ends; the process is a zombie, or gone, afterwards.
 * Returns with interrupts masked. */
static void process_become_zombie(struct process *process)
{
	int status = process->status;
	bool gone;

	give_children_to_init(process);
	irq_disable();
	process->ended = true;
	list_remove(&process->sibling);
	gone = wants_no_zombies(process->parent);
	if (gone)
		list_init(&process->sibling);
	else
		list_add_tail(&process->parent->ended_children, &process->sibling);
	process_tell_parent(process, (int)process->exit_signal,
			    WIFEXITED(status) ? CLD_EXITED : CLD_KILLED,
			    WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
	if (!gone)
		return;
	process->parent = NULL; /* nobody finds it any more */
	irq_enable();
	process_reap(process);
	irq_disable();
}

const char task_has_left[] = "ended";

/* Takes the running task out of its process. True: it was the last. If not, others may end the process
 * from now on, and its space goes: so the thread is a kernel thread before another can run. */
static bool unlink_task(struct task *task)
{
	struct process *process = task->process;
	struct thread *thread = task->thread;
	unsigned long flags = irq_save();
	bool last;

	user_context_drop(&task->user);
	thread->task = NULL;
	thread->work = 0;
	thread->tid = 0;
	thread->name = task_has_left;
	list_remove(&task->link);
	pid_clear_task(task->id);
	pid_put(task->id);
	process->run_time += task_run_time(task);
	task_count--;
	last = !--process->task_count;
	if (unlikely(!wait_queue_empty(&process->alone) && process->task_count == 1))
		wait_wake_one(&process->alone, 0);
	sched_unlock(flags);
	return last;
}

void task_exit(void)
{
	struct task *self = current_task();
	struct process *process = self->process;
	bool last;

	release_user_words(self);
	file_table_put(process->files); /* what is closed here may still ask whose it was */
	last = unlink_task(self);
	task_free(self);
	if (last) {
		struct address_space *space = process->space;

		alarm_cancel(process);
		process->files = NULL;
		process->space = NULL;
		space_put(space);
		process_leave_parent(process);
		if (process->actions)
			signal_actions_put(process->actions);
		process->actions = NULL;
		if (process->pid == 1)
			machine_end(process);
		process_become_zombie(process);
	}
	thread_exit(0);
}

void process_end_tasks(struct process *process, struct task *except)
{
	list_for_each_safe(node, &process->tasks) {
		struct task *task = list_entry(node, struct task, link);

		if (task == except)
			continue;
		task->thread->work |= WORK_EXIT;
		task->thread->killed = true;
		if (thread_is_blocked(task->thread))
			wait_wake(task->thread, -EINTR, false);
	}
}

void process_exit(int status)
{
	struct process *process = current_process();

	irq_disable();
	if (!process->ending) {
		process->ending = true;
		process->status = status;
		process_end_tasks(process, current_task());
	}
	sched_unlock_enable();
	task_exit();
}

int task_wait_firmly(struct wait_queue *queue, bool (*done)(const struct task *self))
{
	struct task *self = current_task();
	struct thread *thread = self->thread;
	int result = 0;

	irq_disable();
	while (!done(self)) {
		if (thread->work & WORK_EXIT) {
			result = -EINTR;
			break;
		}
		thread->killed = false;
		wait_block(queue, FOREVER);
		irq_disable();
	}
	signal_update(self);
	irq_enable();
	return result;
}

long sys_exit(unsigned long status)
{
	struct task *self = current_task();

	/* The first task's status is the process's, unless exit_group or a signal gives one. */
	if (!self->process->ending && self->tid == self->process->pid)
		self->process->status = W_EXITED((int)status);
	task_exit();
}

long sys_exit_group(unsigned long status)
{
	process_exit(W_EXITED((int)status));
}

// SPDX-License-Identifier: MIT
/*
 * fork, vfork and clone: one more process, or one more task of this one. Everything that can fail is
 * done first, on objects that nobody else knows; then the thread is made while no other runs, and
 * what was prepared is linked in. So a failure leaves nothing to be undone but memory.
 *
 * A combination of flags is refused with -EINVAL if it would share half of what Tessera shares as a
 * whole: tasks of a process share everything, processes may share the space and the descriptors.
 */
#include <tessera/clone.h>
#include <tessera/descriptor.h>
#include <tessera/sched.h>
#include <tessera/signal.h>
#include <tessera/string.h>
#include <tessera/system_calls.h>
#include <tessera/user_copy.h>

#include "life.h"
#include "pid.h"
#include "signal.h"

/* What clone was asked for. */
struct clone {
	unsigned long flags;
	uintptr_t stack, parent_tid, child_tid, tls;
};

#define CLONE_KNOWN                                                                  \
	(CSIGNAL | CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_VFORK | \
	 CLONE_THREAD | CLONE_SYSVSEM | CLONE_SETTLS | CLONE_PARENT_SETTID |         \
	 CLONE_CHILD_CLEARTID | CLONE_DETACHED | CLONE_UNTRACED | CLONE_CHILD_SETTID)
#define CLONE_OF_TASK (CLONE_VM | CLONE_FILES | CLONE_SIGHAND)

static bool makes_sense(unsigned long flags)
{
	if (flags & ~(unsigned long)CLONE_KNOWN || (flags & CSIGNAL) > SIGNALS)
		return false;
	if (flags & CLONE_THREAD)
		return (flags & CLONE_OF_TASK) == CLONE_OF_TASK && !(flags & CLONE_VFORK);
	return !(flags & (CLONE_SIGHAND | CLONE_FS));
}

int task_start(void *arg)
{
	struct task *self = current_task();

	if (self->set_child_tid)
		user_store_u32(self->set_child_tid, (uint32_t)self->tid);
	if (unlikely(self->thread->work))
		user_exit_work(user_frame(self->thread));
	user_return(user_frame(self->thread));
}

/* The task's part of clone that can fail. */
static int prepare_task(struct task *task, const struct clone *clone)
{
	unsigned long flags = clone->flags;

	if ((flags & (CLONE_VM | CLONE_VFORK)) == CLONE_VM)
		task->signal_stack_size = 0;
	if (flags & CLONE_CHILD_CLEARTID)
		task->clear_child_tid = clone->child_tid;
	if (flags & CLONE_CHILD_SETTID)
		task->set_child_tid = clone->child_tid;
	return flags & CLONE_SETTLS ? user_set_thread_pointer(task, clone->tls) : 0;
}

/* Instead of task_start, for a thread that there is no pid for: it ends. */
static int end_at_once(void *arg)
{
	return 0;
}

/* A thread that will go back to user mode as the running one, with 0 as the call's result. */
static void copy_frame(struct thread *thread, const struct clone *clone)
{
	struct trap_frame *frame = user_frame(thread);

	user_frame_copy(frame, user_frame(current_thread()));
	user_frame_set_result(frame, 0);
	if (clone->stack)
		user_frame_set_sp(frame, clone->stack);
}

/* Links a new task, and its process if it has none yet. Masked. */
static void link_task(struct task *task, struct thread *thread, struct pid *pid)
{
	struct process *process = task->process, *parent = current_process();

	thread->task = task;
	thread->tid = pid->number;
	task->thread = thread;
	task->tid = pid->number;
	task->id = pid;
	pid_set_task(pid, task);
	list_add_tail(&process->tasks, &task->link);
	process->task_count++;
	task_count++;
	thread->pid = process->pid;
	if (process == parent)
		return;
	pid->process = process;
	pid->uses++;
	process->pid = thread->pid = pid->number;
	pid_join(process, parent->group, parent->session);
	list_add_tail(&parent->children, &process->sibling);
	process_count++;
}

/* Makes the prepared task run. Its tid, or -errno and nothing has happened. The new thread is ready from the
 * beginning, but does not run before the scheduler is released. */
static long start_task(struct task *task, const struct clone *clone)
{
	struct thread *self = current_thread(), *thread;
	struct pid *pid;
	int tid;

	sched_hold();
	/* Whoever ends this task, or is about to (exec), counts on there being no new ones. */
	if (unlikely(self->work & WORK_EXIT)) {
		sched_release();
		return -EINTR;
	}
	thread = thread_create(task_start, NULL, task->process->name, self->base_priority);
	if (unlikely(!thread)) {
		sched_release();
		return -EAGAIN;
	}
	thread->detached = true;
	thread->work = self->work & WORK_TRACE;
	thread_set_files(thread, task->process->files);
	thread->space = task->process->space;
	copy_frame(thread, clone);
	irq_disable();
	pid = pid_take();
	if (likely(pid))
		link_task(task, thread, pid);
	else
		thread->entry = end_at_once;
	irq_enable();
	if (unlikely(!pid)) {
		thread->work = 0;
		sched_release();
		return -EAGAIN;
	}
	tid = task->tid;
	if (clone->flags & CLONE_PARENT_SETTID)
		user_store_u32(clone->parent_tid, (uint32_t)tid);
	sched_release();
	return tid;
}

static long clone_task(const struct clone *clone)
{
	struct task *self = current_task();
	struct task *task;
	long tid;

	task = task_new(self->process, self);
	if (!task)
		return -ENOMEM;
	file_table_get(self->process->files); /* it counts tasks */
	tid = prepare_task(task, clone);
	if (!tid)
		tid = start_task(task, clone);
	if (tid < 0) {
		file_table_put(self->process->files);
		task_free(task);
	}
	return tid;
}

/* What a child process has from its parent. 0 or -ENOMEM; the caller frees what there is. */
static int inherit(struct process *child, struct process *parent, unsigned long flags)
{
	uintptr_t sp = user_frame_sp(user_frame(current_thread()));

	child->space = flags & CLONE_VM ? space_get(parent->space) : space_fork(parent->space, sp);
	if (!child->space)
		return -ENOMEM;
	child->files = flags & CLONE_FILES ? file_table_get(parent->files)
					   : file_table_copy(parent->files);
	if (!child->files)
		return -ENOMEM;
	child->actions = signal_actions_get(parent);
	child->ignored = parent->ignored;
	child->caught = parent->caught;
	child->exit_signal = flags & CSIGNAL;
	child->parent = parent;
	child->parent_pid = parent->pid;
	child->umask = parent->umask;
	memcpy(child->name, parent->name, sizeof(child->name));
	return 0;
}

static bool child_has_left(const struct task *self)
{
	return !self->vfork_child;
}

/* The child uses the caller's space until it executes another program or ends. A caller that is to end
 * itself does not wait for that. */
static void wait_for_child(struct task *self)
{
	task_wait_firmly(&self->vfork_done, child_has_left);
	irq_disable();
	if (self->vfork_child)
		self->vfork_child->vfork_parent = NULL;
	self->vfork_child = NULL;
	irq_enable();
}

void process_leave_parent(struct process *process)
{
	unsigned long flags = irq_save();
	struct task *parent = process->vfork_parent;

	if (parent) {
		process->vfork_parent = NULL;
		parent->vfork_child = NULL;
		wait_wake_one(&parent->vfork_done, 0);
	}
	wait_unlock(flags);
}

static long clone_process(const struct clone *clone)
{
	struct task *self = current_task();
	struct process *child = process_new();
	struct task *task = NULL;
	long pid;

	if (!child)
		return -ENOMEM;
	pid = inherit(child, self->process, clone->flags);
	if (pid)
		goto failed;
	task = task_new(child, self);
	pid = task ? prepare_task(task, clone) : -ENOMEM;
	if (pid)
		goto failed;
	if (clone->flags & CLONE_VFORK) {
		child->vfork_parent = self;
		self->vfork_child = child;
	}
	pid = start_task(task, clone);
	if (pid < 0)
		goto failed;
	if (clone->flags & CLONE_VFORK)
		wait_for_child(self);
	return pid;

failed:
	self->vfork_child = NULL;
	if (task)
		task_free(task);
	process_free(child);
	return pid;
}

long sys_clone(unsigned long flags, unsigned long stack, unsigned long parent_tid,
	       unsigned long child_tid, unsigned long tls)
{
	struct clone clone = { flags, stack, parent_tid, child_tid, tls };

	if (!makes_sense(flags))
		return -EINVAL;
	if (unlikely(pid_none_is_left()))
		return -EAGAIN; /* without having copied anything */
	return flags & CLONE_THREAD ? clone_task(&clone) : clone_process(&clone);
}

long sys_clone_tls_first(unsigned long flags, unsigned long stack, unsigned long parent_tid,
			 unsigned long tls, unsigned long child_tid)
{
	return sys_clone(flags, stack, parent_tid, child_tid, tls);
}

long sys_fork(void)
{
	return sys_clone(SIGCHLD, 0, 0, 0, 0);
}

long sys_vfork(void)
{
	return sys_clone(CLONE_VM | CLONE_VFORK | SIGCHLD, 0, 0, 0, 0);
}

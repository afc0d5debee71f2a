// SPDX-License-Identifier: MIT
/*
 * wait4. The children of a process that have ended stand in a list of their own, so waiting for any
 * of them takes the first; one by number is found through the table of pids. Only a group, and
 * stopped children, are searched for. Who finds nothing sleeps until any child changes, and looks
 * again: several tasks may wait, for different children.
 */
#include <tessera/resource.h>
#include <tessera/sched.h>
#include <tessera/string.h>
#include <tessera/system_calls.h>
#include <tessera/user_copy.h>
#include <tessera/wait_status.h>

#include "life.h"
#include "pid.h"
#include "usage.h"

#define WAIT_OPTIONS (WNOHANG | WUNTRACED | WCONTINUED | __WNOTHREAD | __WALL | __WCLONE)

/* Which children: pid as wait4 has it, with 0 turned into minus the caller's group. */
static bool is_meant(const struct process *child, int pid)
{
	return pid == -1 || (pid > 0 ? child->pid == pid : child->group == -pid);
}

static struct process *first_meant(struct list_node *list, int pid)
{
	list_for_each(node, list) {
		struct process *child = list_entry(node, struct process, sibling);

		if (is_meant(child, pid))
			return child;
	}
	return NULL;
}

/* A child that has ended; NULL: none yet. *exists: there is one that may. Masked. */
static struct process *find_ended(struct process *self, int pid, bool *exists)
{
	struct process *child;

	if (pid > 0) {
		child = process_by_pid(pid);
		*exists = child && child->parent == self;
		return *exists && child->ended ? child : NULL;
	}
	child = first_meant(&self->ended_children, pid);
	*exists = child || first_meant(&self->children, pid);
	return child;
}

/* A child that has stopped, or goes on, and nobody was told; its status. 0: none. Masked. */
static int take_stopped(struct process *self, int pid, unsigned options, int *status)
{
	list_for_each(node, &self->children) {
		struct process *child = list_entry(node, struct process, sibling);

		if (!is_meant(child, pid))
			continue;
		if (options & WUNTRACED && child->report_stop) {
			child->report_stop = false;
			*status = W_STOPPED(child->stop_signal);
			return child->pid;
		}
		if (options & WCONTINUED && child->report_continue) {
			child->report_continue = false;
			*status = W_CONTINUED;
			return child->pid;
		}
	}
	return 0;
}

static long take_ended(struct process *self, struct process *child, int *status,
		       struct rusage *usage)
{
	int pid = child->pid;

	/* Nobody else is to find it from here on. */
	list_remove(&child->sibling);
	list_init(&child->sibling);
	child->parent = NULL;
	self->children_run_time += child->run_time + child->children_run_time;
	irq_enable();
	*status = child->status;
	usage_fill(usage, child->run_time + child->children_run_time);
	process_reap(child);
	return pid;
}

/* The pid of a child with its status and use, 0 with WNOHANG, or -errno. */
static long wait_for_child(int pid, unsigned options, int *status, struct rusage *usage)
{
	struct process *self = current_process();

	for (;;) {
		struct process *child;
		bool exists;
		long result;

		irq_disable();
		child = find_ended(self, pid, &exists);
		if (child)
			return take_ended(self, child, status, usage);
		result = exists ? 0 : -ECHILD;
		if (exists && options & (WUNTRACED | WCONTINUED)) {
			memset(usage, 0, sizeof(*usage));
			result = take_stopped(self, pid, options, status);
		}
		if (result || options & WNOHANG) {
			irq_enable();
			return result;
		}
		if (wait_block(&self->child_changed, FOREVER) < 0)
			return -ERESTART;
	}
}

long sys_wait4(unsigned long pid, unsigned long user_status, unsigned long options,
	       unsigned long user_usage)
{
	struct rusage usage;
	int status = 0;
	long result;

	if (options & ~(unsigned long)WAIT_OPTIONS)
		return -EINVAL;
	if ((int)pid == INT32_MIN)
		return -ESRCH;
	result = wait_for_child((int)pid ? (int)pid : -current_process()->group, (unsigned)options,
				&status, &usage);
	if (result <= 0)
		return result;
	if (user_status && user_store_u32(user_status, (uint32_t)status))
		return -EFAULT;
	if (user_usage && copy_to_user(user_usage, &usage, sizeof(usage)))
		return -EFAULT;
	return result;
}

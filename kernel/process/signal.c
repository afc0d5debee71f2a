// SPDX-License-Identifier: MIT
/*
 * Signals: sending them, and the sets that they wait in.
 *
 * A signal is a bit, pending to a process as a whole or to one task; a second one of the same number
 * before the first is taken changes nothing (real-time signals do not queue either). Whoever sends
 * one that somebody can take sets WORK_SIGNAL and `killed` in that task's thread and ends its wait:
 * all blocking calls then come back with -EINTR, and on the way to user mode the signal is taken
 * (deliver.c). So `killed` means "interrupted" in a task, and signal_update is the one place
 * that works out whether it holds.
 *
 * A signal that ends the process does so at once: the sender sets WORK_EXIT in all tasks. Everything
 * here is done with interrupts masked, because the console sends signals from its interrupt; it costs
 * O(1), or O(tasks) where all must end or several block the signal.
 */
#include <tessera/sched.h>
#include <tessera/wait_status.h>

#include "life.h"
#include "pid.h"
#include "signal.h"

const struct signal_origin signal_from_kernel = { 0, SI_KERNEL, 0 };

/* Who sends, when a task does: kill. */
static struct signal_origin origin_here(void)
{
	struct task *self = current_task();

	if (!self || this_cpu()->irq_depth)
		return signal_from_kernel;
	return (struct signal_origin){ self->process->pid, SI_USER, 0 };
}

static bool does_nothing(const struct process *process, int signal)
{
	uint64_t bit = SIGNAL_BIT(signal);

	if (bit & process->ignored)
		return true;
	if (bit & process->caught)
		return false;
	/* Init dies only of what it does itself. */
	return bit & SIGNALS_QUIET || process->pid == 1;
}

static bool ends_process(const struct process *process, int signal)
{
	return !(SIGNAL_BIT(signal) &
		 (process->ignored | process->caught | SIGNALS_QUIET | SIGNALS_STOP)) &&
	       process->pid != 1;
}

static bool has_blocked(const struct process *process, const struct task *only, uint64_t bit)
{
	if (only)
		return (only->blocked | only->awaited) & bit;
	list_for_each(node, &process->tasks) {
		const struct task *task = list_entry(node, struct task, link);

		if ((task->blocked | task->awaited) & bit)
			return true;
	}
	return false;
}

/* The task that is to take a signal; NULL: all have it blocked. The running one goes first. */
static struct task *find_taker(struct process *process, struct task *only, uint64_t bit)
{
	struct task *self = current_task();

	if (only)
		return only->blocked & bit ? NULL : only;
	if (self && self->process == process && !(self->blocked & bit))
		return self;
	list_for_each(node, &process->tasks) {
		struct task *task = list_entry(node, struct task, link);

		if (!(task->blocked & bit))
			return task;
	}
	return NULL;
}

static void interrupt(struct task *task)
{
	struct thread *thread = task->thread;

	thread->work |= WORK_SIGNAL;
	thread->killed = true;
	if (thread_is_blocked(thread))
		wait_wake(thread, -EINTR, false);
}

static void forget(struct process *process, uint64_t signals)
{
	process->pending.set &= ~signals;
	list_for_each(node, &process->tasks)
		list_entry(node, struct task, link)->pending.set &= ~signals;
}

static void end_process(struct process *process, int signal)
{
	if (process->ending)
		return;
	process->ending = true;
	process->status = signal;
	process_end_tasks(process, NULL);
}

static void send(struct process *process, struct task *only, int signal,
		 const struct signal_origin *origin)
{
	uint64_t bit = SIGNAL_BIT(signal);
	struct pending_signals *pending = only ? &only->pending : &process->pending;
	struct task *taker;

	if (process->ended || process->ending)
		return;
	if (bit & SIGNALS_STOP) {
		forget(process, SIGNAL_BIT(SIGCONT));
	} else if (signal == SIGCONT) {
		forget(process, SIGNALS_STOP);
		process_continue(process);
	}
	if (does_nothing(process, signal) && !has_blocked(process, only, bit))
		return;
	taker = find_taker(process, only, bit);
	if (taker && ends_process(process, signal) && !(taker->awaited & bit)) {
		end_process(process, signal);
		return;
	}
	pending->set |= bit;
	pending->from[signal - 1] = *origin;
	if (taker)
		interrupt(taker);
}

void signal_send(struct process *process, struct task *task, int signal,
		 const struct signal_origin *origin)
{
	unsigned long flags = irq_save();

	send(process, task, signal, origin);
	wait_unlock(flags);
}

void signal_process(struct process *process, int signal)
{
	struct signal_origin origin = origin_here();

	signal_send(process, NULL, signal, &origin);
}

void signal_task(struct task *task, int signal)
{
	struct signal_origin origin = origin_here();

	signal_send(task->process, task, signal, &origin);
}

int signal_group(int group, int signal)
{
	struct signal_origin origin = origin_here();
	unsigned long flags = irq_save();
	struct pid *pid = pid_find(group);
	int result = -ESRCH;

	if (pid) {
		list_for_each(node, &pid->group) {
			send(list_entry(node, struct process, group_link), NULL, signal, &origin);
			result = 0;
		}
	}
	wait_unlock(flags);
	return result;
}

void signal_update(struct task *task)
{
	struct thread *thread = task->thread;

	if (thread->work & WORK_EXIT)
		return;
	if (signals_due(task) || task->process->stopped) {
		thread->work |= WORK_SIGNAL;
		thread->killed = true;
	} else {
		thread->work &= (uint8_t)~WORK_SIGNAL;
		thread->killed = false;
	}
}

void signal_set_blocked(struct task *task, uint64_t blocked)
{
	unsigned long flags = irq_save();

	task->blocked = blocked & ~SIGNALS_FIRM;
	signal_update(task);
	irq_restore(flags);
}

static int take_from(struct pending_signals *pending, uint64_t among, struct signal_origin *origin)
{
	uint64_t set = pending->set & among;
	int signal;

	if (!set)
		return 0;
	signal = __builtin_ctzll(set) + 1;
	pending->set &= ~SIGNAL_BIT(signal);
	*origin = pending->from[signal - 1];
	return signal;
}

int signal_take(struct task *task, uint64_t among, struct signal_origin *origin)
{
	int signal = take_from(&task->pending, among, origin);

	return signal ? signal : take_from(&task->process->pending, among, origin);
}

void signal_force(int signal, int code, uintptr_t address)
{
	struct task *self = current_task();
	struct signal_origin origin = { 0, (int16_t)code, 0 };
	uint64_t bit = SIGNAL_BIT(signal);

	self->fault_address = address;
	irq_disable();
	if (bit & self->process->caught && !(bit & self->blocked)) {
		send(self->process, self, signal, &origin);
	} else if (!self->process->ending) {
		/* Init too: the instruction would fault again for ever. */
		end_process(self->process, signal);
	}
	sched_unlock_enable();
}

bool signal_is_caught(int signal)
{
	struct task *self = current_task();

	return SIGNAL_BIT(signal) & self->process->caught & ~self->blocked;
}

bool signal_is_unwanted(int signal)
{
	struct task *self = current_task();

	return SIGNAL_BIT(signal) & (self->blocked | self->process->ignored);
}

/* ---- Stopping ---- */

void process_stop(struct process *process, int signal)
{
	irq_disable();
	if (!process->ending && !process->stopped) {
		struct process *parent = process->parent;
		bool quiet = !parent || (parent->actions &&
					 parent->actions->of[SIGCHLD - 1].flags & SA_NOCLDSTOP);

		process->stopped = true;
		process->stop_signal = (uint8_t)signal;
		process->report_stop = true;
		process->report_continue = false;
		list_for_each(node, &process->tasks)
			interrupt(list_entry(node, struct task, link));
		if (parent)
			process_tell_parent(process, quiet ? 0 : SIGCHLD, CLD_STOPPED, signal);
	}
	sched_unlock_enable();
}

void process_continue(struct process *process)
{
	if (!process->stopped)
		return;
	process->stopped = false;
	process->report_stop = false;
	process->report_continue = true;
	wait_wake_all(&process->continued, 0, 0);
	if (process->parent)
		process_tell_parent(process, SIGCHLD, CLD_CONTINUED, SIGCONT);
}

void task_wait_while_stopped(struct task *task)
{
	struct process *process = task->process;

	irq_disable();
	while (process->stopped && !(task->thread->work & WORK_EXIT)) {
		task->thread->killed = false;
		wait_block(&process->continued, FOREVER);
		irq_disable();
	}
	signal_update(task);
	irq_enable();
}

// SPDX-License-Identifier: MIT
/*
 * The way back to user mode when it is not straight: a switch that is due, the end of the task,
 * signals, traces. A system call that a signal interrupted gave -ERESTART...: whether it is made
 * again or gives -EINTR is decided here, by the first signal that has a handler, or by there being
 * none. A frame for each handler is put on the user's stack, so several run one inside the
 * other, each with the mask that was before it.
 */
#include <tessera/sched.h>
#include <tessera/system_calls.h>
#include <tessera/wait_status.h>

#include "life.h"
#include "signal.h"
#include "trace.h"

/* What to do about an interrupted call. */
static bool is_restart(long result)
{
	return result == -ERESTART || result == -ERESTART_NO_HANDLER;
}

/* Tessera's own calls give the result of an untimed wait as it is: ipc/user_ipc.h says why. */
static long call_result(const struct trap_frame *frame)
{
	long result = user_frame_result(frame);

	return result == -EINTR && user_frame_system_call(frame) >= TESSERA_CALLS ? -ERESTART
										  : result;
}

static void finish_call(struct trap_frame *frame, const struct signal_action *action)
{
	long result;

	if (user_frame_system_call(frame) < 0)
		return;
	result = call_result(frame);
	if (!is_restart(result))
		return;
	if (!action || (result == -ERESTART && action->flags & SA_RESTART)) {
		user_frame_restart(frame);
	} else {
		user_frame_set_result(frame, -EINTR);
		current_task()->sleep_until = 0;
	}
}

static void use_stack(struct signal_delivery *delivery, const struct task *task,
		      struct trap_frame *frame)
{
	uintptr_t sp = user_frame_sp(frame);
	bool on_it = sp - task->signal_stack < task->signal_stack_size;

	delivery->old_stack = task->signal_stack;
	delivery->old_stack_size = task->signal_stack_size;
	delivery->stack = delivery->stack_size = 0;
	if (delivery->flags & SA_ONSTACK && task->signal_stack_size && !on_it) {
		delivery->stack = task->signal_stack;
		delivery->stack_size = task->signal_stack_size;
	}
}

/* Whether it came from an instruction of the task itself, and not from kill. */
static bool is_fault(int signal, const struct signal_origin *origin)
{
	const uint64_t faults = SIGNAL_BIT(SIGSEGV) | SIGNAL_BIT(SIGBUS) | SIGNAL_BIT(SIGILL) |
				SIGNAL_BIT(SIGFPE) | SIGNAL_BIT(SIGTRAP);

	return SIGNAL_BIT(signal) & faults && origin->code > 0;
}

/* Lets the handler run next. */
static void call_handler(struct trap_frame *frame, int signal, const struct signal_origin *origin)
{
	struct task *task = current_task();
	struct process *process = task->process;
	struct signal_action *shared = &process->actions->of[signal - 1];
	struct signal_action action = *shared;
	struct signal_delivery delivery = {
		.signal = signal,
		.handler = action.handler,
		.restorer = action.restorer,
		.flags = action.flags,
		.mask = task->restore_blocked ? task->saved_blocked : task->blocked,
		.code = origin->code,
		.sender = origin->sender,
		.status = origin->status,
		.address = is_fault(signal, origin) ? task->fault_address : 0,
	};

	finish_call(frame, &action);
	task->restore_blocked = false;
	use_stack(&delivery, task, frame);
	if (signal_frame_push(frame, &delivery)) {
		/* No stack to run on: as if SIGSEGV had no handler. */
		process_exit(SIGSEGV);
	}
	if (action.flags & SA_RESETHAND)
		process->caught &= ~SIGNAL_BIT(signal);
	if (!(action.flags & SA_NODEFER))
		action.mask |= SIGNAL_BIT(signal);
	signal_set_blocked(task, task->blocked | action.mask);
}

/* Does what a signal asks for. */
static void act(struct trap_frame *frame, int signal, const struct signal_origin *origin)
{
	struct process *process = current_process();
	uint64_t bit = SIGNAL_BIT(signal);

	if (bit & process->ignored)
		return;
	if (bit & process->caught)
		call_handler(frame, signal, origin);
	else if (process->pid == 1 || bit & SIGNALS_QUIET)
		return;
	else if (bit & SIGNALS_STOP)
		process_stop(process, signal);
	else
		process_exit(signal);
}

static void take_signals(struct trap_frame *frame)
{
	struct task *task = current_task();
	struct signal_origin origin;
	int signal;

	for (;;) {
		if (unlikely(task->process->stopped))
			task_wait_while_stopped(task);
		if (task_is_ending())
			task_exit();
		irq_disable();
		signal = signal_take(task, ~task->blocked, &origin);
		if (!signal)
			break;
		irq_enable();
		act(frame, signal, &origin);
	}
	/* Still masked. */
	if (task->restore_blocked) {
		task->restore_blocked = false;
		task->blocked = task->saved_blocked;
	}
	signal_update(task);
	irq_enable();
}

void user_exit_work(struct trap_frame *frame)
{
	struct thread *thread = current_thread();

	if (IS_ENABLED(CONFIG_USER_TRACE) && thread->work & WORK_TRACE)
		trace_result(frame);
	for (;;) {
		if (thread->work & WORK_SWITCH)
			sched_preempt_check();
		while (thread->work & (WORK_SIGNAL | WORK_EXIT))
			take_signals(frame);
		/* What was interrupted, and no handler has seen to. */
		finish_call(frame, NULL);
		irq_disable();
		if (likely(!(thread->work & ~WORK_TRACE)))
			return;
		irq_enable();
	}
}

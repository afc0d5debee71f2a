// SPDX-License-Identifier: MIT
/*
 * The calls about signals. Sets in user memory are words of a long, lowest signals first, in as many
 * bytes as the architecture's ABI has (MIPS: twice as many as there are signals); in the
 * kernel they are 64 bits.
 *
 * The table of actions is shared after fork, and copied by whoever changes it next; a process that
 * never set one has none.
 */
#include <tessera/kmalloc.h>
#include <tessera/sched.h>
#include <tessera/string.h>
#include <tessera/system_calls.h>
#include <tessera/time.h>
#include <tessera/user_copy.h>

#include "life.h"
#include "pid.h"
#include "signal.h"
#include "user_time.h"

static void set_from_words(uint64_t *set, const unsigned long *words)
{
	*set = 0;
	for (unsigned i = 0; i < sizeof(*set) / sizeof(long); i++)
		*set |= (uint64_t)words[i] << (i * 8 * sizeof(long));
}

static void set_to_words(unsigned long *words, uint64_t set)
{
	memset(words, 0, SIGNAL_SET_SIZE);
	for (unsigned i = 0; i < sizeof(set) / sizeof(long); i++)
		words[i] = (unsigned long)(set >> (i * 8 * sizeof(long)));
}

int signal_set_load(uint64_t *set, uintptr_t user)
{
	unsigned long words[SIGNAL_SET_WORDS];

	if (copy_from_user(words, user, sizeof(words)))
		return -EFAULT;
	set_from_words(set, words);
	return 0;
}

int signal_set_store(uintptr_t user, uint64_t set)
{
	unsigned long words[SIGNAL_SET_WORDS];

	set_to_words(words, set);
	return copy_to_user(user, words, sizeof(words));
}

/* ---- Actions ---- */

struct signal_actions *signal_actions_get(struct process *process)
{
	struct signal_actions *actions;

	sched_hold(); /* another task may be replacing them */
	actions = process->actions;
	if (actions)
		actions->users++;
	sched_release();
	return actions;
}

void signal_actions_put(struct signal_actions *actions)
{
	unsigned users;

	sched_hold();
	users = --actions->users;
	sched_release();
	if (!users)
		kfree(actions);
}

void signal_actions_exec(struct process *process)
{
	struct signal_actions *actions = process->actions;

	process->caught = 0;
	process->actions = NULL;
	if (actions)
		signal_actions_put(actions);
}

/* The process's own table, to be changed. NULL: no memory. The scheduler is held. */
static struct signal_actions *own_actions(struct process *process)
{
	struct signal_actions *actions = process->actions, *own;

	if (actions && actions->users == 1)
		return actions;
	own = kmalloc(sizeof(*own));
	if (!own)
		return NULL;
	if (actions) {
		memcpy(own, actions, sizeof(*own));
		actions->users--;
	} else {
		memset(own, 0, sizeof(*own));
	}
	own->users = 1;
	process->actions = own;
	return own;
}

static int load_action(struct signal_action *action, uintptr_t user)
{
	struct kernel_sigaction from;

	if (copy_from_user(&from, user, sizeof(from)))
		return -EFAULT;
	action->handler = from.handler;
	action->flags = from.flags;
	action->restorer = 0;
#ifdef KERNEL_SIGACTION_RESTORER
	if (from.flags & SA_RESTORER)
		action->restorer = from.restorer;
#endif
	set_from_words(&action->mask, from.mask);
	action->mask &= ~SIGNALS_FIRM;
	return 0;
}

static int store_action(uintptr_t user, const struct signal_action *action)
{
	struct kernel_sigaction to;

	memset(&to, 0, sizeof(to));
	to.handler = action->handler;
	to.flags = (__typeof__(to.flags))action->flags;
#ifdef KERNEL_SIGACTION_RESTORER
	to.restorer = action->restorer;
#endif
	set_to_words(to.mask, action->mask);
	return copy_to_user(user, &to, sizeof(to));
}

/* What a signal does now, as rt_sigaction tells it. */
static struct signal_action present_action(const struct process *process, int signal)
{
	struct signal_action action = { .handler = SIG_DFL };

	if (process->actions)
		action = process->actions->of[signal - 1];
	if (process->ignored & SIGNAL_BIT(signal))
		action.handler = SIG_IGN;
	else if (!(process->caught & SIGNAL_BIT(signal)))
		action.handler = SIG_DFL;
	return action;
}

/* The scheduler is held. */
static int set_action(struct process *process, int signal, const struct signal_action *action)
{
	struct signal_actions *actions = own_actions(process);
	uint64_t bit = SIGNAL_BIT(signal);
	unsigned long flags;

	if (!actions)
		return -ENOMEM;
	flags = irq_save();
	actions->of[signal - 1] = *action;
	process->ignored &= ~bit;
	process->caught &= ~bit;
	if (action->handler == SIG_IGN)
		process->ignored |= bit;
	else if (action->handler != SIG_DFL)
		process->caught |= bit;
	/* What is pending and would do nothing any more is gone. */
	if (process->ignored & bit || (!(process->caught & bit) && bit & SIGNALS_QUIET)) {
		process->pending.set &= ~bit;
		list_for_each(node, &process->tasks)
			list_entry(node, struct task, link)->pending.set &= ~bit;
	}
	irq_restore(flags);
	return 0;
}

long sys_rt_sigaction(unsigned long signal, unsigned long user_action, unsigned long old,
		      unsigned long size)
{
	struct process *process = current_process();
	struct signal_action action, before;
	int error = 0;

	if (size != SIGNAL_SET_SIZE || signal < 1 || signal > SIGNALS ||
	    (user_action && SIGNAL_BIT(signal) & SIGNALS_FIRM))
		return -EINVAL;
	if (user_action && load_action(&action, user_action))
		return -EFAULT;
	sched_hold();
	before = present_action(process, (int)signal);
	if (user_action)
		error = set_action(process, (int)signal, &action);
	sched_release();
	if (error)
		return error;
	return old ? store_action(old, &before) : 0;
}

/* ---- Masks ---- */

long sys_rt_sigprocmask(unsigned long how, unsigned long user_set, unsigned long old,
			unsigned long size)
{
	struct task *self = current_task();
	uint64_t before = self->blocked, set;

	if (size != SIGNAL_SET_SIZE)
		return -EINVAL;
	if (user_set) {
		if (signal_set_load(&set, user_set))
			return -EFAULT;
		if (how == SIG_BLOCK)
			set = before | set;
		else if (how == SIG_UNBLOCK)
			set = before & ~set;
		else if (how != SIG_SETMASK)
			return -EINVAL;
		signal_set_blocked(self, set);
	}
	return old ? signal_set_store(old, before) : 0;
}

long sys_rt_sigpending(unsigned long user_set, unsigned long size)
{
	struct task *self = current_task();

	if (size != SIGNAL_SET_SIZE)
		return -EINVAL;
	return signal_set_store(user_set,
				(self->pending.set | self->process->pending.set) & self->blocked);
}

int signal_block_during_call(uintptr_t user_set, size_t size)
{
	struct task *self = current_task();
	uint64_t set;

	if (size != SIGNAL_SET_SIZE)
		return -EINVAL;
	if (signal_set_load(&set, user_set))
		return -EFAULT;
	irq_disable();
	self->saved_blocked = self->blocked;
	self->restore_blocked = true;
	signal_set_blocked(self, set);
	self->thread->work |= WORK_SIGNAL; /* whatever comes, the old set is to come back */
	irq_enable();
	return 0;
}

/* Sleeps until a signal is there to take: -EINTR; or -ETIMEDOUT. Masked; returns unmasked. */
static int sleep_masked(uint64_t timeout)
{
	struct wait_queue nobody = WAIT_QUEUE_INIT(nobody);

	return wait_block(&nobody, timeout);
}

static long wait_for_signal(void)
{
	irq_disable();
	sleep_masked(FOREVER);
	return -ERESTART_NO_HANDLER;
}

long sys_rt_sigsuspend(unsigned long set, unsigned long size)
{
	int error = signal_block_during_call(set, size);

	return error ? error : wait_for_signal();
}

long sys_pause(void)
{
	return wait_for_signal();
}

/* ---- Waiting for signals without handlers ---- */

/* One of the set; 0: none. Masked. */
static int take_awaited(struct task *self, uint64_t set, struct signal_origin *origin)
{
	int signal = signal_take(self, set, origin);

	if (signal)
		signal_update(self);
	return signal;
}

static int wait_for_any(struct task *self, uint64_t set, uint64_t timeout,
			struct signal_origin *origin)
{
	uint64_t blocked;
	int signal, result;

	set &= ~SIGNALS_FIRM;
	irq_disable();
	signal = take_awaited(self, set, origin);
	if (signal || !timeout) {
		irq_enable();
		return signal ? signal : -EAGAIN;
	}
	blocked = self->blocked;
	self->awaited = set;
	self->blocked &= ~set;
	result = sleep_masked(timeout);
	irq_disable();
	self->awaited = 0;
	self->blocked = blocked;
	signal = take_awaited(self, set, origin);
	signal_update(self);
	irq_enable();
	return signal ? signal : result == -EINTR ? -EINTR : -EAGAIN;
}

static int store_info(uintptr_t user, int signal, const struct signal_origin *origin)
{
	struct siginfo info;

	memset(&info, 0, sizeof(info));
	info.si_signo = signal;
	info.si_code = origin->code;
	info.si_pid = origin->sender;
	info.si_status = origin->status;
	return copy_to_user(user, &info, sizeof(info));
}

static long sigtimedwait(uintptr_t user_set, uintptr_t info, uint64_t timeout, size_t size)
{
	struct signal_origin origin;
	uint64_t set;
	int signal;

	if (size != SIGNAL_SET_SIZE)
		return -EINVAL;
	if (signal_set_load(&set, user_set))
		return -EFAULT;
	signal = wait_for_any(current_task(), set, timeout, &origin);
	if (signal > 0 && info && store_info(info, signal, &origin))
		return -EFAULT;
	return signal;
}

long sys_rt_sigtimedwait(unsigned long set, unsigned long info, unsigned long timeout,
			 unsigned long size)
{
	uint64_t time = FOREVER;
	int error = timeout ? user_time_load(&time, timeout) : 0;

	return error ? error : sigtimedwait(set, info, time, size);
}

long sys_rt_sigtimedwait_time32(unsigned long set, unsigned long info, unsigned long timeout,
				unsigned long size)
{
	uint64_t time = FOREVER;
	int error = timeout ? user_time32_load(&time, timeout) : 0;

	return error ? error : sigtimedwait(set, info, time, size);
}

/* ---- Coming back from handlers ---- */

static long sigreturn(void)
{
	struct task *self = current_task();
	struct trap_frame *frame = user_frame(self->thread);
	uint64_t mask;

	if (signal_frame_pop(frame, &mask)) {
		signal_force(SIGSEGV, SI_KERNEL, user_frame_sp(frame));
		return 0;
	}
	signal_set_blocked(self, mask);
	return user_frame_result(frame);
}

long sys_rt_sigreturn(void)
{
	return sigreturn();
}

long sys_sigreturn(void)
{
	return sigreturn();
}

long sys_sigaltstack(unsigned long user_stack, unsigned long old)
{
	struct task *self = current_task();
	uintptr_t sp = user_frame_sp(user_frame(self->thread));
	bool on_it = sp - self->signal_stack < self->signal_stack_size;
	struct sigaltstack stack, before;

	memset(&before, 0, sizeof(before));
	before.ss_sp = (void *)self->signal_stack;
	before.ss_size = self->signal_stack_size;
	before.ss_flags = !self->signal_stack_size ? SS_DISABLE : on_it ? SS_ONSTACK : 0;
	if (user_stack) {
		if (copy_from_user(&stack, user_stack, sizeof(stack)))
			return -EFAULT;
		if (on_it)
			return -EPERM;
		if (stack.ss_flags & ~(SS_DISABLE | SS_ONSTACK))
			return -EINVAL;
		if (stack.ss_flags & SS_DISABLE)
			stack.ss_size = 0;
		else if (stack.ss_size < MINSIGSTKSZ)
			return -ENOMEM;
		self->signal_stack = (uintptr_t)stack.ss_sp;
		self->signal_stack_size = stack.ss_size;
	}
	return old && copy_to_user(old, &before, sizeof(before)) ? -EFAULT : 0;
}

/* ---- Sending ---- */

struct broadcast {
	int signal;
	int sent;
};

static bool send_to_each(struct process *process, void *arg)
{
	struct broadcast *broadcast = arg;

	if (process->pid != 1 && process != current_process() && !process->ended) {
		broadcast->sent++;
		if (broadcast->signal)
			signal_process(process, broadcast->signal);
	}
	return true;
}

static long kill_all(int signal)
{
	struct broadcast broadcast = { signal, 0 };

	process_each(send_to_each, &broadcast);
	return broadcast.sent ? 0 : -ESRCH;
}

static long kill_group(int group, int signal)
{
	struct pid *pid;

	if (signal)
		return signal_group(group, signal);
	pid = pid_find(group);
	return pid && !list_empty(&pid->group) ? 0 : -ESRCH;
}

static long kill_process(int pid, int signal)
{
	struct process *process;
	long result = -ESRCH;

	sched_hold();
	process = process_by_pid(pid);
	if (process)
		result = signal ? signal_process(process, signal) : 0;
	sched_release();
	return result;
}

long sys_kill(unsigned long pid, unsigned long signal)
{
	int number = (int)pid;

	if (signal > SIGNALS)
		return -EINVAL;
	if (number > 0)
		return kill_process(number, (int)signal);
	if (number == -1)
		return kill_all((int)signal);
	if (number == INT32_MIN)
		return -ESRCH;
	return kill_group(number ? -number : current_process()->group, (int)signal);
}

static long kill_task(int group, int tid, unsigned long signal)
{
	struct signal_origin origin = { current_process()->pid, SI_TKILL, 0 };
	struct task *task;
	long result = -ESRCH;

	if (tid <= 0 || signal > SIGNALS)
		return -EINVAL;
	sched_hold();
	task = task_by_tid(tid);
	if (task && (!group || task->process->pid == group))
		result = signal ? signal_send(task->process, task, (int)signal, &origin) : 0;
	sched_release();
	return result;
}

long sys_tgkill(unsigned long group, unsigned long tid, unsigned long signal)
{
	return (int)group <= 0 ? -EINVAL : kill_task((int)group, (int)tid, signal);
}

long sys_tkill(unsigned long tid, unsigned long signal)
{
	return kill_task(0, (int)tid, signal);
}

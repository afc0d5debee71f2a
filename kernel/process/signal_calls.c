// SPDX-License-Identifier: MIT
/* The calls of a task about its own signals: masks, waiting, coming back from handlers, stacks for them. */
#include <tessera/sched.h>
#include <tessera/string.h>
#include <tessera/system_calls.h>
#include <tessera/user_copy.h>

#include "life.h"
#include "signal.h"
#include "user_time.h"

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

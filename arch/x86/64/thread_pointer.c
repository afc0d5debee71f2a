/* SPDX-License-Identifier: MIT */
/*
 * Where a program's FS and GS begin: the thread pointer of x86_64 is the base of FS, GS is free for
 * whatever a program likes. Both are set by system call only (CR4.FSGSBASE is off, so that the
 * kernel always knows them and need not read them back); switch.S loads FS for every task that runs,
 * and GS as soon as any program has asked for it, which few do.
 */
#include <asm/registers.h>
#include <asm/user.h>
#include <tessera/process.h>
#include <tessera/system_calls.h>
#include <tessera/user_copy.h>

#define ARCH_SET_GS 0x1001
#define ARCH_SET_FS 0x1002
#define ARCH_GET_FS 0x1003
#define ARCH_GET_GS 0x1004

/* Read by switch.S. */
bool user_gs_used;

void thread_pointer_init(struct user_context *context)
{
	context->fs_base = context->gs_base = 0;
}

void thread_pointer_fork(struct user_context *to, const struct user_context *from)
{
	to->fs_base = from->fs_base;
	to->gs_base = from->gs_base;
}

void thread_pointer_save(struct user_context *context)
{
	/* It is where it was set. */
}

void thread_pointer_load(const struct user_context *context)
{
	write_msr(MSR_FS_BASE, context->fs_base);
	if (user_gs_used)
		write_msr(MSR_GS_BASE, context->gs_base);
}

/* An address that is none would fault when it is loaded. */
static int set_base(struct task *task, uint64_t *base, unsigned long value)
{
	if (value >= USER_END)
		return -EPERM;
	*base = value;
	if (task == current_task())
		thread_pointer_load(&task->user);
	return 0;
}

int user_set_thread_pointer(struct task *task, unsigned long value)
{
	return set_base(task, &task->user.fs_base, value);
}

long sys_arch_prctl(unsigned long code, unsigned long value)
{
	struct task *self = current_task();

	switch (code) {
	case ARCH_SET_FS:
		return set_base(self, &self->user.fs_base, value);
	case ARCH_SET_GS:
		user_gs_used = true;
		return set_base(self, &self->user.gs_base, value);
	case ARCH_GET_FS:
		return user_store_word(value, self->user.fs_base);
	case ARCH_GET_GS:
		return user_store_word(value, self->user.gs_base);
	}
	return -EINVAL;
}

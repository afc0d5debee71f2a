/* SPDX-License-Identifier: MIT */
/* What the signal frames of both widths share. */
#ifndef X86_SIGNAL_FRAME_H
#define X86_SIGNAL_FRAME_H

#include <asm/user.h>
#include <tessera/process.h>
#include <tessera/signal.h>
#include <tessera/user_copy.h>

/* The flags that a program may set: AC OF DF TF SF ZF AF PF CF, and RF, as Linux has it. */
#define FLAGS_USER 0x50dd5

/* Whether the kernel tells of a fault, at an address; otherwise somebody sent the signal. */
static inline bool is_fault(const struct signal_delivery *delivery)
{
	switch (delivery->signal) {
	case SIGILL:
	case SIGTRAP:
	case SIGBUS:
	case SIGFPE:
	case SIGSEGV:
		return delivery->code > 0 && delivery->code < SI_KERNEL;
	}
	return false;
}

/* Of a cleared structure. */
static inline void signal_frame_info(struct siginfo *info, const struct signal_delivery *delivery)
{
	info->si_signo = delivery->signal;
	info->si_code = delivery->code;
	if (is_fault(delivery)) {
		info->si_addr = (void *)delivery->address;
	} else {
		info->si_pid = delivery->sender;
		info->si_status = delivery->status;
	}
}

static inline void signal_frame_stack(struct sigaltstack *stack, uintptr_t sp,
				      const struct signal_delivery *delivery)
{
	bool on_it = sp - delivery->old_stack < delivery->old_stack_size;

	stack->ss_sp = (void *)delivery->old_stack;
	stack->ss_size = delivery->old_stack_size;
	stack->ss_flags = !delivery->old_stack_size ? SS_DISABLE : on_it ? SS_ONSTACK : 0;
}

/* Loads the registers from what FXSAVE stored, or the program made of it. By way of the stack, because
 * the task's own place is overwritten whenever another thread runs meanwhile. 0 or -EFAULT. */
static inline int signal_frame_load_fpu(uintptr_t user)
{
	struct fpu_state state;

	if (copy_from_user(&state, user, sizeof(state)))
		return -EFAULT;
	state.words[FXSAVE_MXCSR] &= fpu_mxcsr_mask; /* other bits fault */
	fpu_load(&state);
	return 0;
}

#endif

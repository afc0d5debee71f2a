/* SPDX-License-Identifier: MIT */
/*
 * Signal frames, laid out as Linux does for o32, and the page that handlers return to.
 *
 * A handler returns to USER_TRAMPOLINE, in the kernel's window, where two instructions call
 * rt_sigreturn or sigreturn; so no stack needs to be executable. Unwinders know a signal's frame by
 * these very instructions, and find the registers at fixed places from the stack pointer.
 *
 * What comes back is a program's: any value is good for a register, because the status word is never
 * taken from there, and a wrong program counter only faults.
 */
#include <asm/user_copy.h>
#include <asm/user_page.h>
#include <tessera/address_space.h>
#include <tessera/process.h>
#include <tessera/signal.h>
#include <tessera/string.h>
#include <tessera/user_copy.h>

#include "user.h"

#define CALL_SIGRETURN	  4119
#define CALL_RT_SIGRETURN 4193

#define TRAMPOLINE_RT_SIGRETURN USER_TRAMPOLINE
#define TRAMPOLINE_SIGRETURN	(USER_TRAMPOLINE + 8)

#define LI_V0	0x24020000 /* addiu v0,zero,immediate */
#define SYSCALL 0x0000000c

struct sigcontext {
	uint32_t sc_regmask, sc_status; /* unused */
	uint64_t sc_pc;
	uint64_t sc_regs[32];
	uint64_t sc_fpregs[32]; /* the even ones: pairs, as Status.FR is 0 */
	uint32_t sc_acx;
	uint32_t sc_fpc_csr, sc_fpc_eir;
	uint32_t sc_used_math;
	uint32_t sc_dsp;
	uint64_t sc_mdhi, sc_mdlo;
	uint32_t sc_hi1, sc_lo1, sc_hi2, sc_lo2, sc_hi3, sc_lo3;
};

/* Both begin with room for the handler's arguments, and for what once was a trampoline. */
struct signal_frame {
	uint32_t arguments[4], unused[2];
	struct sigcontext context;
	uint32_t mask[4];
};

struct rt_signal_frame {
	uint32_t arguments[4], unused[2];
	struct siginfo info;
	uint32_t uc_flags, uc_link;
	struct sigaltstack uc_stack;
	struct sigcontext context;
	uint32_t mask[4];
};

_Static_assert(sizeof(struct siginfo) == 128, "Linux's siginfo");
_Static_assert(offsetof(struct signal_frame, context) == 24, "struct sigframe");
_Static_assert(offsetof(struct rt_signal_frame, uc_flags) == 24 + 128, "struct rt_sigframe");
_Static_assert(offsetof(struct rt_signal_frame, context) == 24 + 128 + 24, "struct ucontext");
_Static_assert(offsetof(struct sigcontext, sc_fpregs) == 272, "struct sigcontext");
_Static_assert(offsetof(struct sigcontext, sc_mdhi) == 552, "struct sigcontext");
_Static_assert(sizeof(struct sigcontext) == 592, "struct sigcontext");

void signal_init(void)
{
	const uint32_t code[] = {
		LI_V0 | CALL_RT_SIGRETURN,
		SYSCALL,
		LI_V0 | CALL_SIGRETURN,
		SYSCALL,
	};

	trampoline_set(code, sizeof(code));
}

static void context_fill(struct sigcontext *to, const struct trap_frame *frame,
			 struct user_context *context)
{
	to->sc_pc = frame->epc;
	for (unsigned i = 1; i < 32; i++)
		to->sc_regs[i] = frame->regs[i];
	/* These two are not the program's. */
	to->sc_regs[FRAME_CALL] = to->sc_regs[FRAME_CALL_A3] = 0;
	to->sc_mdhi = frame->hi;
	to->sc_mdlo = frame->lo;
	to->sc_used_math = context->fpu_used;
	if (!context->fpu_used)
		return;
	user_context_save(context);
	to->sc_fpc_csr = context->fpu_control;
	for (unsigned i = 0; i < FPU_REGISTERS; i++)
		to->sc_fpregs[2 * i] = context->fpu[i];
}

static void context_take(const struct sigcontext *from, struct trap_frame *frame,
			 struct user_context *context)
{
	frame->epc = (uint32_t)from->sc_pc;
	for (unsigned i = 1; i < 32; i++)
		frame->regs[i] = (uint32_t)from->sc_regs[i];
	frame->regs[FRAME_CALL] = NOT_A_CALL;
	frame->hi = (uint32_t)from->sc_mdhi;
	frame->lo = (uint32_t)from->sc_mdlo;
	if (!from->sc_used_math)
		return;
	context->fpu_used = true;
	context->fpu_control = from->sc_fpc_csr;
	for (unsigned i = 0; i < FPU_REGISTERS; i++)
		context->fpu[i] = from->sc_fpregs[2 * i];
	user_context_load(context);
}

/* The handler's frame: `size` bytes below what is used of the stack. */
static uintptr_t frame_place(const struct trap_frame *frame, const struct signal_delivery *delivery,
			     size_t size)
{
	uintptr_t top =
		delivery->stack_size ? delivery->stack + delivery->stack_size : frame->regs[REG_SP];

	return ALIGN_DOWN(top - size, 8);
}

static void call_handler(struct trap_frame *frame, const struct signal_delivery *delivery,
			 uintptr_t at, uintptr_t restorer)
{
	frame->regs[REG_A0] = (uint32_t)delivery->signal;
	frame->regs[REG_SP] = at;
	frame->regs[REG_RA] = restorer;
	frame->regs[REG_T9] = delivery->handler;
	frame->epc = delivery->handler;
	frame->regs[FRAME_CALL] = NOT_A_CALL;
}

static int push_plain(struct trap_frame *frame, const struct signal_delivery *delivery)
{
	struct signal_frame signal;
	uintptr_t at = frame_place(frame, delivery, sizeof(signal));

	memset(&signal, 0, sizeof(signal));
	context_fill(&signal.context, frame, &current_task()->user);
	signal.mask[0] = (uint32_t)delivery->mask;
	signal.mask[1] = (uint32_t)(delivery->mask >> 32);
	if (copy_to_user(at, &signal, sizeof(signal)))
		return -EFAULT;
	call_handler(frame, delivery, at, TRAMPOLINE_SIGRETURN);
	frame->regs[REG_A0 + 1] = 0;
	frame->regs[REG_A0 + 2] = at + offsetof(struct signal_frame, context);
	return 0;
}

static int push_rt(struct trap_frame *frame, const struct signal_delivery *delivery)
{
	struct rt_signal_frame signal;
	uintptr_t at = frame_place(frame, delivery, sizeof(signal));

	memset(&signal, 0, sizeof(signal));
	signal.info.si_signo = delivery->signal;
	signal.info.si_code = delivery->code;
	if (delivery->address) {
		signal.info.si_addr = (void *)delivery->address;
	} else {
		signal.info.si_pid = delivery->sender;
		signal.info.si_status = delivery->status;
	}
	signal.uc_stack.ss_sp = (void *)delivery->old_stack;
	signal.uc_stack.ss_size = delivery->old_stack_size;
	signal.uc_stack.ss_flags = delivery->old_stack_size ? 0 : SS_DISABLE;
	context_fill(&signal.context, frame, &current_task()->user);
	signal.mask[0] = (uint32_t)delivery->mask;
	signal.mask[1] = (uint32_t)(delivery->mask >> 32);
	if (copy_to_user(at, &signal, sizeof(signal)))
		return -EFAULT;
	call_handler(frame, delivery, at, TRAMPOLINE_RT_SIGRETURN);
	frame->regs[REG_A0 + 1] = at + offsetof(struct rt_signal_frame, info);
	frame->regs[REG_A0 + 2] = at + offsetof(struct rt_signal_frame, uc_flags);
	return 0;
}

int signal_frame_push(struct trap_frame *frame, const struct signal_delivery *delivery)
{
	return delivery->flags & SA_SIGINFO ? push_rt(frame, delivery)
					    : push_plain(frame, delivery);
}

int signal_frame_pop(struct trap_frame *frame, uint64_t *mask)
{
	uintptr_t at = frame->regs[REG_SP];
	size_t context_at = offsetof(struct rt_signal_frame, context);
	size_t mask_at = offsetof(struct rt_signal_frame, mask);
	struct sigcontext context;
	uint32_t words[2];

	if (frame->regs[FRAME_CALL] == CALL_SIGRETURN) {
		context_at = offsetof(struct signal_frame, context);
		mask_at = offsetof(struct signal_frame, mask);
	}
	if (copy_from_user(&context, at + context_at, sizeof(context)) ||
	    copy_from_user(words, at + mask_at, sizeof(words)))
		return -EFAULT;
	context_take(&context, frame, &current_task()->user);
	*mask = (uint64_t)words[1] << 32 | words[0];
	return 0;
}

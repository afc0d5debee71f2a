/* SPDX-License-Identifier: MIT */
/*
 * What a signal handler finds on its stack, x86_64: Linux's struct rt_sigframe, byte for byte, because
 * programs read and change it.
 *
 *	higher addresses
 *	...			the program's stack, 128 bytes below its pointer left alone (the ABI's
 *				red zone); or the alternate stack's end
 *	FPU state		512 bytes as FXSAVE has them, aligned to 16 (Linux: 64)
 *	struct frame		siginfo, ucontext and the return address; rsp + 8 is a multiple of 16,
 *				as behind a call
 *
 * The handler gets signal, &siginfo and &ucontext, an FPU in its initial state, and returns to the
 * program's restorer (SA_RESTORER; Linux wants it here too), which calls rt_sigreturn.
 *
 * rt_sigreturn believes nothing: segments are the program's only ones, of the flags only those that
 * a program may set are taken, MXCSR bits that the processor does not know are cleared (loading them
 * would fault), and an instruction pointer that is no address faults as the program's
 * (user_entry.S). Everything else is the program's own business.
 */
#include <asm/registers.h>
#include <tessera/string.h>

#include "../signal_frame.h"

#define RED_ZONE 128

/* Bits of uc_flags: `ss` below means something. */
#define UC_SIGCONTEXT_SS     0x2
#define UC_STRICT_RESTORE_SS 0x4

struct sigcontext {
	uint64_t r8, r9, r10, r11, r12, r13, r14, r15;
	uint64_t rdi, rsi, rbp, rbx, rdx, rax, rcx, rsp, rip;
	uint64_t rflags;
	uint16_t cs, gs, fs, ss;
	uint64_t error, vector, old_mask, cr2;
	uint64_t fpu; /* address of the FPU state; 0: none */
	uint64_t reserved[8];
};

struct ucontext {
	uint64_t flags, link;
	struct sigaltstack stack;
	struct sigcontext registers;
	uint64_t mask;
};

struct frame {
	uint64_t return_address;
	struct ucontext context;
	struct siginfo info;
};

_Static_assert(sizeof(struct sigcontext) == 256, "Linux, asm/sigcontext.h");
_Static_assert(sizeof(struct ucontext) == 304, "Linux, asm-generic/ucontext.h");
_Static_assert(sizeof(struct siginfo) == 128, "Linux, asm-generic/siginfo.h");

/* Both have these, under the same names. */
#define COPY_REGISTERS(to, from)     \
	do {                         \
		to->r8 = from->r8;   \
		to->r9 = from->r9;   \
		to->r10 = from->r10; \
		to->r11 = from->r11; \
		to->r12 = from->r12; \
		to->r13 = from->r13; \
		to->r14 = from->r14; \
		to->r15 = from->r15; \
		to->rdi = from->rdi; \
		to->rsi = from->rsi; \
		to->rbp = from->rbp; \
		to->rbx = from->rbx; \
		to->rdx = from->rdx; \
		to->rax = from->rax; \
		to->rcx = from->rcx; \
		to->rsp = from->rsp; \
		to->rip = from->rip; \
	} while (0)

static void save_registers(struct sigcontext *registers, const struct trap_frame *frame)
{
	COPY_REGISTERS(registers, frame);
	registers->rflags = frame->rflags;
	registers->cs = USER_CODE;
	registers->ss = USER_DATA;
	if (frame->vector < TRAPS) {
		registers->vector = frame->vector;
		registers->error = frame->error;
	}
}

static void load_registers(struct trap_frame *frame, const struct sigcontext *registers)
{
	COPY_REGISTERS(frame, registers);
	frame->rflags = (frame->rflags & ~FLAGS_USER) | (registers->rflags & FLAGS_USER);
	frame->cs = USER_CODE;
	frame->ss = USER_DATA;
	frame->vector = VECTOR_NONE;
}

/* Where the frame goes: on the alternate stack, or below what the program uses of its own. */
static uintptr_t frame_place(const struct trap_frame *frame, const struct signal_delivery *delivery,
			     uintptr_t *fpu)
{
	uintptr_t top = delivery->stack_size ? delivery->stack + delivery->stack_size
					     : frame->rsp - RED_ZONE;

	*fpu = ALIGN_DOWN(top - sizeof(struct fpu_state), _Alignof(struct fpu_state));
	return ALIGN_DOWN(*fpu - sizeof(struct frame), 16) - 8;
}

int signal_frame_push(struct trap_frame *frame, const struct signal_delivery *delivery)
{
	struct user_context *user = &current_task()->user;
	struct frame signal;
	uintptr_t fpu, place = frame_place(frame, delivery, &fpu);

	if (!delivery->restorer)
		return -EFAULT;
	memset(&signal, 0, sizeof(signal));
	signal.return_address = delivery->restorer;
	signal.context.flags = UC_SIGCONTEXT_SS | UC_STRICT_RESTORE_SS;
	signal_frame_stack(&signal.context.stack, frame->rsp, delivery);
	save_registers(&signal.context.registers, frame);
	signal.context.registers.cr2 = current_task()->fault_address;
	signal.context.registers.old_mask = delivery->mask;
	signal.context.registers.fpu = fpu;
	signal.context.mask = delivery->mask;
	signal_frame_info(&signal.info, delivery);
	fpu_save(&user->fpu);
	if (copy_to_user(fpu, &user->fpu, sizeof(user->fpu)) ||
	    copy_to_user(place, &signal, sizeof(signal)))
		return -EFAULT;

	fpu_load(&fpu_initial);
	frame->rdi = (uint64_t)delivery->signal;
	frame->rsi = place + offsetof(struct frame, info);
	frame->rdx = place + offsetof(struct frame, context);
	frame->rax = 0; /* a handler without prototype: no vector registers used */
	frame->rsp = place;
	frame->rip = delivery->handler;
	frame->rflags &= ~(uint64_t)(FLAGS_TF | FLAGS_DF | FLAGS_RF);
	frame->vector = VECTOR_NONE;
	return 0;
}

int signal_frame_pop(struct trap_frame *frame, uint64_t *mask)
{
	uintptr_t place =
		frame->rsp - sizeof(uint64_t); /* the handler's ret has taken the address */
	struct frame signal;

	if (copy_from_user(&signal, place, sizeof(signal)))
		return -EFAULT;
	if (!signal.context.registers.fpu)
		fpu_load(&fpu_initial);
	else if (signal_frame_load_fpu(signal.context.registers.fpu))
		return -EFAULT;
	load_registers(frame, &signal.context.registers);
	*mask = signal.context.mask;
	return 0;
}

/* SPDX-License-Identifier: MIT */
/*
 * What a signal handler finds on its stack, i386: Linux's struct sigframe, or with SA_SIGINFO
 * struct rt_sigframe, byte for byte, because programs read and change them.
 *
 *	higher addresses
 *	...			the program's stack, or the alternate stack's end
 *	FPU state		FNSAVE's 108 bytes, status and magic, and where the processor has FXSAVE its
 *				512; those are aligned to 16
 *	the frame		return address, the handler's arguments, and all registers; esp + 4 is a
 *				multiple of 16, as before a call
 *
 * The arguments are in registers too (eax, edx, ecx), for handlers that take them there. A handler
 * returns to its program's restorer or to the kernel's trampoline, either of which calls sigreturn or
 * rt_sigreturn with the stack pointer where it always is.
 *
 * The way back believes nothing: code and stack segments are the program's only ones, other selectors
 * are asked for with the program's privilege and become 0 if they are no good (user_entry.S), of the
 * flags only those that a program may set are taken, and MXCSR bits that the processor does not know
 * are cleared. Everything else is the program's own business.
 */
#include <asm/registers.h>
#include <tessera/string.h>

#include "../signal_frame.h"
#include "trampoline.h"

#define SIGRETURN 119 /* number of the system call */

struct sigcontext {
	uint16_t gs, gs_high, fs, fs_high, es, es_high, ds, ds_high;
	uint32_t edi, esi, ebp, esp, ebx, edx, ecx, eax;
	uint32_t vector, error, eip;
	uint16_t cs, cs_high;
	uint32_t eflags, esp_at_signal;
	uint16_t ss, ss_high;
	uint32_t fpu; /* address of the FPU state; 0: none */
	uint32_t old_mask, cr2;
};

/* What every FPU has, and FXSAVE's behind it if the magic word says so. */
struct fpu_frame {
	uint32_t legacy[27];
	uint16_t status, magic;
	struct fpu_state fxsave;
};

#define MAGIC_FXSAVE 0x0000
#define MAGIC_LEGACY 0xffff
#define LEGACY_SIZE  offsetof(struct fpu_frame, fxsave)

struct old_frame {
	uint32_t return_address;
	uint32_t signal; /* the handler's argument */
	struct sigcontext registers;
	uint32_t unused[156]; /* where the FPU state was once */
	uint32_t mask_high;
	uint8_t code[8]; /* what Linux put there for debuggers to recognise */
};

struct rt_frame {
	uint32_t return_address;
	uint32_t signal, info_address, context_address; /* the handler's arguments */
	struct siginfo info;
	struct {
		uint32_t flags, link;
		struct sigaltstack stack;
		struct sigcontext registers;
		uint64_t mask;
	} context;
	uint8_t code[8];
};

_Static_assert(sizeof(struct sigcontext) == 88, "Linux, asm/sigcontext.h");
_Static_assert(LEGACY_SIZE == 112, "Linux, asm/sigcontext.h");
_Static_assert(offsetof(struct old_frame, mask_high) == 8 + 88 + 624, "Linux, asm/sigframe.h");
_Static_assert(offsetof(struct rt_frame, context) == 16 + 128, "Linux, asm/sigframe.h");
_Static_assert(sizeof(struct rt_frame) == 16 + 128 + 116 + 8, "Linux, asm/sigframe.h");

/* ---- FPU ---- */

static size_t fpu_size(void)
{
	return fpu_features.fxsr ? LEGACY_SIZE + sizeof(struct fpu_state) : LEGACY_SIZE;
}

/* FXSAVE wants its place aligned to 16, and the kernel's stack is to 4 only, which the compiler does not
 * know. */
#define ALIGNED_STACK noinline __attribute__((force_align_arg_pointer))

/* Saves in both forms: the processor translates. Leaves the FPU in its initial state. */
static ALIGNED_STACK int push_fpu(uintptr_t place)
{
	struct fpu_frame fpu;

	if (fpu_features.fxsr)
		fpu_save(&fpu.fxsave);
	__asm__ volatile("fnsave %0" : "=m"(fpu.legacy));
	fpu_load(&fpu_initial);
	fpu.status = (uint16_t)fpu.legacy[1];
	fpu.magic = fpu_features.fxsr ? MAGIC_FXSAVE : MAGIC_LEGACY;
	return copy_to_user(place, &fpu, fpu_size());
}

static ALIGNED_STACK int pop_fpu(uintptr_t place)
{
	struct fpu_frame fpu;

	if (!place) {
		fpu_load(&fpu_initial);
		return 0;
	}
	if (copy_from_user(&fpu, place, LEGACY_SIZE))
		return -EFAULT;
	if (fpu_features.fxsr && fpu.magic == MAGIC_FXSAVE)
		return signal_frame_load_fpu(place + LEGACY_SIZE);
	__asm__ volatile("frstor %0" : : "m"(fpu.legacy));
	return 0;
}

/* ---- Registers ---- */

/* Both have these, under the same names. */
#define COPY_REGISTERS(to, from)     \
	do {                         \
		to->edi = from->edi; \
		to->esi = from->esi; \
		to->ebp = from->ebp; \
		to->esp = from->esp; \
		to->ebx = from->ebx; \
		to->edx = from->edx; \
		to->ecx = from->ecx; \
		to->eax = from->eax; \
		to->eip = from->eip; \
	} while (0)

static void save_registers(struct sigcontext *registers, const struct trap_frame *frame,
			   const struct signal_delivery *delivery, uintptr_t fpu)
{
	struct user_context *user = &current_task()->user;

	thread_pointer_save(user);
	COPY_REGISTERS(registers, frame);
	registers->gs = user->gs;
	registers->fs = user->fs;
	registers->es = (uint16_t)frame->es;
	registers->ds = (uint16_t)frame->ds;
	registers->cs = (uint16_t)frame->cs;
	registers->ss = (uint16_t)frame->ss;
	registers->eflags = frame->eflags;
	registers->esp_at_signal = frame->esp;
	if (frame->vector < TRAPS) {
		registers->vector = frame->vector;
		registers->error = frame->error;
	}
	registers->fpu = fpu;
	registers->old_mask = (uint32_t)delivery->mask;
	registers->cr2 = current_task()->fault_address;
}

static uint16_t of_program(uint16_t selector)
{
	return selector | 3;
}

static void load_registers(struct trap_frame *frame, const struct sigcontext *registers)
{
	struct user_context *user = &current_task()->user;
	unsigned long flags;

	COPY_REGISTERS(frame, registers);
	frame->es = of_program(registers->es);
	frame->ds = of_program(registers->ds);
	frame->cs = USER_CODE;
	frame->ss = USER_DATA;
	frame->eflags = (frame->eflags & ~FLAGS_USER) | (registers->eflags & FLAGS_USER);
	frame->vector = VECTOR_NONE;

	flags = irq_save();
	user->gs = of_program(registers->gs);
	user->fs = of_program(registers->fs);
	thread_pointer_load(user);
	irq_restore(flags);
}

/* ---- Frames ---- */

static void set_handler(struct trap_frame *frame, const struct signal_delivery *delivery,
			uintptr_t place)
{
	frame->es = frame->ds = frame->ss = USER_DATA;
	frame->cs = USER_CODE;
	frame->eax = (uint32_t)delivery->signal;
	frame->edx = frame->ecx = 0;
	frame->esp = place;
	frame->eip = delivery->handler;
	frame->eflags &= ~(uint32_t)(FLAGS_TF | FLAGS_DF | FLAGS_RF);
	frame->vector = VECTOR_NONE;
}

static int push_old(struct trap_frame *frame, const struct signal_delivery *delivery,
		    uintptr_t place, uintptr_t fpu)
{
	struct old_frame signal;

	memset(&signal, 0, sizeof(signal));
	signal.return_address = delivery->restorer ? delivery->restorer : trampoline_sigreturn();
	signal.signal = (uint32_t)delivery->signal;
	save_registers(&signal.registers, frame, delivery, fpu);
	signal.mask_high = (uint32_t)(delivery->mask >> 32);
	memcpy(signal.code, trampoline_start, sizeof(signal.code));
	if (copy_to_user(place, &signal, sizeof(signal)))
		return -EFAULT;
	set_handler(frame, delivery, place);
	return 0;
}

static int push_rt(struct trap_frame *frame, const struct signal_delivery *delivery,
		   uintptr_t place, uintptr_t fpu)
{
	struct rt_frame signal;

	memset(&signal, 0, sizeof(signal));
	signal.return_address = delivery->restorer ? delivery->restorer : trampoline_rt_sigreturn();
	signal.signal = (uint32_t)delivery->signal;
	signal.info_address = place + offsetof(struct rt_frame, info);
	signal.context_address = place + offsetof(struct rt_frame, context);
	signal_frame_info(&signal.info, delivery);
	signal_frame_stack(&signal.context.stack, frame->esp, delivery);
	save_registers(&signal.context.registers, frame, delivery, fpu);
	signal.context.mask = delivery->mask;
	memcpy(signal.code, trampoline_rt, sizeof(signal.code));
	if (copy_to_user(place, &signal, sizeof(signal)))
		return -EFAULT;
	set_handler(frame, delivery, place);
	frame->edx = signal.info_address;
	frame->ecx = signal.context_address;
	return 0;
}

int signal_frame_push(struct trap_frame *frame, const struct signal_delivery *delivery)
{
	bool rt = delivery->flags & SA_SIGINFO;
	uintptr_t top = delivery->stack_size ? delivery->stack + delivery->stack_size : frame->esp;
	uintptr_t fpu = ALIGN_DOWN(top - fpu_size(), 16);
	uintptr_t size = rt ? sizeof(struct rt_frame) : sizeof(struct old_frame);
	uintptr_t place = ALIGN_DOWN(fpu - size + 4, 16) - 4;

	if (push_fpu(fpu))
		return -EFAULT;
	return rt ? push_rt(frame, delivery, place, fpu) : push_old(frame, delivery, place, fpu);
}

static int pop_old(struct trap_frame *frame, uint64_t *mask)
{
	/* The handler has taken the return address from the stack, and the trampoline the signal. */
	uintptr_t place = frame->esp - offsetof(struct old_frame, registers);
	struct old_frame signal;

	if (copy_from_user(&signal, place, sizeof(signal)) || pop_fpu(signal.registers.fpu))
		return -EFAULT;
	load_registers(frame, &signal.registers);
	*mask = (uint64_t)signal.mask_high << 32 | signal.registers.old_mask;
	return 0;
}

static int pop_rt(struct trap_frame *frame, uint64_t *mask)
{
	uintptr_t place = frame->esp - offsetof(struct rt_frame, signal);
	struct rt_frame signal;

	if (copy_from_user(&signal, place, sizeof(signal)) || pop_fpu(signal.context.registers.fpu))
		return -EFAULT;
	load_registers(frame, &signal.context.registers);
	*mask = signal.context.mask;
	return 0;
}

int signal_frame_pop(struct trap_frame *frame, uint64_t *mask)
{
	return user_frame_system_call(frame) == SIGRETURN ? pop_old(frame, mask)
							  : pop_rt(frame, mask);
}

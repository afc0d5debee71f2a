/* SPDX-License-Identifier: MIT */
/*
 * What a task has beside its frame: thread pointer and FPU.
 *
 * The FPU is lazy. Its registers belong to one task, the owner, and only while that one runs may
 * they be used (Status.CU1), because the switch (switch.S) takes the right away. A task that uses the
 * FPU without it traps: if it is the owner it goes on, else the owner's registers are saved and its own
 * loaded. So a switch costs programs nothing for an FPU that nobody else uses, and kernel code, which
 * is compiled without floating point, never sees it.
 */
#include <asm/irqflags.h>
#include <asm/user.h>
#include <asm/user_copy.h>
#include <tessera/process.h>
#include <tessera/string.h>

#include "user.h"

static struct user_context *fpu_owner; /* NULL: nobody. Interrupts masked */

static void fpu_enable(bool on)
{
	uint32_t status = cp0_read(CP0_STATUS);

	user_mmu.fpu_usable = on;
	cp0_write(CP0_STATUS, on ? status | STATUS_CU1 : status & ~STATUS_CU1);
	cp0_barrier();
}

bool fpu_claim(void)
{
	struct user_context *context = &current_task()->user;
	unsigned long flags;

	if (!(cp0_read(CP0_CONFIG1) & CONFIG1_FP))
		return false;
	flags = irq_save();
	fpu_enable(true);
	if (fpu_owner != context) {
		if (fpu_owner)
			fpu_registers_save(fpu_owner);
		if (!context->fpu_used) {
			context->fpu_used = true;
			context->fpu_control = 0;
			memset(context->fpu, 0, sizeof(context->fpu));
		}
		fpu_registers_load(context);
		fpu_owner = context;
	}
	irq_restore(flags);
	return true;
}

/* The causes, not the flags of what happened before. */
#define FCSR_CAUSES_SHIFT 12
#define FCSR_CAUSES	  0x3f

unsigned fpu_exception_take(void)
{
	unsigned long flags = irq_save();
	uint32_t control;

	fpu_claim(); /* it may have been lost since the exception */
	control = fpu_control();
	fpu_control_set(control & ~(FCSR_CAUSES << FCSR_CAUSES_SHIFT));
	irq_restore(flags);
	return (control >> FCSR_CAUSES_SHIFT) & FCSR_CAUSES;
}

/* Writes the registers to `to` if they are those of `context`. */
static bool fpu_save(const struct user_context *context, struct user_context *to)
{
	unsigned long flags = irq_save();
	bool owner = fpu_owner == context;

	if (owner) {
		bool usable = cp0_read(CP0_STATUS) & STATUS_CU1;

		fpu_enable(true);
		fpu_registers_save(to);
		fpu_enable(usable);
	}
	irq_restore(flags);
	return owner;
}

void user_context_save(struct user_context *context)
{
	fpu_save(context, context);
}

/* The registers are nobody's from now on. */
static void fpu_forget(const struct user_context *context)
{
	unsigned long flags = irq_save();

	if (fpu_owner == context) {
		fpu_owner = NULL;
		fpu_enable(false);
	}
	irq_restore(flags);
}

void user_context_load(struct user_context *context)
{
	fpu_forget(context);
	thread_pointer_load(context->thread_pointer);
}

void user_context_drop(struct user_context *context)
{
	fpu_forget(context);
}

void user_context_init(struct user_context *context)
{
	fpu_forget(context);
	context->thread_pointer = 0;
	context->fpu_used = false;
}

void user_context_fork(struct user_context *to, const struct user_context *from)
{
	to->thread_pointer = from->thread_pointer;
	to->fpu_used = from->fpu_used;
	if (from->fpu_used && !fpu_save(from, to)) {
		to->fpu_control = from->fpu_control;
		memcpy(to->fpu, from->fpu, sizeof(to->fpu));
	}
}

int user_set_thread_pointer(struct task *task, uintptr_t value)
{
	task->user.thread_pointer = value;
	if (task->thread == current_thread())
		thread_pointer_load(value);
	return 0;
}

/* ---- Frames ---- */

void user_frame_init(struct trap_frame *frame, uintptr_t pc, uintptr_t sp)
{
	memset(frame, 0, sizeof(*frame));
	frame->epc = pc;
	frame->regs[REG_SP] = sp;
	frame->regs[REG_T9] = pc;
	frame->regs[FRAME_CALL] = NOT_A_CALL;
}

unsigned long user_frame_argument(const struct trap_frame *frame, unsigned n)
{
	unsigned long value = 0;

	if (n < 3)
		return frame->regs[REG_A0 + n];
	if (n == 3)
		return frame->regs[FRAME_CALL_A3];
	if (user_load_word(frame->regs[REG_SP] + 4 * n, &value))
		return 0;
	return value;
}

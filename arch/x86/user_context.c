/* SPDX-License-Identifier: MIT */
/*
 * What a program has beside the registers in its frame: the FPU, and the thread pointer
 * (thread_pointer.c of each width). SSE is saved and loaded with FXSAVE and FXRSTOR; an i386 without it
 * has FNSAVE and FRSTOR, where saving resets the FPU. AVX stays off: CR4.OSXSAVE is clear, so CPUID
 * tells programs that there is none, and they keep to what is saved.
 *
 * Source: Intel SDM volume 1, chapters 8 and 10; volume 3A, chapter 13.
 */
#include <asm/descriptors.h>
#include <asm/registers.h>
#include <asm/user.h>
#include <tessera/kernel.h>
#include <tessera/process.h>
#include <tessera/string.h>

#define FPU_CONTROL_INITIAL 0x037f /* all exceptions masked, full precision */
#define MXCSR_INITIAL	    0x1f80 /* all exceptions masked, round to nearest */
#define MXCSR_MASK_DEFAULT  0xffbf /* when FXSAVE says 0: no denormals-are-zero */

#ifdef CONFIG_64BIT
#define FXSAVE	"fxsave64"
#define FXRSTOR "fxrstor64"
#else
#define FXSAVE	"fxsave"
#define FXRSTOR "fxrstor"
#endif

#define LEAF1_EDX_FXSR BIT(24)
#define LEAF1_EDX_SSE  BIT(25)

struct fpu_features fpu_features;
struct fpu_state fpu_initial;
uint32_t fpu_mxcsr_mask;

void fpu_save(struct fpu_state *state)
{
	if (fpu_features.fxsr)
		__asm__ volatile(FXSAVE " %0" : "=m"(*state));
	else
		__asm__ volatile("fnsave %0\n\tfrstor %0" : "+m"(*state));
}

void fpu_load(const struct fpu_state *state)
{
	if (fpu_features.fxsr)
		__asm__ volatile(FXRSTOR " %0" : : "m"(*state));
	else
		__asm__ volatile("frstor %0" : : "m"(*state));
}

unsigned fpu_raised(void)
{
	uint16_t status, control;

	__asm__ volatile("fnstsw %0\n\tfnstcw %1" : "=m"(status), "=m"(control));
	return status & ~control & 0x3f;
}

unsigned simd_raised(void)
{
	uint32_t mxcsr;

	__asm__ volatile("stmxcsr %0" : "=m"(mxcsr));
	return mxcsr & ~(mxcsr >> 7) & 0x3f;
}

#ifndef CONFIG_64BIT
extern uint8_t switch_fpu_save[3], switch_fpu_load[3]; /* 32/switch.S: both address (%ecx) */

void switch_init(void)
{
	static const uint8_t fnsave[] = { 0xdd, 0x31, 0x90 }, frstor[] = { 0xdd, 0x21, 0x90 };

	_Static_assert(offsetof(struct task, user.fpu) == 0, "the instructions have no offset");
	if (cpuid(1).edx & LEAF1_EDX_FXSR)
		return;
	memcpy(switch_fpu_save, fnsave, sizeof(fnsave));
	memcpy(switch_fpu_load, frstor, sizeof(frstor));
}
#endif

/* What firmware left in the registers is not for programs, so the initial state is written, not read. */
static void fpu_init(void)
{
	struct fpu_state *initial = &fpu_initial;
	static struct fpu_state now;

	fpu_features.capabilities = cpuid(1).edx;
	fpu_features.fxsr = fpu_features.capabilities & LEAF1_EDX_FXSR;
	if (fpu_features.fxsr)
		write_cr4(read_cr4() | CR4_OSFXSR);
	if (fpu_features.capabilities & LEAF1_EDX_SSE)
		write_cr4(read_cr4() | CR4_OSXMMEXCPT);
	write_cr0((read_cr0() & ~(unsigned long)CR0_EM) | CR0_AM);
	__asm__ volatile("fninit");
	if (!fpu_features.fxsr) {
		initial->words[0] = 0xffff0000 | FPU_CONTROL_INITIAL;
		initial->words[1] = 0xffff0000;
		initial->words[2] = 0xffffffff; /* all registers empty */
		return;
	}
	initial->words[0] = FPU_CONTROL_INITIAL; /* and all registers empty */
	initial->words[FXSAVE_MXCSR] = MXCSR_INITIAL;
	fpu_save(&now);
	fpu_mxcsr_mask = now.words[FXSAVE_MXCSR_MASK];
	if (!fpu_mxcsr_mask)
		fpu_mxcsr_mask = MXCSR_MASK_DEFAULT;
}

/* The running task's is loaded at once: a switch to another thread would save the registers over it. */
void user_context_init(struct user_context *context)
{
	struct task *task = current_thread()->task;
	unsigned long flags = irq_save();

	context->fpu = fpu_initial;
	thread_pointer_init(context);
	if (task && context == &task->user)
		user_context_load(context);
	irq_restore(flags);
}

void user_context_fork(struct user_context *to, const struct user_context *from)
{
	thread_pointer_fork(to, from);
	fpu_save(&to->fpu);
}

void user_context_save(struct user_context *context)
{
	thread_pointer_save(context);
	fpu_save(&context->fpu);
}

void user_context_load(const struct user_context *context)
{
	thread_pointer_load(context);
	fpu_load(&context->fpu);
}

void user_init(void)
{
	fpu_init();
	page_table_init();
	user_fault_init();
	user_entry_init();
}

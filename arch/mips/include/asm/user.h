/* SPDX-License-Identifier: MIT */
/*
 * User registers (contract: arch_user.h).
 *
 * A frame is a struct trap_frame. Four of its words have no register of their own and serve the
 * system calls: at regs[0] and regs[1] ($at, which a call may change) the called handler finds its
 * arguments 5 and 6, as the calling convention has it, because they follow arguments[]; regs[26] and
 * regs[27] (k0, k1) keep the number and the fourth argument of a call whose result is in v0 and a3
 * already.
 */
#ifndef ASM_USER_H
#define ASM_USER_H

#include <asm/trap.h>
#include <tessera/arch_user.h>
#include <tessera/types.h>

/* The first of Tessera's own system calls. */
#define TESSERA_CALLS 7000

#define USER_ELF_MACHINE 8 /* EM_MIPS */
#define USER_ELF_CLASS	 1 /* 32 bits */
#define USER_ELF_DATA	 (IS_ENABLED(CONFIG_CPU_BIG_ENDIAN) ? 2 : 1)
#define USER_PLATFORM	 "mips"
#define USER_HWCAP	 0

#define REG_V0		2
#define REG_V1		3
#define REG_A0		4
#define REG_A3		7
#define REG_T9		25
#define FRAME_CALL	26 /* number of the call that has a result; NOT_A_CALL */
#define FRAME_CALL_A3	27
#define NOT_A_CALL	UINT32_MAX
#define USER_RESULT_MIN (-4095l) /* from here to -1 a result is an error */

struct thread;
struct task;

/* The FPU is used as 16 registers of 64 bits (Status.FR = 0), as o32 programs expect. */
#define FPU_REGISTERS 16
struct user_context {
	uintptr_t thread_pointer; /* first: vectors.S knows it */
	uint32_t fpu_used;	  /* else its registers are 0, and not here */
	uint32_t fpu_control;	  /* FCSR */
	uint64_t fpu[FPU_REGISTERS];
};

static inline struct trap_frame *user_frame(struct thread *thread)
{
	return (struct trap_frame *)thread - 1;
}

/* entry.S: goes to user mode, interrupts on or off. */
void user_return_frame(struct trap_frame *frame) __noreturn;

static inline void user_frame_copy(struct trap_frame *to, const struct trap_frame *from)
{
	/* a0 to a2, s0 to s7, the call, gp, sp, fp, ra; what is in temporary ones is not the new
	 * task's to see. */
#pragma GCC unroll 8
	for (unsigned i = 4; i < 7; i++)
		to->regs[i] = from->regs[i];
#pragma GCC unroll 8
	for (unsigned i = 16; i < 24; i++)
		to->regs[i] = from->regs[i];
#pragma GCC unroll 8
	for (unsigned i = FRAME_CALL; i < 32; i++)
		to->regs[i] = from->regs[i];
	to->regs[1] = to->regs[3] = to->regs[24] = to->regs[25] = to->hi = to->lo = 0;
	to->regs[8] = to->regs[9] = to->regs[10] = to->regs[11] = 0;
	to->regs[12] = to->regs[13] = to->regs[14] = to->regs[15] = 0;
	to->epc = from->epc;
}

static inline void user_frame_set_result(struct trap_frame *frame, long result)
{
	bool error = (unsigned long)result >= (unsigned long)USER_RESULT_MIN;

	frame->regs[REG_V0] = (uint32_t)(error ? -result : result);
	frame->regs[REG_A3] = error;
}

static inline long user_frame_result(const struct trap_frame *frame)
{
	long value = (long)frame->regs[REG_V0];

	return frame->regs[REG_A3] ? -value : value;
}

static inline long user_frame_system_call(const struct trap_frame *frame)
{
	return (long)frame->regs[FRAME_CALL];
}

static inline unsigned long user_call_argument(const struct trap_frame *frame, unsigned n)
{
	return frame->regs[REG_A0 + n];
}

static inline void user_frame_restart(struct trap_frame *frame)
{
	frame->regs[REG_V0] = frame->regs[FRAME_CALL];
	frame->regs[REG_A3] = frame->regs[FRAME_CALL_A3];
	frame->regs[FRAME_CALL] = NOT_A_CALL;
	frame->epc -= 4; /* a system call is never in a delay slot that matters: see vectors.S */
}

static inline uintptr_t user_frame_pc(const struct trap_frame *frame)
{
	return frame->epc;
}

static inline uintptr_t user_frame_sp(const struct trap_frame *frame)
{
	return frame->regs[REG_SP];
}

static inline void user_frame_set_sp(struct trap_frame *frame, uintptr_t sp)
{
	frame->regs[REG_SP] = sp;
}

/* The rest is in user/. */
unsigned long user_frame_argument(const struct trap_frame *frame, unsigned n);
void user_frame_init(struct trap_frame *frame, uintptr_t pc, uintptr_t sp);

static inline void __noreturn user_return(struct trap_frame *frame)
{
	frame->regs[FRAME_CALL] = NOT_A_CALL;
	user_return_frame(frame);
}

void user_context_init(struct user_context *context);
void user_context_fork(struct user_context *to, const struct user_context *from);
void user_context_drop(struct user_context *context);
void user_context_save(struct user_context *context);
void user_context_load(struct user_context *context);
int user_set_thread_pointer(struct task *task, uintptr_t value);

int signal_frame_push(struct trap_frame *frame, const struct signal_delivery *delivery);
int signal_frame_pop(struct trap_frame *frame, uint64_t *mask);

#endif

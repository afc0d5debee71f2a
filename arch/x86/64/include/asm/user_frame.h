/* SPDX-License-Identifier: MIT */
/*
 * The registers of a program on its thread's kernel stack (64/user_entry.S): struct trap_frame.
 * `vector` says what it came by; of a system call `error` is the number.
 */
#ifndef ASM_USER_FRAME_H
#define ASM_USER_FRAME_H

#include <asm/descriptors.h>
#include <asm/irqflags.h>
#include <asm/registers.h>
#include <asm/trap.h>
#include <tessera/string.h>

static inline void user_frame_init(struct trap_frame *frame, uintptr_t pc, uintptr_t sp)
{
	memset(frame, 0, sizeof(*frame));
	frame->vector = VECTOR_NONE;
	frame->rip = pc;
	frame->cs = USER_CODE;
	frame->rflags = FLAGS_IF | FLAGS_RESERVED;
	frame->rsp = sp;
	frame->ss = USER_DATA;
}

static inline void user_frame_copy(struct trap_frame *to, const struct trap_frame *from)
{
	*to = *from;
}

static inline void user_frame_set_result(struct trap_frame *frame, long result)
{
	frame->rax = (uint64_t)result;
}

static inline long user_frame_result(const struct trap_frame *frame)
{
	return (long)frame->rax;
}

static inline long user_frame_system_call(const struct trap_frame *frame)
{
	return frame->vector == VECTOR_SYSTEM_CALL ? (long)frame->error : -1;
}

/* The n-th argument, 0 to 5. */
static inline unsigned long user_frame_argument(const struct trap_frame *frame, unsigned n)
{
	const uint64_t arguments[] = { frame->rdi, frame->rsi, frame->rdx,
				       frame->r10, frame->r8,  frame->r9 };

	return arguments[n];
}

static inline unsigned long user_call_argument(const struct trap_frame *frame, unsigned n)
{
	return user_frame_argument(frame, n);
}

/* syscall has two bytes. */
static inline void user_frame_restart(struct trap_frame *frame)
{
	frame->rip -= 2;
	frame->rax = frame->error;
	frame->vector = VECTOR_NONE;
}

static inline uintptr_t user_frame_pc(const struct trap_frame *frame)
{
	return frame->rip;
}

static inline uintptr_t user_frame_sp(const struct trap_frame *frame)
{
	return frame->rsp;
}

static inline void user_frame_set_sp(struct trap_frame *frame, uintptr_t sp)
{
	frame->rsp = sp;
}

#endif

/* SPDX-License-Identifier: MIT */
/*
 * The registers of a program on its thread's kernel stack (32/user_entry.S): struct trap_frame.
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
	frame->es = frame->ds = USER_DATA;
	frame->vector = VECTOR_NONE;
	frame->eip = pc;
	frame->cs = USER_CODE;
	frame->eflags = FLAGS_IF | FLAGS_RESERVED;
	frame->esp = sp;
	frame->ss = USER_DATA;
}

static inline void user_frame_copy(struct trap_frame *to, const struct trap_frame *from)
{
	*to = *from;
}

static inline void user_frame_set_result(struct trap_frame *frame, long result)
{
	frame->eax = (uint32_t)result;
}

static inline long user_frame_result(const struct trap_frame *frame)
{
	return (long)frame->eax;
}

static inline long user_frame_system_call(const struct trap_frame *frame)
{
	return frame->vector == VECTOR_SYSTEM_CALL ? (long)frame->error : -1;
}

/* The n-th argument, 0 to 5. */
static inline unsigned long user_frame_argument(const struct trap_frame *frame, unsigned n)
{
	const uint32_t arguments[] = { frame->ebx, frame->ecx, frame->edx,
				       frame->esi, frame->edi, frame->ebp };

	return arguments[n];
}

static inline unsigned long user_call_argument(const struct trap_frame *frame, unsigned n)
{
	return user_frame_argument(frame, n);
}

/* `int $0x80` has two bytes. */
static inline void user_frame_restart(struct trap_frame *frame)
{
	frame->eip -= 2;
	frame->eax = frame->error;
	frame->vector = VECTOR_NONE;
}

static inline uintptr_t user_frame_pc(const struct trap_frame *frame)
{
	return frame->eip;
}

static inline uintptr_t user_frame_sp(const struct trap_frame *frame)
{
	return frame->esp;
}

static inline void user_frame_set_sp(struct trap_frame *frame, uintptr_t sp)
{
	frame->esp = sp;
}

#endif

/* SPDX-License-Identifier: MIT */
/* What 64/trap_entry.S and the processor push, lowest address first. */
#ifndef ASM_TRAP_FRAME_H
#define ASM_TRAP_FRAME_H

#include <tessera/compiler.h>

/* On an exception. */
struct trap_frame {
	uint64_t r15, r14, r13, r12, rbp, rbx;
	uint64_t r11, r10, r9, r8, rax, rcx, rdx, rsi, rdi;
	uint64_t vector, error; /* error: 0 for exceptions that have none */
	uint64_t rip, cs, rflags, rsp, ss;
};

_Static_assert(offsetof(struct trap_frame, vector) == 15 * 8, "15 registers are pushed");
_Static_assert(sizeof(struct trap_frame) == 22 * 8, "the processor pushes five or six words");

/* On an interrupt. */
struct interrupt_frame {
	uint64_t r11, r10, r9, r8, rax, rcx, rdx, rsi, rdi;
	uint64_t rip, cs, rflags, rsp, ss;
};

_Static_assert(offsetof(struct interrupt_frame, rip) == 9 * 8, "9 registers are pushed");

static inline uintptr_t trap_frame_pc(const struct trap_frame *frame)
{
	return frame->rip;
}

static inline uintptr_t trap_frame_sp(const struct trap_frame *frame)
{
	return frame->rsp;
}

/* The frame pointer, where the compiler keeps one. */
static inline uintptr_t trap_frame_fp(const struct trap_frame *frame)
{
	return frame->rbp;
}

static inline unsigned long trap_frame_flags(const struct trap_frame *frame)
{
	return frame->rflags;
}

static inline void trap_frame_set_pc(struct trap_frame *frame, uintptr_t pc)
{
	frame->rip = pc;
}

static inline void trap_frame_set_flags(struct trap_frame *frame, unsigned long flags)
{
	frame->rflags = flags;
}

static inline uintptr_t interrupt_frame_pc(const struct interrupt_frame *frame)
{
	return frame->rip;
}

static inline unsigned long interrupt_frame_flags(const struct interrupt_frame *frame)
{
	return frame->rflags;
}

#endif

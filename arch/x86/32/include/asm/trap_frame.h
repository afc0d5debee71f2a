/* SPDX-License-Identifier: MIT */
/* What 32/trap_entry.S and the processor push, lowest address first. */
#ifndef ASM_TRAP_FRAME_H
#define ASM_TRAP_FRAME_H

#include <tessera/compiler.h>

/* On an exception. An exception in the kernel pushes no stack pointer; pusha saves what it was
 * after `vector` had been pushed. Programs may have any segments, so with USER_MODE the kernel loads
 * its own, and the frame of a program ends with the program's stack pointer. */
struct trap_frame {
#ifdef CONFIG_USER_MODE
	uint16_t es, ds;
#endif
	uint32_t edi, esi, ebp, pusha_esp, ebx, edx, ecx, eax;
	uint32_t vector, error; /* error: 0 for exceptions that have none */
	uint32_t eip, cs, eflags;
#ifdef CONFIG_USER_MODE
	uint32_t esp, ss;
#endif
};

_Static_assert(offsetof(struct trap_frame, vector) - offsetof(struct trap_frame, edi) == 8 * 4,
	       "pusha pushes eight registers");
_Static_assert(offsetof(struct trap_frame, eflags) - offsetof(struct trap_frame, eip) == 2 * 4,
	       "the processor pushes three words, or five");

/* On an interrupt. */
struct interrupt_frame {
	uint32_t edx, ecx, eax;
	uint32_t eip, cs, eflags;
};

_Static_assert(offsetof(struct interrupt_frame, eip) == 3 * 4, "3 registers are pushed");

static inline uintptr_t trap_frame_pc(const struct trap_frame *frame)
{
	return frame->eip;
}

/* Five words were pushed before pusha: vector, error and the processor's three. */
static inline uintptr_t trap_frame_kernel_sp(const struct trap_frame *frame)
{
	return frame->pusha_esp + 5 * 4;
}

#ifdef CONFIG_USER_MODE
static inline uintptr_t trap_frame_sp(const struct trap_frame *frame)
{
	return frame->cs & 3 ? frame->esp : trap_frame_kernel_sp(frame);
}
#else
static inline uintptr_t trap_frame_sp(const struct trap_frame *frame)
{
	return trap_frame_kernel_sp(frame);
}
#endif

/* The frame pointer, where the compiler keeps one. */
static inline uintptr_t trap_frame_fp(const struct trap_frame *frame)
{
	return frame->ebp;
}

static inline unsigned long trap_frame_flags(const struct trap_frame *frame)
{
	return frame->eflags;
}

static inline void trap_frame_set_pc(struct trap_frame *frame, uintptr_t pc)
{
	frame->eip = pc;
}

static inline void trap_frame_set_flags(struct trap_frame *frame, unsigned long flags)
{
	frame->eflags = flags;
}

static inline uintptr_t interrupt_frame_pc(const struct interrupt_frame *frame)
{
	return frame->eip;
}

static inline unsigned long interrupt_frame_flags(const struct interrupt_frame *frame)
{
	return frame->eflags;
}

#endif

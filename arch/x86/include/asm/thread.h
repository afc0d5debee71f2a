/* SPDX-License-Identifier: MIT */
/* The context of a thread that is not running: what the ABI lets a called function rely on. */
#ifndef ASM_THREAD_H
#define ASM_THREAD_H

#include <asm/trap_frame.h>
#include <tessera/compiler.h>
#include <tessera/irqs_off.h>
#include <tessera/percpu.h>

struct thread_context {
	unsigned long sp; /* points at the return address of context_switch */
	unsigned long bp, bx;
#ifdef __x86_64__
	unsigned long r12, r13, r14, r15;
#else
	unsigned long si, di;
#endif
};

static __always_inline struct thread *current_thread(void)
{
	return this_cpu()->current;
}

static inline void current_thread_set(struct thread *thread)
{
	this_cpu()->current = thread;
}

/* switch.S: leaves `from` and goes on in `to`, interrupts enabled; gives the wait_result of the
 * thread that runs when it returns. */
int context_switch_asm(struct thread *from, struct thread *to);

/* The same function for those who want the result as wide as a register: one declaration for each, so
 * that either can be jumped to as the last thing. */
#ifdef KEEPS_NO_REGISTERS
/* i386: from files of system calls, which need ebx, esi and edi no more (Makefile.arch). */
#define CONTEXT_SWITCH_LONG "context_switch_call_asm"
#else
#define CONTEXT_SWITCH_LONG "context_switch_asm"
#endif
long context_switch_asm_long(struct thread *from, struct thread *to) __asm__(CONTEXT_SWITCH_LONG);

static __always_inline int context_switch(struct thread *from, struct thread *to)
{
	irqs_off_end();
	return context_switch_asm(from, to);
}

/* The same as the last thing that a system call does: its result is a long. */
static __always_inline long context_switch_long(struct thread *from, struct thread *to)
{
	irqs_off_end();
	return context_switch_asm_long(from, to);
}

/* Makes a context that begins in `start` on the stack that ends at `top` (16-byte aligned). Room for
 * the registers of a program stays free at the very top (user_frame). */
static inline void context_init(struct thread_context *context, void *top, void (*start)(void))
{
	size_t room = IS_ENABLED(CONFIG_USER_MODE) ? ALIGN_UP(sizeof(struct trap_frame), 16) : 0;
	unsigned long *sp = (unsigned long *)((char *)top - room);

	*--sp = 0; /* where start would return to: the end of a backtrace */
	*--sp = (unsigned long)start;
	context->sp = (unsigned long)sp;
	context->bp = 0;
}

#endif

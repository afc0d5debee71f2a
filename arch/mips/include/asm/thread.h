/* SPDX-License-Identifier: MIT */
/* The context of a thread that is not running: what the ABI lets a called function rely on. */
#ifndef ASM_THREAD_H
#define ASM_THREAD_H

#include <asm/trap.h>
#include <tessera/compiler.h>
#include <tessera/irqs_off.h>
#include <tessera/percpu.h>

#define USER_FRAME_SIZE (IS_ENABLED(CONFIG_USER_MODE) ? sizeof(struct trap_frame) : 0)

struct thread_context {
	unsigned long s[9]; /* $16 to $23, $30 */
	unsigned long sp, ra;
};

/* The running thread is kept in $28, which the kernel does not use as a global pointer. */
register struct thread *mips_current __asm__("$28");

static __always_inline struct thread *current_thread(void)
{
	return mips_current;
}

static inline void current_thread_set(struct thread *thread)
{
	mips_current = thread;
	this_cpu()->current = thread;
}

/* switch.S: leaves `from` and goes on in `to`, interrupts enabled; gives the wait_result of the
 * thread that runs when it returns. */
int context_switch_asm(struct thread *from, struct thread *to);

/* The same function for those who want the result as wide as a register: one declaration for each, so
 * that either can be jumped to as the last thing. */
long context_switch_asm_long(struct thread *from, struct thread *to) __asm__("context_switch_asm");

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

/* Makes a context that begins in `start` on the stack that ends at `top` (8-byte aligned). */
static inline void context_init(struct thread_context *context, void *top, void (*start)(void))
{
	/* o32: room for four arguments. Above it lies the frame of user_frame(). */
	context->sp = (unsigned long)top - USER_FRAME_SIZE - 16;
	context->ra = (unsigned long)start;
}

#endif

/* SPDX-License-Identifier: MIT */
/* Threads on the host are contexts of the C library (tests/host/libc.c). */
#ifndef ASM_THREAD_H
#define ASM_THREAD_H

#include <asm/irqflags.h>
#include <tessera/percpu.h>

struct thread_context {
	void *host; /* the C library's ucontext_t */
};

static inline struct thread *current_thread(void)
{
	return this_cpu()->current;
}

static inline void current_thread_set(struct thread *thread)
{
	this_cpu()->current = thread;
}

/* tests/host/machine.c */
int context_switch(struct thread *from, struct thread *to);

static inline long context_switch_long(struct thread *from, struct thread *to)
{
	return context_switch(from, to);
}
void context_init(struct thread_context *context, void *top, void (*start)(void));

#endif

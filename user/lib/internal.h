/* SPDX-License-Identifier: MIT */
/* What the parts of the runtime library share. */
#ifndef USER_LIB_INTERNAL_H
#define USER_LIB_INTERNAL_H

#include <stddef.h>
#include <sys/types.h>

/* The result of a system call that is an error: sets errno and gives -1. */
long system_call_failed(long result);

/* Gives the result of a system call as C functions do. */
static inline long system_call_result(long result)
{
	return __builtin_expect((unsigned long)result > -4096ul, 0) ? system_call_failed(result)
								    : result;
}

/* ---- Thread-local storage (tls.c) ---- */

/* Reads the program's template. Start-up. */
void tls_init(void);
/* Bytes that a thread's variables take, with what alignment costs. */
size_t tls_size(void);
/* Makes the variables of a thread in `memory`, and gives the thread pointer. */
void *tls_make(void *memory);
/* Gives them their initial values again, for another thread. */
void tls_reset(void *thread_pointer);
/* The first thread's pointer. */
extern void *tls_first;

/* clone, with a function and its argument on the new stack (start.S). */
long thread_clone(unsigned long flags, void *stack, int *parent_tid, int *child_tid, void *tls);

#endif

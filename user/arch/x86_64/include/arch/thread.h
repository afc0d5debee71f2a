/* SPDX-License-Identifier: MIT */
/* The thread pointer of x86-64: fs. Thread-local variables lie below it, and it points to itself. */
#ifndef USER_ARCH_THREAD_H
#define USER_ARCH_THREAD_H

#include <arch/system_call.h>
#include <sys/syscall.h>

#define TLS_BELOW_POINTER 1

/* What clone() is given besides the pointer, while it runs: nothing. */
struct tls_descriptor {
	char unused;
};

static inline void *tls_for_clone(void *pointer, struct tls_descriptor *descriptor)
{
	(void)descriptor;
	return pointer;
}

/* 0, or -errno. */
static inline long thread_pointer_set(void *pointer)
{
	return system_call2(SYS_arch_prctl, 0x1002, (long)pointer); /* ARCH_SET_FS */
}

#endif

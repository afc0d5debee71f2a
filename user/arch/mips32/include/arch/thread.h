/* SPDX-License-Identifier: MIT */
/*
 * The thread pointer of MIPS: what `rdhwr $3, $29` gives. Thread-local variables begin 0x7000 below it,
 * so that a load reaches 60 KiB of them.
 */
#ifndef USER_ARCH_THREAD_H
#define USER_ARCH_THREAD_H

#include <arch/system_call.h>
#include <sys/syscall.h>

#define TLS_BELOW_POINTER 0
#define TLS_BIAS	  0x7000

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
	return system_call1(SYS_set_thread_area, (long)pointer);
}

#endif

/* SPDX-License-Identifier: MIT */
/*
 * The thread pointer of i386: the base of the segment in gs, whose descriptor the kernel changes from
 * thread to thread. Thread-local variables lie below it, and it points to itself.
 */
#ifndef USER_ARCH_THREAD_H
#define USER_ARCH_THREAD_H

#include <arch/system_call.h>
#include <sys/syscall.h>

#define TLS_BELOW_POINTER 1

/* Linux's struct user_desc. */
struct tls_descriptor {
	unsigned entry_number;
	unsigned base, limit;
	unsigned seg_32bit : 1, contents : 2, read_exec_only : 1, limit_in_pages : 1;
	unsigned seg_not_present : 1, useable : 1;
};

/* The same descriptor as the calling thread's, with another base. */
static inline void *tls_for_clone(void *pointer, struct tls_descriptor *descriptor)
{
	unsigned selector;

	__asm__("movl %%gs, %0" : "=r"(selector));
	*descriptor = (struct tls_descriptor){
		.entry_number = (selector & 0xffff) >> 3,
		.base = (unsigned)pointer,
		.limit = 0xfffff,
		.seg_32bit = 1,
		.limit_in_pages = 1,
		.useable = 1,
	};
	return descriptor;
}

/* 0, or -errno. */
static inline long thread_pointer_set(void *pointer)
{
	struct tls_descriptor descriptor;
	long error;

	tls_for_clone(pointer, &descriptor);
	descriptor.entry_number = ~0u; /* a free one */
	error = system_call1(SYS_set_thread_area, (long)&descriptor);
	if (!error)
		__asm__ volatile("movl %0, %%gs" : : "r"(descriptor.entry_number << 3 | 3));
	return error;
}

#endif

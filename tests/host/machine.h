/* SPDX-License-Identifier: MIT */
/*
 * The simulated machine on which the portable rooms run on the host: memory and nothing else.
 * Address 0 of a large empty region stands for physical address 0; only what the memory map
 * calls usable can be touched, anything else is a segmentation fault.
 */
#ifndef TESTS_HOST_MACHINE_H
#define TESTS_HOST_MACHINE_H

#include <tessera/types.h>

/*
 * Starts the machine as an architecture and kernel_start would, up to and including
 * object_init: `size` bytes of memory with holes, fresh page and object allocators. Once.
 */
void host_start(phys_addr_t size);

/* Between the two, or up to the next switch of threads, no tick comes but while idle. */
void host_hold_ticks(void);
void host_let_ticks(void);

/* The C library's side (tests/host/libc.c). */
void *host_reserve(uint64_t size);
void host_allow(void *start, uint64_t size);
void host_print(const char *text, size_t n);
bool host_record_open(const char *path);
void host_record(const char *text, size_t n);
void host_abort(void) __attribute__((noreturn));
void *host_context_create(void *stack, size_t size, void (*start)(void));
void host_context_switch(void *from, void *to);

#endif

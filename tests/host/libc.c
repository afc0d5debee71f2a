/* SPDX-License-Identifier: MIT */
/* The only file of a host program that sees the C library's headers. */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <ucontext.h>

void *host_reserve(uint64_t size);
void host_allow(void *start, uint64_t size);
void host_print(const char *text, size_t n);
bool host_record_open(const char *path);
void host_record(const char *text, size_t n);
void host_abort(void) __attribute__((noreturn));
void *host_context_create(void *stack, size_t size, void (*start)(void));
void host_context_switch(void *from, void *to);

static void *check(void *result, const char *what)
{
	if (result != MAP_FAILED)
		return result;
	perror(what);
	exit(2);
}

/* Address space that nothing may touch yet. */
void *host_reserve(uint64_t size)
{
	return check(
		mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0),
		"address space");
}

void host_allow(void *start, uint64_t size)
{
	check(mmap(start, size, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0),
	      "memory");
}

void host_print(const char *text, size_t n)
{
	fwrite(text, 1, n, stdout);
	fflush(stdout);
}

/* The record of the storms, if one is wanted. */
static FILE *record;

bool host_record_open(const char *path)
{
	record = fopen(path, "w");
	return record;
}

void host_record(const char *text, size_t n)
{
	fwrite(text, 1, n, record);
}

void host_abort(void)
{
	abort(); /* AddressSanitizer prints the stack */
}

/* Threads. */
void *host_context_create(void *stack, size_t size, void (*start)(void))
{
	static ucontext_t first; /* of the thread that main() becomes */
	ucontext_t *context = start ? stack : &first;

	if (getcontext(context))
		abort();
	if (start) { /* it lies at the low end of its own stack */
		context->uc_stack.ss_sp = context + 1;
		context->uc_stack.ss_size = size - sizeof(*context);
		makecontext(context, start, 0);
	}
	return context;
}

void host_context_switch(void *from, void *to)
{
	if (swapcontext(from, to))
		abort();
}

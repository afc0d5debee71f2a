/* SPDX-License-Identifier: MIT */
/*
 * Allocations that fail on request: a countdown that belongs to one thread. The allocators ask
 * before they look at anything, so a failure is like that of an empty machine, but for one thing:
 * whoever frees something and tries again, as the object allocator does, succeeds.
 */
#include <asm/thread.h>
#include <tessera/fault_injection.h>

static struct {
	const struct thread *thread; /* that armed it; NULL: nobody */
	unsigned left;		     /* allocations up to and including the one that fails */
} armed = { .left = 1 };	     /* nothing has failed */

void fault_injection_arm(unsigned n)
{
	armed.left = n;
	armed.thread = current_thread();
}

bool fault_injection_disarm(void)
{
	armed.thread = NULL;
	return armed.left == 0;
}

bool fault_injection_happened(void)
{
	if (armed.thread != current_thread() || armed.left)
		return false;
	armed.thread = NULL;
	return true;
}

bool fault_injected(void)
{
	/* The first question: start-up allocates before there is a thread. */
	return armed.thread && armed.thread == current_thread() && armed.left && --armed.left == 0;
}

// SPDX-License-Identifier: MIT
/* Deliberate faults of threads (DEBUG_FAULTS). */
#include <tessera/arch.h>
#include <tessera/fault.h>
#include <tessera/priority.h>
#include <tessera/thread.h>

static int fault_here(void *kind)
{
	return arch_fault(kind);
}

/* Over the end of a thread's stack: the report tells whose. */
static void overflow_thread_stack(void)
{
	static char kind[] = "stack";
	struct thread *thread =
		thread_create(fault_here, kind, "overflows", THREAD_PRIORITY_DEFAULT);

	if (thread)
		thread_join(thread, NULL, FOREVER);
}
FAULT(thread_stack, "thread-stack", overflow_thread_stack);

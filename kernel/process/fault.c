// SPDX-License-Identifier: MIT
/*
 * Faults of user programs. A page fault is most often the way memory comes: space_fault gives the page
 * and the program goes on. Anything else is the program's mistake, and its alone: a handler sees it as
 * a signal, otherwise one line of the log says who did what where, and the process ends. That is how
 * it ends too when memory is exhausted: whoever asks for the page that is not there goes.
 */
#include <tessera/fault_injection.h>
#include <tessera/format.h>
#include <tessera/log.h>
#include <tessera/page.h>

#include "life.h"
#include "signal.h"

#define LOG_TAG "process"

static const char *signal_name(int signal)
{
	switch (signal) {
	case SIGSEGV:
		return "SIGSEGV";
	case SIGBUS:
		return "SIGBUS";
	case SIGILL:
		return "SIGILL";
	case SIGFPE:
		return "SIGFPE";
	case SIGTRAP:
		return "SIGTRAP";
	default:
		return "a signal";
	}
}

static void give_signal(struct trap_frame *frame, int signal, int code, uintptr_t address,
			const char *what, const char *why)
{
	if (!signal_is_caught(signal))
		log_notice("%s[%d]: %s, pc 0x%lx%s (%s)", current_process()->name,
			   current_task()->tid, what, (unsigned long)user_frame_pc(frame), why,
			   signal_name(signal));
	signal_force(signal, code, address);
}

static noinline void bad_access(struct trap_frame *frame, uintptr_t address, unsigned access,
				bool mapped)
{
	const char *verb = access == AREA_WRITE	    ? "write to"
			   : access == AREA_EXECUTE ? "jump to"
						    : "read at";
	char what[48];

	snprintf(what, sizeof(what), "%s 0x%lx", verb, (unsigned long)address);
	give_signal(frame, SIGSEGV, mapped ? SEGV_ACCERR : SEGV_MAPERR, address, what,
		    mapped ? ": the memory there does not allow it" : ": nothing is mapped there");
}

static noinline void out_of_memory(struct process *process)
{
	const struct address_space *space = process->space;

	log_error("out of memory: %s[%d] is killed; it has %zu KiB in memory and %zu KiB of page "
		  "tables, and the machine %zu KiB free",
		  process->name, process->pid, space->resident * (PAGE_SIZE / 1024),
		  space->table_pages * (PAGE_SIZE / 1024), page_free_count() * (PAGE_SIZE / 1024));
	process_exit(SIGKILL);
}

void user_page_fault(struct trap_frame *frame, uintptr_t address, unsigned access)
{
	struct process *process = current_process();
	bool mapped;
	int error = space_fault(process->space, address, access, &mapped);

	if (likely(!error))
		return;
	if (error == -ENOMEM && fault_injection_happened())
		return; /* only a system call was to fail; the page is there next time */
	if (error == -ENOMEM)
		out_of_memory(process);
	else
		bad_access(frame, address, access, mapped);
}

void user_exception(struct trap_frame *frame, int signal, int code, uintptr_t address,
		    const char *what)
{
	give_signal(frame, signal, code, address, what, "");
}

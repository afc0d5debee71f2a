// SPDX-License-Identifier: MIT
/*
 * For tests: what exists in the kernel, so that a program can compare before and after; and
 * allocations that fail on request, so that it can see whether a call that failed left anything
 * behind. What the kernel keeps for reuse (stacks, page tables, empty slabs) is given back before it
 * counts, or the figures would depend on what ran last.
 */
#include <tessera/fault_injection.h>
#include <tessera/kmalloc.h>
#include <tessera/page.h>
#include <tessera/prctl.h>
#include <tessera/process.h>
#include <tessera/user_copy.h>

#include "ledger.h"
#include "life.h"

static bool look_for_leaver(struct thread *thread, void *found)
{
	*(bool *)found = thread->name == task_has_left && !thread_has_ended(thread);
	return !*(bool *)found;
}

/* Nobody but the ledger knows of it any more: it is to take its last steps before it is counted. */
static void let_leavers_end(void)
{
	bool found = false;

	do
		thread_each(look_for_leaver, &found);
	while (found && thread_sleep(0) == 0);
}

long ledger_tell(uintptr_t user)
{
	struct process_totals processes;
	struct space_totals spaces;
	struct object_stats objects;
	struct ledger ledger;

	let_leavers_end();
	thread_reclaim();
	space_reclaim();
	object_reclaim();
	process_totals(&processes);
	space_totals(&spaces);
	object_stats(&objects);
	ledger = (struct ledger){
		.free_pages = page_free_count(),
		.objects = objects.in_use,
		.processes = processes.processes,
		.tasks = processes.tasks,
		.pids = processes.pids,
		.threads = thread_count(),
		.spaces = spaces.spaces,
		.areas = spaces.areas,
		.table_pages = spaces.table_pages,
		.resident = spaces.resident,
		.sources = spaces.sources,
		.source_pages = spaces.source_pages,
	};
	return copy_to_user(user, &ledger, sizeof(ledger));
}

long ledger_fail_allocation(unsigned long n)
{
	if (!IS_ENABLED(CONFIG_FAULT_INJECTION))
		return -EINVAL;
	if (!n)
		return fault_injection_disarm();
	fault_injection_arm((unsigned)n);
	return 0;
}

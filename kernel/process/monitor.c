// SPDX-License-Identifier: MIT
/* The monitor's view of processes. */
#include <tessera/console.h>
#include <tessera/monitor.h>
#include <tessera/page.h>
#include <tessera/process.h>

static bool show_process(struct process *process, void *arg)
{
	const struct address_space *space = process->space;

	print("%5d %5d %5d %5d  %-16s %-8s", process->pid, process->parent_pid, process->group,
	      process->session, process->name,
	      process->ended	 ? "ended"
	      : process->stopped ? "stopped"
				 : "alive");
	if (space)
		print(" %3u tasks, %zu KiB in %u areas, %zu KiB of page tables",
		      process->task_count, space->resident * (PAGE_SIZE / 1024), space->area_count,
		      space->table_pages * (PAGE_SIZE / 1024));
	print("\n");
	return true;
}

static void show_processes(int argc, char **argv)
{
	struct process_totals totals;
	struct space_totals spaces;

	print("  pid  from group  sess  name             state\n");
	process_each(show_process, NULL);
	process_totals(&totals);
	space_totals(&spaces);
	print("%u processes, %u tasks, %u pids in use of %d\n", totals.processes, totals.tasks,
	      totals.pids, CONFIG_TASKS_MAX);
	print("%zu spaces, %zu areas, %zu pages mapped, %zu of page tables and %zu kept for them, "
	      "%zu of files\n",
	      spaces.spaces, spaces.areas, spaces.resident, spaces.table_pages, spaces.table_cache,
	      spaces.source_pages);
}
MONITOR_COMMAND(processes, "processes", "all processes, and what they hold", show_processes);

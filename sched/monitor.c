// SPDX-License-Identifier: MIT
/* The monitor's view of threads and scheduler. */
#include <tessera/clock.h>
#include <tessera/console.h>
#include <tessera/monitor.h>
#include <tessera/sched.h>

static const char *state_name(const struct thread *thread)
{
	if (thread == current_thread())
		return "running";
	if (!thread->waiting_on)
		return "ready";
	if (thread_has_ended(thread))
		return "ended";
	return thread->blocked_on		   ? "mutex"
	       : thread->waiting_on == WAIT_EVENT  ? "event"
	       : wait_is_queue(thread->waiting_on) ? "waiting"
						   : "sleeping";
}

static bool show_thread(struct thread *thread, void *arg)
{
	print("%5d  %-16s %-8s %3u", thread->id, thread->name, state_name(thread),
	      thread->priority);
	if (thread->priority != thread->base_priority)
		print(" (own %u)", thread->base_priority);
	if (IS_ENABLED(CONFIG_DEBUG_STACK) && thread->stack)
		print("  stack %zu of %zu",
		      (size_t)((char *)thread - (char *)thread->stack) -
			      thread_stack_unused(thread),
		      (size_t)((char *)thread - (char *)thread->stack));
	thread_show_times(thread);
	print("\n");
	return true;
}

static void show_threads(int argc, char **argv)
{
	print("   id  name             state    priority\n");
	thread_each(show_thread, NULL);
}
MONITOR_COMMAND(threads, "threads", "all threads: state, priority, and what is measured of them",
		show_threads);

static void show_scheduler(int argc, char **argv)
{
	print("class %s, slice %u ms, tick %u Hz, %s\n", sched_class_name,
	      CONFIG_SCHED_TIMESLICE_MS, CONFIG_HZ,
	      IS_ENABLED(CONFIG_PREEMPT_KERNEL) ? "preemptible" : "not preemptible");
	print("%u threads of at most %u\n", thread_count(), CONFIG_THREADS_MAX);
}
MONITOR_COMMAND(scheduler, "scheduler", "scheduler class and settings", show_scheduler);

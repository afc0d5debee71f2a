// SPDX-License-Identifier: MIT
/* Accounting as people read it; sched_stats.h keeps it. */
#include <asm/irqflags.h>
#include <tessera/clock.h>
#include <tessera/console.h>
#include <tessera/sched_stats.h>

/* In two parts, each of which fits 64 bits for centuries. */
static uint64_t microseconds(uint64_t cycles)
{
	uint64_t hz = clock_source_hz();

	return cycles / hz * USEC_PER_SEC + cycles % hz * USEC_PER_SEC / hz;
}

void thread_times(const struct thread *thread, uint64_t *run, uint64_t *wait)
{
	unsigned long flags = irq_save();
	uint64_t now = cycle_count_masked();
	struct thread_stats stats = thread->stats;

	irq_restore(flags);
	/* What lasts has only its beginning in the sum. */
	if (thread == current_thread())
		stats.run += now;
	else if (!thread->waiting_on)
		stats.wait += now;
	*run = microseconds(stats.run);
	*wait = microseconds(stats.wait);
}

void thread_show_times(const struct thread *thread)
{
	uint64_t run, wait;

	thread_times(thread, &run, &wait);
	print("  ran %llu us, waited %llu us, switched %u+%u", (unsigned long long)run,
	      (unsigned long long)wait, thread->stats.voluntary, thread->stats.involuntary);
}

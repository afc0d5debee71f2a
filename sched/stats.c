// SPDX-License-Identifier: MIT
/*
 * Accounting (SCHED_STATS): how long each thread ran, how long it was ready without running, and how
 * often it gave the CPU away or lost it. Two readings of the clock per switch.
 */
#include <tessera/clock.h>
#include <tessera/sched.h>
#include <tessera/string.h>

void sched_account_begin(struct thread *thread)
{
	memset(&thread->stats, 0, sizeof(thread->stats));
}

void sched_account_ready(struct thread *thread)
{
	thread->stats.since = clock_now();
}

void sched_account(struct thread *from, struct thread *to, bool voluntary)
{
	uint64_t now = clock_now();

	from->stats.run += now - from->stats.since;
	from->stats.since = now;
	if (voluntary)
		from->stats.voluntary++;
	else
		from->stats.involuntary++;
	to->stats.wait += now - to->stats.since;
	to->stats.since = now;
}

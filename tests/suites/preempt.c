// SPDX-License-Identifier: MIT
/* What only a preemptible kernel on a machine whose tick comes by itself can show. */
#include <tessera/test.h>

#include "threads.h"

#define MIDDLE PRIORITY_DEFAULT

/* Spinners that only the tick can switch share the CPU within a slice. */
static volatile bool spin;
static int spin_and_count(void *arg)
{
	volatile unsigned *count = arg;

	while (spin)
		++*count;
	return 0;
}

TEST(sched, slices_are_equal)
{
	struct thread *threads[3];
	unsigned counts[3] = { 0 };
	unsigned least, most;

	spin = true;
	for (unsigned i = 0; i < 3; i++)
		threads[i] = thread_create(spin_and_count, &counts[i], "spins", MIDDLE);
	/* Higher than the spinners, so that it ends on time; under round-robin it takes its turn. */
	thread_set_priority(current_thread(), MIDDLE + 1);
	thread_sleep(3 * 4 * MAX(TICK, CONFIG_SCHED_TIMESLICE_MS * 1000000ull));
	spin = false;
	thread_set_priority(current_thread(), MIDDLE);
	for (unsigned i = 0; i < 3; i++)
		thread_join(threads[i], NULL, FOREVER);
	least = MIN(counts[0], MIN(counts[1], counts[2]));
	most = MAX(counts[0], MAX(counts[1], counts[2]));
	EXPECT(least > 0);
	/* Four slices each, one more or less: at worst 3 against 5. */
	EXPECT(most <= least * 2);
}

// SPDX-License-Identifier: MIT
/* Accounting (SCHED_STATS): whose the time is, and how often the CPU changed hands. */
#include <asm/irqflags.h>
#include <tessera/clock.h>
#include <tessera/sched_stats.h>
#include <tessera/test.h>

#include "threads.h"

#define MIDDLE PRIORITY_DEFAULT

/* Microseconds, less (more) what a more precise rate of the clock may take off (add) during the test. */
#define LEAST(time) ((time) / 1000 * 9 / 10)
#define MOST(time)  ((time) / 1000 * 11 / 10)

static bool add_run(struct thread *thread, void *arg)
{
	uint64_t *sum = arg;

	*sum += thread->stats.run;
	return true;
}

/* One thread's stretch ends where the next one's begins, so this never changes. */
static uint64_t run_of_all(void)
{
	uint64_t sum = this_cpu()->idle->stats.run;

	thread_each(add_run, &sum);
	return sum;
}

static void spin_for(uint64_t time)
{
	uint64_t end = clock_now() + time;

	while (clock_now() < end)
		;
}

static void work(void)
{
	for (unsigned i = 0; i < 3; i++) {
		spin_for(TICK / 10);
		thread_yield();
	}
}

static int work_and_wait(void *arg)
{
	work();
	return wait_for_gate(NULL);
}

static int work_and_sleep(void *arg)
{
	work();
	return thread_sleep(5 * TICK);
}

TEST_IN_TURN(sched_stats, each_thread_is_charged_with_its_own_time)
{
	struct thread *thread;
	struct thread_stats blocked;
	uint64_t run, wait, begin, most;

	gate_close();
	begin = clock_now();
	thread = thread_create(work_and_wait, NULL, "works", MIDDLE);
	ASSERT_TRUE(thread != NULL);
	spin_for(TICK / 5);
	thread_times(thread, &run, &wait);
	EXPECT_EQ(run, 0);
	EXPECT(wait >= LEAST(TICK / 5));

	for (unsigned i = 0; i < 3; i++)
		thread_yield();
	EXPECT_EQ(thread->stats.voluntary, 3);
	thread_yield(); /* and now it waits */
	EXPECT_EQ(thread->stats.voluntary, 4);
	EXPECT(thread_is_blocked(thread));
	thread_times(thread, &run, &wait);
	EXPECT(run >= LEAST(3 * (TICK / 10)));
	most = MOST(clock_now() - begin);
	EXPECT(run <= most && wait <= most - run);

	/* Nobody is charged with the time in which it waits for something else than the CPU. */
	blocked = thread->stats;
	thread_sleep(3 * TICK);
	EXPECT_EQ(thread->stats.run, blocked.run);
	EXPECT_EQ(thread->stats.wait, blocked.wait);
	gate_open();
	EXPECT_EQ(thread_join(thread, NULL, FOREVER), 0);
}

TEST(sched_stats, all_time_is_somebodys)
{
	struct thread *thread = thread_create(work_and_sleep, NULL, "works", MIDDLE);
	struct thread *above = thread_create(work_and_sleep, NULL, "above", PRIORITY_MAX);
	uint64_t before = run_of_all();

	thread_sleep(4 * TICK);
	thread_yield();
	thread_set_priority(thread, PRIORITY_MAX);
	thread_sleep(TICK);
	EXPECT_EQ(run_of_all(), before);
	EXPECT_EQ(thread_join(thread, NULL, FOREVER), 0);
	EXPECT_EQ(thread_join(above, NULL, FOREVER), 0);
}

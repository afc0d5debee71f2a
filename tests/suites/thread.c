// SPDX-License-Identifier: MIT
/* The life of threads: creation, end, join, detach, kill, ids, exhaustion. */
#include <tessera/errno.h>
#include <tessera/kmalloc.h>
#include <tessera/page.h>
#include <tessera/test.h>
#include <tessera/thread.h>

#include "threads.h"

#define MIDDLE PRIORITY_DEFAULT

static int return_arg(void *arg)
{
	return (int)(intptr_t)arg;
}

static int exit_with_arg(void *arg)
{
	thread_exit((int)(intptr_t)arg);
}

TEST(thread, join_gives_status)
{
	struct thread *a = thread_create(return_arg, (void *)42, "a", MIDDLE);
	struct thread *b = thread_create(exit_with_arg, (void *)-7, "b", MIDDLE);
	int status = 0;

	ASSERT_TRUE(a && b);
	EXPECT(a->id > 0 && b->id > 0 && a->id != b->id);
	EXPECT(thread_by_id(a->id) == a);
	EXPECT_EQ(thread_join(a, &status, FOREVER), 0);
	EXPECT_EQ(status, 42);
	EXPECT_EQ(thread_join(b, &status, FOREVER), 0);
	EXPECT_EQ(status, -7);
}

static int join_thread(void *arg)
{
	return thread_join(arg, NULL, FOREVER);
}

TEST(thread, join_errors)
{
	struct thread *sleeper, *joiner;
	int result;

	gate_close();
	sleeper = thread_create(wait_for_gate, NULL, "sleeper", MIDDLE);
	ASSERT_TRUE(sleeper);
	EXPECT_EQ(thread_join(current_thread(), NULL, FOREVER), -EDEADLK);
	EXPECT_EQ(thread_join(sleeper, NULL, 0), -ETIMEDOUT);
	EXPECT_EQ(thread_join(sleeper, NULL, 3 * TICK), -ETIMEDOUT);
	joiner = thread_create(join_thread, sleeper, "joiner", MIDDLE);
	ASSERT_TRUE(joiner);
	let_others_run();
	EXPECT_EQ(thread_join(sleeper, NULL, FOREVER), -EINVAL);
	EXPECT_EQ(thread_detach(sleeper), -EINVAL);
	gate_open();
	EXPECT_EQ(thread_join(joiner, &result, FOREVER), 0);
	EXPECT_EQ(result, 0);
}

TEST(thread, priority_out_of_range)
{
	struct ledger before = ledger();

	EXPECT(!thread_create(return_arg, NULL, "bad", PRIORITY_MAX + 1));
	EXPECT_EQ(thread_set_priority(current_thread(), PRIORITY_MAX + 1), -EINVAL);
	EXPECT(ledger_same(before));
}

TEST(thread, detached_returns_everything)
{
	struct ledger before = ledger();

	for (unsigned i = 0; i < 50; i++) {
		struct thread *thread = thread_create(return_arg, NULL, "detached", MIDDLE);

		ASSERT_TRUE(thread);
		if (i % 2) /* sometimes it ends first */
			let_others_run();
		EXPECT_EQ(thread_detach(thread), 0);
		let_others_run();
	}
	EXPECT(ledger_same(before));
}

TEST(thread, kill_ends_sleep_and_join)
{
	struct thread *sleeper = thread_create(sleep_for_ever, NULL, "sleeper", MIDDLE);
	struct thread *joiner;
	int result;

	ASSERT_TRUE(sleeper);
	joiner = thread_create(join_thread, sleeper, "joiner", MIDDLE);
	ASSERT_TRUE(joiner);
	let_others_run();
	thread_kill(joiner);
	EXPECT_EQ(thread_join(joiner, &result, FOREVER), 0);
	EXPECT_EQ(result, -EINTR);
	thread_kill(sleeper);
	EXPECT_EQ(thread_join(sleeper, &result, FOREVER), 0);
	EXPECT_EQ(result, -EINTR);
}

static int sleep_twice(void *arg)
{
	let_others_run();
	if (thread_sleep(TICK) != -EINTR)
		return 1;
	return thread_sleep(TICK) == -EINTR ? 0 : 2;
}

TEST(thread, kill_ends_every_later_wait)
{
	struct thread *thread = thread_create(sleep_twice, NULL, "killed", MIDDLE);
	int result;

	ASSERT_TRUE(thread);
	thread_kill(thread); /* before it waits */
	EXPECT_EQ(thread_join(thread, &result, FOREVER), 0);
	EXPECT_EQ(result, 0);
}

/* As many threads as memory or ids allow, and their end. */
static void exhaust(void)
{
	struct thread *first = NULL, *thread;
	unsigned before = thread_count(), n = 0, ended = 0;

	gate_close();
	while ((thread = thread_create(wait_for_gate, first, "many", MIDDLE))) {
		first = thread;
		n++;
	}
	EXPECT(n >= 8 || !memory_is_large());
	EXPECT_EQ(thread_count(), before + n);
	gate_open();
	while (first) {
		struct thread *next = first->arg;

		EXPECT_EQ(thread_join(first, NULL, FOREVER), 0);
		first = next;
		ended++;
	}
	EXPECT_EQ(ended, n);
}

/* The failure is clean, and everything comes back. Page tables of stacks are kept for the next ones,
 * so the account begins after the first time. */
TEST(thread, exhaustion_and_recovery)
{
	struct ledger before;

	exhaust();
	before = ledger();
	exhaust();
	EXPECT(ledger_same(before));
}

/* An id is used again only after all the others have been. */
TEST(thread, ids_come_round)
{
	struct thread *thread = thread_create(return_arg, NULL, "first", MIDDLE);
	int id;

	ASSERT_TRUE(thread);
	id = thread->id;
	thread_join(thread, NULL, FOREVER);
	for (unsigned i = 0; i + 20 < CONFIG_THREADS_MAX; i++) {
		thread = thread_create(return_arg, NULL, "next", MIDDLE);
		ASSERT_TRUE(thread);
		EXPECT(thread->id != id);
		thread_join(thread, NULL, FOREVER);
	}
}

static bool is_not(struct thread *thread, void *arg)
{
	struct thread **wanted = arg;

	if (thread == *wanted)
		*wanted = NULL;
	return *wanted != NULL;
}

/* The last id is as good as any. */
TEST(thread, each_meets_the_first_and_the_last)
{
	struct thread *wanted = current_thread(), *last = NULL;
	int status = 0;

	thread_each(is_not, &wanted);
	EXPECT(!wanted);
	for (unsigned i = 0; i < CONFIG_THREADS_MAX && !last; i++) {
		struct thread *thread = thread_create(return_arg, NULL, "next", MIDDLE);

		ASSERT_TRUE(thread);
		wanted = thread;
		if (thread->id == CONFIG_THREADS_MAX) {
			last = thread;
			thread_each(is_not, &wanted);
			EXPECT(!wanted);
		}
		thread_join(thread, &status, FOREVER);
	}
	EXPECT(last != NULL);
}

static int count_down(void *arg)
{
	unsigned *left = arg;

	while (*left) {
		--*left;
		thread_yield();
	}
	return 0;
}

TEST_IN_TURN(thread, yield_gives_turns)
{
	struct thread *threads[8];
	unsigned left[ARRAY_SIZE(threads)];

	for (unsigned i = 0; i < ARRAY_SIZE(threads); i++) {
		left[i] = 100;
		threads[i] = thread_create(count_down, &left[i], "yields", MIDDLE);
		ASSERT_TRUE(threads[i]);
	}
	/* The turns are exact: nobody is ever ahead. */
	while (left[0]) {
		for (unsigned i = 1; i < ARRAY_SIZE(threads); i++)
			EXPECT_EQ(left[i], left[0]);
		thread_yield();
	}
	for (unsigned i = 0; i < ARRAY_SIZE(threads); i++)
		EXPECT_EQ(thread_join(threads[i], NULL, FOREVER), 0);
}

TEST(thread, sleep_lasts_as_long_as_asked)
{
	for (unsigned ticks = 0; ticks < 4; ticks++) {
		uint64_t begin = this_cpu()->tick_time, slept;

		EXPECT_EQ(thread_sleep(ticks * TICK), 0);
		slept = this_cpu()->tick_time - begin;
		EXPECT(slept >= ticks * TICK);
		EXPECT(slept <= (ticks + 2) * TICK);
	}
}

// SPDX-License-Identifier: MIT
#include <asm/irqflags.h>
#include <tessera/errno.h>
#include <tessera/semaphore.h>
#include <tessera/string.h>
#include <tessera/test.h>

#include "threads.h"

#define MIDDLE PRIORITY_DEFAULT

TEST(semaphore, counts)
{
	struct semaphore semaphore;

	EXPECT_EQ(semaphore_init(&semaphore, -1), -EINVAL);
	EXPECT_EQ(semaphore_init(&semaphore, 2), 0);
	EXPECT_EQ(semaphore_value(&semaphore), 2);
	EXPECT_EQ(semaphore_wait(&semaphore, FOREVER), 0);
	EXPECT_EQ(semaphore_wait(&semaphore, TICK), 0);
	EXPECT_EQ(semaphore_wait(&semaphore, 0), -EAGAIN);
	EXPECT_EQ(semaphore_try(&semaphore), -EAGAIN);
	EXPECT_EQ(semaphore_wait(&semaphore, 2 * TICK), -ETIMEDOUT);
	EXPECT_EQ(semaphore_value(&semaphore), 0);
	EXPECT_EQ(semaphore_post(&semaphore), 0);
	EXPECT_EQ(semaphore_try(&semaphore), 0);
}

TEST(semaphore, overflow)
{
	struct semaphore *semaphore = semaphore_create(SEMAPHORE_MAX);
	struct semaphore other;

	ASSERT_TRUE(semaphore);
	EXPECT_EQ(semaphore_post(semaphore), -EOVERFLOW);
	EXPECT_EQ(semaphore_value(semaphore), SEMAPHORE_MAX);
	semaphore_init(&other, 1);
	EXPECT_EQ(semaphore_exchange(semaphore, &other, FOREVER), -EOVERFLOW);
	EXPECT_EQ(semaphore_value(&other), 1);
	semaphore_free(semaphore);
}

static struct semaphore shared;

static int take_and_trace(void *arg)
{
	int result = semaphore_wait(&shared, FOREVER);

	trace_add((char)(intptr_t)arg);
	return result;
}

TEST_IN_TURN(semaphore, wakes_in_order_and_nobody_steals)
{
	struct thread *threads[3];
	bool priorities = IS_ENABLED(CONFIG_SCHED_PRIORITY);
	int result;

	semaphore_init(&shared, 0);
	trace_clear();
	threads[0] = thread_create(take_and_trace, (void *)(intptr_t)'a', "a", MIDDLE - 1);
	threads[1] = thread_create(take_and_trace, (void *)(intptr_t)'b', "b", MIDDLE);
	threads[2] = thread_create(take_and_trace, (void *)(intptr_t)'c', "c", MIDDLE);
	let_others_run();
	EXPECT_EQ(semaphore_value(&shared), -3);
	EXPECT_EQ(semaphore_post(&shared), 0);
	/* The unit belongs to the woken thread although it has not run yet. */
	EXPECT_EQ(semaphore_try(&shared), -EAGAIN);
	EXPECT_EQ(semaphore_post(&shared), 0);
	EXPECT_EQ(semaphore_post(&shared), 0);
	EXPECT_EQ(semaphore_post(&shared), 0);
	for (unsigned i = 0; i < 3; i++) {
		EXPECT_EQ(thread_join(threads[i], &result, FOREVER), 0);
		EXPECT_EQ(result, 0);
	}
	EXPECT_EQ(semaphore_try(&shared), 0);
	EXPECT_TRACE(priorities ? "bca" : "abc");
}

static int wait_long(void *arg)
{
	return semaphore_wait(arg, 1000 * TICK);
}

TEST(semaphore, free_and_kill_end_the_wait)
{
	struct semaphore *semaphore = semaphore_create(0);
	struct thread *a, *b, *c;
	int result;

	ASSERT_TRUE(semaphore);
	semaphore_init(&shared, 0);
	a = thread_create(wait_long, semaphore, "a", MIDDLE);
	b = thread_create(take_and_trace, NULL, "b", MIDDLE);
	c = thread_create(wait_long, semaphore, "c", MIDDLE);
	let_others_run();
	thread_kill(c);
	EXPECT_EQ(thread_join(c, &result, FOREVER), 0);
	EXPECT_EQ(result, -EINTR);
	EXPECT_EQ(semaphore_value(semaphore), -1);
	semaphore_free(semaphore);
	semaphore_destroy(&shared);
	EXPECT_EQ(thread_join(a, &result, FOREVER), 0);
	EXPECT_EQ(result, -EIDRM);
	EXPECT_EQ(thread_join(b, &result, FOREVER), 0);
	EXPECT_EQ(result, -EIDRM);
}

static void post_from_timer(struct timer *timer)
{
	semaphore_post(&shared);
}

TEST(semaphore, post_from_an_interrupt)
{
	struct timer timer;

	semaphore_init(&shared, 0);
	timer_init(&timer, post_from_timer);
	timer_set(&timer, TICK);
	EXPECT_EQ(semaphore_wait(&shared, FOREVER), 0);
	timer_set(&timer, TICK);
	EXPECT_EQ(semaphore_wait(&shared, 10 * TICK), 0);
	EXPECT(!timer_pending(&current_thread()->timeout));
}

static struct semaphore ping, pong;

static int echo(void *arg)
{
	int result = semaphore_wait(&ping, FOREVER);

	for (unsigned i = 0; i < 100 && !result; i++)
		result = semaphore_exchange(&pong, &ping, FOREVER);
	return result;
}

TEST(semaphore, exchange_takes_turns)
{
	struct thread *thread;
	int result;

	semaphore_init(&ping, 0);
	semaphore_init(&pong, 0);
	thread = thread_create(echo, NULL, "echo", MIDDLE);
	for (unsigned i = 0; i < 100; i++) {
		EXPECT_EQ(semaphore_exchange(&ping, &pong, i % 2 ? FOREVER : 5 * TICK), 0);
		EXPECT(semaphore_value(&pong) <= 0);
	}
	EXPECT_EQ(semaphore_post(&ping), 0);
	EXPECT_EQ(thread_join(thread, &result, FOREVER), 0);
	EXPECT_EQ(result, 0);
	EXPECT_EQ(semaphore_exchange(&ping, &pong, 0), -EAGAIN);
	EXPECT_EQ(semaphore_exchange(&ping, &pong, 2 * TICK), -ETIMEDOUT);
	EXPECT_EQ(semaphore_value(&ping), 2);
}

// SPDX-License-Identifier: MIT
/* Mutexes, priority inheritance, condition variables. */
#include <asm/irqflags.h>
#include <tessera/errno.h>
#include <tessera/mutex.h>
#include <tessera/string.h>
#include <tessera/test.h>

#include "threads.h"

#define LOW	   1
#define MIDDLE	   PRIORITY_DEFAULT
#define HIGH	   (PRIORITY_MAX - 1)
#define PRIORITIES IS_ENABLED(CONFIG_SCHED_PRIORITY)

static struct mutex mutex = MUTEX_INIT(mutex);
static struct mutex second = MUTEX_INIT(second);

TEST(mutex, errors)
{
	EXPECT_EQ(mutex_unlock(&mutex), -EPERM);
	EXPECT_EQ(mutex_lock(&mutex), 0);
	EXPECT(mutex_owner(&mutex) == current_thread());
	EXPECT_EQ(mutex_lock(&mutex), -EDEADLK);
	EXPECT_EQ(mutex_try_lock(&mutex), -EDEADLK);
	EXPECT_EQ(mutex_unlock(&mutex), 0);
	EXPECT_EQ(mutex_try_lock(&mutex), 0);
	EXPECT_EQ(mutex_unlock(&mutex), 0);
	EXPECT_EQ(mutex_unlock(&mutex), -EPERM);
}

static int lock_with_timeout(void *arg)
{
	return mutex_lock_timeout(&mutex, *(uint64_t *)arg);
}

TEST(mutex, timeout_leaves_nothing_behind)
{
	uint64_t none = 0, short_time = 2 * TICK;
	struct thread *a, *b;
	int result;

	EXPECT_EQ(mutex_lock(&mutex), 0);
	a = thread_create(lock_with_timeout, &none, "a", MIDDLE);
	b = thread_create(lock_with_timeout, &short_time, "b", HIGH);
	EXPECT_EQ(thread_join(a, &result, FOREVER), 0);
	EXPECT_EQ(result, -EAGAIN);
	EXPECT_EQ(thread_join(b, &result, FOREVER), 0);
	EXPECT_EQ(result, -ETIMEDOUT);
	EXPECT(wait_queue_empty(&mutex.waiters));
	EXPECT_EQ(current_thread()->priority, current_thread()->base_priority);
	EXPECT_EQ(mutex.owner, (unsigned long)current_thread());
	EXPECT_EQ(mutex_unlock(&mutex), 0);
}

static int lock_trace_unlock(void *arg)
{
	int result = mutex_lock(&mutex);

	if (result)
		return result;
	trace_add((char)(intptr_t)arg);
	thread_yield(); /* nobody may come in between */
	trace_add((char)(intptr_t)arg - 'a' + 'A');
	return mutex_unlock(&mutex);
}

TEST_IN_TURN(mutex, hands_over_in_order)
{
	struct thread *threads[4];
	int result;

	trace_clear();
	EXPECT_EQ(mutex_lock(&mutex), 0);
	threads[0] = thread_create(lock_trace_unlock, (void *)(intptr_t)'a', "a", LOW);
	threads[1] = thread_create(lock_trace_unlock, (void *)(intptr_t)'b', "b", MIDDLE);
	threads[2] = thread_create(lock_trace_unlock, (void *)(intptr_t)'c', "c", HIGH);
	threads[3] = thread_create(lock_trace_unlock, (void *)(intptr_t)'d', "d", MIDDLE);
	let_others_run();
	EXPECT_EQ(mutex_unlock(&mutex), 0);
	for (unsigned i = 0; i < 4; i++) {
		EXPECT_EQ(thread_join(threads[i], &result, FOREVER), 0);
		EXPECT_EQ(result, 0);
	}
	EXPECT_TRACE(PRIORITIES ? "cCbBdDaA" : "aAbBcCdD");
}

TEST(mutex, kill_ends_the_wait)
{
	struct thread *thread;
	uint64_t for_ever = FOREVER;
	int result;

	EXPECT_EQ(mutex_lock(&mutex), 0);
	thread = thread_create(lock_with_timeout, &for_ever, "waits", HIGH);
	let_others_run();
	EXPECT(!wait_queue_empty(&mutex.waiters));
	thread_kill(thread);
	EXPECT_EQ(thread_join(thread, &result, FOREVER), 0);
	EXPECT_EQ(result, -EINTR);
	EXPECT_EQ(current_thread()->priority, current_thread()->base_priority);
	EXPECT_EQ(mutex_unlock(&mutex), 0);
}

/* The owner runs at the priority of the highest waiter, and no longer than it owns the mutex. */
static int own_until_gate(void *arg)
{
	mutex_lock(&mutex);
	wait_for_gate(NULL);
	trace_add('l');
	mutex_unlock(&mutex);
	trace_add('L');
	return current_thread()->priority;
}

TEST_IN_TURN(mutex, inheritance_bounds_inversion)
{
	struct thread *low, *high, *middle;
	int result;

	if (!PRIORITIES)
		SKIP("SCHED_PRIORITY");
	trace_clear();
	gate_close();
	low = thread_create(own_until_gate, NULL, "low", LOW);
	let_others_run();
	high = thread_create(lock_trace_unlock, (void *)(intptr_t)'h', "high", HIGH);
	EXPECT_EQ(low->priority, HIGH);
	EXPECT_EQ(low->base_priority, LOW);
	middle = thread_create(lock_trace_unlock, (void *)(intptr_t)'m', "middle", MIDDLE - 1);
	gate_open(); /* low runs before this thread, then high; middle has to wait for both */
	EXPECT_TRACE("lhH");
	EXPECT_EQ(thread_join(middle, &result, FOREVER), 0);
	EXPECT_EQ(thread_join(high, &result, FOREVER), 0);
	EXPECT_EQ(thread_join(low, &result, FOREVER), 0);
	EXPECT_EQ(result, LOW);
	EXPECT_TRACE("lhHmML");
}

static int own_second_want_first(void *arg)
{
	mutex_lock(&second);
	mutex_lock(&mutex);
	mutex_unlock(&mutex);
	mutex_unlock(&second);
	return current_thread()->priority;
}

static int want_second(void *arg)
{
	int result = mutex_lock_timeout(&second, *(uint64_t *)arg);

	if (!result)
		mutex_unlock(&second);
	return result;
}

TEST(mutex, inheritance_goes_along_a_chain)
{
	uint64_t timeout = 2 * TICK, for_ever = FOREVER;
	struct thread *low, *between, *high;
	int result;

	if (!PRIORITIES)
		SKIP("SCHED_PRIORITY");
	gate_close();
	low = thread_create(own_until_gate, NULL, "low", LOW);
	let_others_run();
	between = thread_create(own_second_want_first, NULL, "between", LOW + 1);
	let_others_run();
	EXPECT_EQ(low->priority, LOW + 1);
	high = thread_create(want_second, &timeout, "high", HIGH);
	EXPECT_EQ(between->priority, HIGH);
	EXPECT_EQ(low->priority, HIGH);
	/* The waiter gives up: the chain falls back. */
	EXPECT_EQ(thread_join(high, &result, FOREVER), 0);
	EXPECT_EQ(result, -ETIMEDOUT);
	EXPECT_EQ(between->priority, LOW + 1);
	EXPECT_EQ(low->priority, LOW + 1);
	/* The waiter's own priority changes: the chain follows. */
	high = thread_create(want_second, &for_ever, "high", HIGH);
	EXPECT_EQ(low->priority, HIGH);
	thread_set_priority(high, MIDDLE - 1);
	EXPECT_EQ(between->priority, MIDDLE - 1);
	EXPECT_EQ(low->priority, MIDDLE - 1);
	gate_open();
	EXPECT_EQ(thread_join(high, &result, FOREVER), 0);
	EXPECT_EQ(thread_join(between, &result, FOREVER), 0);
	EXPECT_EQ(result, LOW + 1);
	EXPECT_EQ(thread_join(low, &result, FOREVER), 0);
	EXPECT_EQ(result, LOW);
}

static struct condition condition = CONDITION_INIT(condition);
static unsigned available;

static int consume(void *arg)
{
	int result = mutex_lock(&mutex);

	while (!result && !available)
		result = condition_wait(&condition, &mutex, *(uint64_t *)arg);
	if (!result)
		available--;
	if (mutex_owner(&mutex) != current_thread())
		return 1;
	mutex_unlock(&mutex);
	return result;
}

TEST(mutex, condition_signal_and_broadcast)
{
	uint64_t for_ever = FOREVER;
	struct thread *threads[4];
	int result;

	EXPECT_EQ(condition_wait(&condition, &mutex, FOREVER), -EPERM);
	available = 0;
	for (unsigned i = 0; i < 4; i++)
		threads[i] = thread_create(consume, &for_ever, "consumer", MIDDLE);
	let_others_run();
	mutex_lock(&mutex);
	available = 1;
	condition_signal(&condition);
	mutex_unlock(&mutex);
	let_others_run();
	EXPECT_EQ(available, 0);
	mutex_lock(&mutex);
	available = 3;
	condition_broadcast(&condition);
	mutex_unlock(&mutex);
	for (unsigned i = 0; i < 4; i++) {
		EXPECT_EQ(thread_join(threads[i], &result, FOREVER), 0);
		EXPECT_EQ(result, 0);
	}
	EXPECT_EQ(available, 0);
}

TEST(mutex, condition_timeout_and_kill_own_the_mutex)
{
	uint64_t short_time = 2 * TICK, for_ever = FOREVER;
	struct thread *a, *b;
	int result;

	available = 0;
	a = thread_create(consume, &short_time, "times out", MIDDLE);
	b = thread_create(consume, &for_ever, "is killed", MIDDLE);
	let_others_run();
	mutex_lock(&mutex);
	thread_kill(b);
	let_others_run(); /* it wants the mutex now, killed or not */
	thread_kill(b);
	let_others_run();
	mutex_unlock(&mutex);
	EXPECT_EQ(thread_join(a, &result, FOREVER), 0);
	EXPECT_EQ(result, -ETIMEDOUT);
	EXPECT_EQ(thread_join(b, &result, FOREVER), 0);
	EXPECT_EQ(result, -EINTR);
}

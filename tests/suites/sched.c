// SPDX-License-Identifier: MIT
/* Who runs when: the order guarantees of the scheduler classes. */
#include <asm/irqflags.h>
#include <tessera/errno.h>
#include <tessera/sched.h>
#include <tessera/string.h>
#include <tessera/test.h>

#include "threads.h"

#define MIDDLE	   PRIORITY_DEFAULT
#define PRIORITIES IS_ENABLED(CONFIG_SCHED_PRIORITY)

static int trace_arg(void *arg)
{
	trace_add((char)(intptr_t)arg);
	return 0;
}

static struct thread *traced(char step, unsigned priority)
{
	return thread_create(trace_arg, (void *)(intptr_t)step, "traced", priority);
}

static void join_all(struct thread **threads, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (threads[i])
			thread_join(threads[i], NULL, FOREVER);
}

TEST_IN_TURN(sched, equal_threads_run_in_order_of_creation)
{
	struct thread *threads[5];

	trace_clear();
	for (unsigned i = 0; i < 5; i++)
		threads[i] = traced('a' + i, MIDDLE);
	join_all(threads, 5);
	EXPECT_TRACE("abcde");
}

TEST_IN_TURN(sched, higher_thread_runs_at_once)
{
	struct thread *threads[3];

	trace_clear();
	trace_add('1');
	threads[0] = traced('l', 0);
	trace_add('2');
	threads[1] = traced('h', PRIORITY_MAX);
	trace_add('3');
	threads[2] = traced('m', MIDDLE);
	trace_add('4');
	join_all(threads, 3);
	EXPECT_TRACE(PRIORITIES ? "12h34ml" : "1234lhm");
}

/* A thread preempted by a higher one goes on before others of its level. */
static int wakes_higher(void *arg)
{
	struct thread *high;

	trace_add('a');
	high = traced('H', PRIORITY_MAX);
	trace_add('b');
	return thread_join(high, NULL, FOREVER);
}

TEST_IN_TURN(sched, preempted_thread_keeps_its_turn)
{
	struct thread *threads[2];

	if (!PRIORITIES)
		SKIP("SCHED_PRIORITY");
	trace_clear();
	threads[0] = thread_create(wakes_higher, NULL, "wakes", MIDDLE);
	threads[1] = traced('z', MIDDLE);
	join_all(threads, 2);
	EXPECT_TRACE("aHbz");
}

TEST_IN_TURN(sched, set_priority_of_a_ready_thread)
{
	struct thread *threads[3];

	if (!PRIORITIES)
		SKIP("SCHED_PRIORITY");
	trace_clear();
	threads[0] = traced('a', 0);
	threads[1] = traced('b', 0);
	threads[2] = traced('c', MIDDLE); /* in the woken slot, if anybody is */
	EXPECT_EQ(thread_set_priority(threads[2], 0), 0);
	trace_add('1');
	EXPECT_EQ(thread_set_priority(threads[1], PRIORITY_MAX), 0);
	trace_add('2');
	join_all(threads, 3);
	EXPECT_TRACE("1b2ac");
}

TEST_IN_TURN(sched, set_priority_of_the_running_thread)
{
	struct thread *threads[2];

	if (!PRIORITIES)
		SKIP("SCHED_PRIORITY");
	trace_clear();
	threads[0] = traced('a', MIDDLE);
	threads[1] = traced('b', MIDDLE);
	trace_add('1');
	EXPECT_EQ(thread_set_priority(current_thread(), MIDDLE - 1), 0);
	trace_add('2');
	EXPECT_EQ(thread_set_priority(current_thread(), MIDDLE), 0);
	join_all(threads, 2);
	EXPECT_TRACE("1ab2");
}

static struct wait_queue queue = WAIT_QUEUE_INIT(queue);

static int wait_and_trace(void *arg)
{
	irq_disable();
	wait_block(&queue, FOREVER);
	trace_add((char)(intptr_t)arg);
	return 0;
}

static struct thread *waiting(char step, unsigned priority)
{
	return thread_create(wait_and_trace, (void *)(intptr_t)step, "waiting", priority);
}

static void wake_one(void)
{
	unsigned long flags = irq_save();

	wait_wake_one(&queue, 0);
	wait_unlock(flags);
}

TEST_IN_TURN(sched, waiters_wake_in_order)
{
	struct thread *threads[5];

	trace_clear();
	threads[0] = waiting('a', MIDDLE);
	threads[1] = waiting('b', MIDDLE + 1);
	threads[2] = waiting('c', MIDDLE);
	threads[3] = waiting('d', MIDDLE + 1);
	threads[4] = waiting('e', 0);
	let_others_run();
	for (unsigned i = 0; i < 5; i++)
		wake_one();
	join_all(threads, 5);
	EXPECT_TRACE(PRIORITIES ? "bdace" : "abcde");
}

static struct wait_queue gate_queue = WAIT_QUEUE_INIT(gate_queue);
static struct wait_queue other_queue = WAIT_QUEUE_INIT(other_queue);

static int waits_at_gate(void *arg)
{
	irq_disable();
	wait_block(&gate_queue, FOREVER);
	return trace_arg(arg);
}

/* Wakes a higher thread in the masked section in which it then begins to wait, in vain. */
static int wakes_and_waits(uint64_t timeout)
{
	int result;

	irq_disable();
	wait_wake_one(&gate_queue, 0);
	result = wait_block(&other_queue, timeout);
	trace_add('r');
	return result;
}

static int wakes_and_waits_killed(void *unused)
{
	thread_kill(current_thread());
	return wakes_and_waits(FOREVER);
}

/* The switch that the wake-up made due comes all the same, before the call returns. */
TEST_IN_TURN(sched, a_wait_in_vain_loses_no_switch)
{
	struct thread *high = thread_create(waits_at_gate, (void *)'h', "high", PRIORITY_MAX);
	struct thread *killed;
	int status = 0;

	ASSERT_TRUE(high != NULL);
	let_others_run();
	trace_clear();
	EXPECT_EQ(wakes_and_waits(0), -ETIMEDOUT);
	thread_join(high, NULL, FOREVER);
	EXPECT_TRACE(PRIORITIES ? "hr" : "rh");

	high = thread_create(waits_at_gate, (void *)'h', "high", PRIORITY_MAX);
	ASSERT_TRUE(high != NULL);
	let_others_run();
	trace_clear();
	killed = thread_create(wakes_and_waits_killed, NULL, "killed", MIDDLE);
	if (killed)
		thread_join(killed, &status, FOREVER);
	EXPECT_EQ(status, -EINTR);
	thread_join(high, NULL, FOREVER);
	EXPECT_TRACE(PRIORITIES ? "hr" : "rh");
}

TEST_IN_TURN(sched, set_priority_of_a_waiter_moves_it)
{
	struct thread *threads[3];

	trace_clear();
	threads[0] = waiting('a', MIDDLE);
	threads[1] = waiting('b', MIDDLE);
	threads[2] = waiting('c', MIDDLE);
	let_others_run();
	thread_set_priority(threads[2], MIDDLE + 1);
	thread_set_priority(threads[0], 0);
	for (unsigned i = 0; i < 3; i++)
		wake_one();
	join_all(threads, 3);
	EXPECT_TRACE(PRIORITIES ? "cba" : "abc");
}

TEST(sched, waiting_ends_once)
{
	struct thread *thread;
	int result;

	/* Woken in the tick in which it would time out: one reason, and no timer left. */
	thread = waiting('x', MIDDLE);
	let_others_run();
	irq_disable();
	EXPECT(wait_wake_one(&queue, 0) == thread);
	EXPECT(wait_wake_one(&queue, 0) == NULL);
	EXPECT(!timer_pending(&thread->timeout));
	wait_unlock(1);
	irq_enable();
	EXPECT_EQ(thread_join(thread, &result, FOREVER), 0);
	irq_disable();
	EXPECT_EQ(wait_block(&queue, 0), -ETIMEDOUT);
	irq_disable();
	EXPECT_EQ(wait_block(&queue, 2 * TICK), -ETIMEDOUT);
	EXPECT(wait_queue_empty(&queue));
}

static volatile bool spin;

static int spin_until_told(void *arg)
{
	while (spin)
		;
	trace_add('l');
	return 0;
}

TEST_IN_TURN(sched, lower_never_runs_while_higher_is_ready)
{
	struct thread *low;

	if (!PRIORITIES)
		SKIP("SCHED_PRIORITY");
	trace_clear();
	spin = false;
	low = thread_create(spin_until_told, NULL, "low", 0);
	for (unsigned i = 0; i < 20; i++)
		thread_yield();
	trace_add('m');
	thread_join(low, NULL, FOREVER);
	EXPECT_TRACE("ml");
}

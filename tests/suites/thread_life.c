// SPDX-License-Identifier: MIT
/* What a thread finds that uses another's memory again, and how long crowds keep interrupts masked. */
#include <asm/irqflags.h>
#include <tessera/clock.h>
#include <tessera/kmalloc.h>
#include <tessera/page.h>
#include <tessera/sched.h>
#include <tessera/semaphore.h>
#include <tessera/string.h>
#include <tessera/test.h>
#include <tessera/vmap.h>

#include "threads.h"

static int yield_some(void *arg)
{
	for (unsigned i = 0; i < 8; i++)
		thread_yield();
	return 0;
}

static int go_deep(void *arg)
{
	volatile char deep[2048];

	for (unsigned i = 0; i < sizeof(deep); i++)
		deep[i] = 1;
	return deep[0];
}

TEST_IN_TURN(thread_life, starts_afresh_on_a_used_stack)
{
	struct thread *thread = thread_create(go_deep, NULL, "deep", PRIORITY_DEFAULT);
	int status;

	EXPECT_EQ(thread_join(thread, &status, FOREVER), 0);
	EXPECT_EQ(status, 1);
	thread = thread_create(yield_some, NULL, "shallow", PRIORITY_DEFAULT);
	thread_kill(thread);
	EXPECT(!thread->detached && !thread->waiting_on);
#ifdef CONFIG_SCHED_STATS
	EXPECT_EQ(thread->stats.run, 0);
	EXPECT_EQ(thread->stats.voluntary, 0);
#endif
	if (IS_ENABLED(CONFIG_DEBUG_STACK))
		EXPECT(thread_stack_unused(thread) > CONFIG_THREAD_STACK_SIZE * 1024ul - 2048);
	EXPECT(stack_check(thread->stack));
	EXPECT_EQ(thread_join(thread, NULL, FOREVER), 0);

	thread = thread_create(yield_some, NULL, "again", PRIORITY_DEFAULT);
	EXPECT(!thread->killed);
	EXPECT_EQ(thread_join(thread, NULL, FOREVER), 0);
}

static unsigned fired;

static void count_fire(struct timer *timer)
{
	fired++;
}

/* All due at one tick, after they stood in one slot of a coarse wheel. Half of them in the granule of
 * the tick before. */
TEST(thread_life, a_crowd_of_timers_fires_exactly_once)
{
	const unsigned n = memory_is_large() ? 4000 : 400;
	struct timer *timers = kmalloc(n * sizeof(*timers));

	if (!timers)
		return;
	fired = 0;
	for (unsigned i = 0; i < n; i++) {
		timer_init(&timers[i], count_fire);
		irq_disable();
		timer_set(&timers[i], 40 * TICK - (i & 1 ? TICK - 10 : 0));
		irq_enable();
	}
	thread_sleep(45 * TICK);
	for (unsigned i = 0; i < n; i++)
		timer_cancel(&timers[i]);
	EXPECT_EQ(fired, n);
	kfree(timers);
}

TEST(thread_life, a_timer_for_ever_does_not_fire)
{
	struct timer timer;

	fired = 0;
	timer_init(&timer, count_fire);
	timer_set(&timer, FOREVER);
	thread_sleep(2 * TICK);
	EXPECT_EQ(fired, 0);
	EXPECT(timer_cancel(&timer));
	timer_set(&timer, 1ull << 63);
	thread_sleep(2 * TICK);
	EXPECT_EQ(fired, 0);
	EXPECT(timer_cancel(&timer));
}

#ifdef CONFIG_IPC_SEMAPHORE
static struct semaphore crowded;

static int wait_in_crowd(void *arg)
{
	return semaphore_wait(&crowded, arg ? TICK : FOREVER);
}

/* Time-outs come in between while all are woken: every wait ends once, with one of the two. */
TEST_IN_TURN(thread_life, a_crowd_of_waiters_wakes_exactly_once)
{
	static struct thread *threads[300];
	struct ledger before = ledger();
	unsigned n = 0, gone = 0, late = 0;

	semaphore_init(&crowded, 0);
	while (n < (memory_is_large() ? ARRAY_SIZE(threads) : 20)) {
		threads[n] = thread_create(wait_in_crowd, n % 3 ? NULL : &crowded, "crowd",
					   PRIORITY_DEFAULT);
		if (!threads[n])
			break;
		n++;
	}
	thread_yield();
	semaphore_destroy(&crowded);
	EXPECT_EQ(semaphore_value(&crowded), 0);
	for (unsigned i = 0; i < n; i++) {
		int status = 0;

		EXPECT_EQ(thread_join(threads[i], &status, FOREVER), 0);
		gone += status == -EIDRM;
		late += status == -ETIMEDOUT;
	}
	EXPECT_EQ(gone + late, n);
	EXPECT(gone >= n - n / 3 - 1);
	/* Pages apart: the first time, mapping so many stacks takes page tables, which are kept. */
	EXPECT_EQ(ledger().threads, before.threads);
	EXPECT_EQ(ledger().objects, before.objects);
}
#endif

static struct wait_queue wakes = WAIT_QUEUE_INIT(wakes);
static bool woken;

static int note_wake(void *arg)
{
	irq_disable();
	wait_block(&wakes, FOREVER);
	woken = true;
	return 0;
}

static void wake_from_interrupt(struct timer *timer)
{
	wait_wake_one(&wakes, 0);
}

/* A switch that is due at the end of an interrupt, but put off, is made up for. */
TEST(thread_life, a_wake_up_in_an_interrupt_runs_when_the_scheduler_is_released)
{
	struct thread *thread;
	struct timer timer;

	if (!IS_ENABLED(CONFIG_SCHED_PRIORITY))
		SKIP("SCHED_PRIORITY");
	woken = false;
	thread = thread_create(note_wake, NULL, "wakes", PRIORITY_MAX);
	ASSERT_TRUE(thread != NULL);
	timer_init(&timer, wake_from_interrupt);
	sched_hold();
	timer_set(&timer, 0);
	while (READ_ONCE(thread->waiting_on))
		;
	EXPECT(!woken);
	sched_release();
	EXPECT(woken);
	EXPECT_EQ(thread_join(thread, NULL, FOREVER), 0);
}

#define DEAD  20  /* more threads than the cache takes: idle gives their stacks back */
#define STEPS 16  /* which needs less than so many steps ... */
#define STEP  700 /* ... of so many nanoseconds (instructions, under the tests' clock) */

/* Blocks until the next tick, which comes `ahead` nanoseconds after idle began to run, or so. */
static void block_before_tick(uint64_t ahead)
{
	uint64_t tick = tick_count(), end;
	struct timer timer;

	timer_init(&timer, wake_from_interrupt);
	while (tick_count() == tick)
		;
	end = clock_now() + TICK - ahead;
	while (clock_now() < end)
		;
	irq_disable();
	timer_set(&timer, 0);
	wait_block(&wakes, FOREVER);
}

/* Every interrupt may end the idle thread's turn, but not while it is inside an allocator: whoever runs
 * finds that it has given back all that it began with, or nothing. */
TEST(thread_life, idle_is_not_left_inside_an_allocator)
{
	unsigned threads = thread_count();

	for (unsigned i = 0; i < STEPS; i++) {
		size_t before, then;

		thread_reclaim();
		gate_close();
		while (thread_count() < threads + CONFIG_THREAD_CACHE + DEAD) {
			struct thread *thread =
				thread_create(wait_for_gate, NULL, "short-lived", PRIORITY_DEFAULT);

			if (!thread)
				break;
			thread_detach(thread);
		}
		thread_yield();
		gate_open();
		while (thread_count() > threads)
			thread_yield();
		before = page_free_count();
		block_before_tick(i * STEP);
		then = page_free_count();
		thread_sleep(TICK);
		EXPECT(then == before || then == page_free_count());
	}
	thread_reclaim();
}

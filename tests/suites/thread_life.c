// SPDX-License-Identifier: MIT
/* What a thread finds that uses another's memory again, and how long crowds keep interrupts masked. */
#include <asm/irqflags.h>
#include <tessera/kmalloc.h>
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

TEST(thread_life, starts_afresh_on_a_used_stack)
{
	struct thread *thread = thread_create(go_deep, NULL, "deep", THREAD_PRIORITY_DEFAULT);
	int status;

	EXPECT_EQ(thread_join(thread, &status, FOREVER), 0);
	EXPECT_EQ(status, 1);
	thread = thread_create(yield_some, NULL, "shallow", THREAD_PRIORITY_DEFAULT);
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

	thread = thread_create(yield_some, NULL, "again", THREAD_PRIORITY_DEFAULT);
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
TEST(thread_life, a_crowd_of_waiters_wakes_exactly_once)
{
	static struct thread *threads[300];
	struct ledger before = ledger();
	unsigned n = 0, gone = 0, late = 0;

	semaphore_init(&crowded, 0);
	while (n < (memory_is_large() ? ARRAY_SIZE(threads) : 20)) {
		threads[n] = thread_create(wait_in_crowd, n % 3 ? NULL : &crowded, "crowd",
					   THREAD_PRIORITY_DEFAULT);
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

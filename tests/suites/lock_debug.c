// SPDX-License-Identifier: MIT
/* What DEBUG_LOCKS catches. */
#include <tessera/lock.h>
#include <tessera/test.h>
#include <tessera/thread.h>

static struct spinlock outer = SPINLOCK_INIT(LOCK_VMAP), inner = SPINLOCK_INIT(LOCK_PAGE);

TEST(lock_debug, order)
{
	spin_lock(&outer);
	spin_lock(&inner);
	spin_unlock(&inner);
	spin_unlock(&outer);

	spin_lock(&inner);
	EXPECT_PANIC(spin_lock(&outer), "inside one that goes after it");
	spin_unlock(&inner);
}

TEST(lock_debug, twice_and_not_at_all)
{
	spin_lock(&inner);
	spin_lock_expect(&inner);
	EXPECT_PANIC(spin_lock(&inner), "taken twice");
	spin_unlock(&inner);
	EXPECT_PANIC(spin_unlock(&inner), "nobody holds it");
	EXPECT_PANIC(spin_lock_expect(&inner), "is not held");
}

static struct spinlock *taken_in_callback;

static void take_in_interrupt(struct timer *timer)
{
	EXPECT_PANIC(spin_lock(taken_in_callback), "in an interrupt");
}

TEST(lock_debug, in_an_interrupt)
{
	struct timer timer;

	taken_in_callback = &inner;
	timer_init(&timer, take_in_interrupt);
	timer_set(&timer, 0);
	thread_sleep(30000000);
}

TEST(lock_debug, switch_with_a_lock)
{
	spin_lock(&inner);
	EXPECT_PANIC(thread_sleep(1), "leaves the CPU");
	timer_cancel(&current_thread()->timeout);
	current_thread()->waiting_on = NULL;
	spin_unlock(&inner);
}

// SPDX-License-Identifier: MIT
/*
 * Queues so long that going along one takes several masked sections, with interrupts in between that
 * change it. How long the sections are, is measured: irqs_off.longest among the figures.
 */
#include <asm/irqflags.h>
#include <tessera/clock.h>
#include <tessera/kmalloc.h>
#include <tessera/mutex.h>
#include <tessera/page.h>
#include <tessera/sched.h>
#include <tessera/test.h>

#include "threads.h"

/* As many as the figures ask for, on a machine that has the memory. */
static unsigned crowd(unsigned most)
{
	size_t free = page_free_count() * PAGE_SIZE;

	return free >= 64u << 20 ? most : free >= 8u << 20 ? 400 : 100;
}

/* The same of threads, whose stacks and ids are to be left for others, too. */
static unsigned crowd_of_threads(void)
{
	size_t pages = MIN(page_free_count() / 2, (48u << 20) / PAGE_SIZE);
	size_t room = pages / (CONFIG_THREAD_STACK_SIZE * 1024 / PAGE_SIZE + 1);

	return MIN(crowd(4000), (unsigned)MIN(room, CONFIG_THREADS_MAX / 2u));
}

static struct crowd_timer {
	struct timer timer;
	uint64_t earliest, latest; /* when it is to fire */
	bool fired;
} * timers;
static unsigned wrong;

static void fire(struct timer *timer)
{
	struct crowd_timer *one = container_of(timer, struct crowd_timer, timer);
	uint64_t now = this_cpu()->tick_time;

	wrong += one->fired || now < one->earliest || now > one->latest;
	one->fired = true;
}

static void set(struct crowd_timer *one, uint64_t delay, bool masked)
{
	one->earliest = this_cpu()->tick_time + TICK + delay;
	one->latest = UINT64_MAX;
	if (masked)
		irq_disable();
	timer_set(&one->timer, delay);
	if (masked)
		irq_enable();
	one->latest = this_cpu()->tick_time + TICK + delay;
}

/* So many timers that the tick gets through moving all of them in half its time: a slow machine, or one that
 * ticks often, is late with more. */
static unsigned crowd_of_timers(void)
{
	const unsigned turns = 64;
	struct timer timer;
	uint64_t begin, spent;

	timer_init(&timer, NULL);
	begin = clock_now();
	for (unsigned i = 0; i < turns; i++) {
		timer_set(&timer, 10 * TICK);
		timer_cancel(&timer);
		irq_disable();
		irq_enable();
	}
	/* About as long as moving one. */
	spent = MAX(clock_now() - begin, 1ull);
	return (unsigned)MIN(TICK / 2 * turns / spent + 1, (uint64_t)crowd(10000));
}

TEST(crowd, timers_fire_on_time)
{
	unsigned n = crowd_of_timers(), missing = 0;
	uint32_t random = 4711;

	timers = kzalloc(n * sizeof(*timers));
	ASSERT_TRUE(timers != NULL);
	wrong = 0;
	interrupts_often(true);
	for (unsigned i = 0; i < n; i++) {
		uint32_t number = random_next(&random);

		timer_init(&timers[i].timer, fire);
		set(&timers[i], (200 + number % 50) * TICK, i & 1);
		if (number % 8 == 0 && !timers[number % (i + 1)].fired) /* moved, or cancelled */
			set(&timers[number % (i + 1)], (200 + i % 50) * TICK, i & 2);
		else if (number % 8 == 1)
			timers[number % (i + 1)].fired |=
				timer_cancel(&timers[number % (i + 1)].timer);
	}
	interrupts_often(false);
	thread_sleep(255 * TICK);
	for (unsigned i = 0; i < n; i++) {
		missing += !timers[i].fired;
		wrong += timer_cancel(&timers[i].timer);
	}
	EXPECT_EQ(missing, 0);
	EXPECT_EQ(wrong, 0);
	kfree(timers);
}

static struct wait_queue queue = WAIT_QUEUE_INIT(queue);
static unsigned wakes, woken;
static bool over;

static int wait_once(void *arg)
{
	unsigned result;

	irq_disable();
	result = (unsigned)wait_block(&queue, FOREVER);
	irq_disable(); /* a turn may end between reading and writing */
	woken += result;
	irq_enable();
	return 0;
}

/* Passes all the others each time, and may be woken on the way. */
static int wait_often(void *arg)
{
	while (!over)
		wait_once(NULL);
	return 0;
}

static void wake_one(struct timer *timer)
{
	wakes += wait_wake_one(&queue, 1) != NULL;
}

static struct thread **threads;
static unsigned count;

/* However slow the machine, and long the way to a place in the crowd. */
static void until_it_waits(const struct thread *thread)
{
	while (!thread->waiting_on)
		thread_sleep(TICK);
}

static void create(unsigned most, thread_entry *entry)
{
	threads = kmalloc(most * sizeof(*threads));
	count = 0;
	while (threads && count < most) {
		threads[count] = thread_create(entry, NULL, "crowd", 1);
		if (!threads[count])
			break;
		count++;
		if (count % 64 == 0)
			thread_sleep(0);
	}
	for (unsigned i = 0; i < count; i++)
		until_it_waits(threads[i]);
}

static void join(void)
{
	for (unsigned i = 0; i < count; i++)
		EXPECT_EQ(thread_join(threads[i], NULL, FOREVER), 0);
	kfree(threads);
}

TEST(crowd, every_wake_up_ends_one_wait)
{
	struct thread *eager;
	struct timer timer;
	unsigned long flags;

	wakes = woken = 0;
	over = false;
	create(crowd_of_threads(), wait_once);
	eager = thread_create(wait_often, NULL, "eager", PRIORITY_MAX);
	ASSERT_TRUE(eager != NULL);
	timer_init(&timer, wake_one);
	timer_set_periodic(&timer, 0, TICK);
	interrupts_often(true);
	for (unsigned i = 0; i < 200; i++) {
		flags = irq_save();
		wakes += wait_wake_one(&queue, 1) != NULL;
		wait_unlock(flags);
		thread_yield();
	}
	interrupts_often(false);
	timer_cancel(&timer);
	/* The highest priority comes first, however many came before it. */
	if (IS_ENABLED(CONFIG_SCHED_PRIORITY))
		EXPECT(!eager->waiting_on || wait_first(&queue) == eager);
	over = true;
	flags = irq_save();
	wakes += wait_wake_all(&queue, 1, flags);
	wait_unlock(flags);
	EXPECT_EQ(thread_join(eager, NULL, FOREVER), 0);
	join();
	EXPECT_EQ(woken, wakes);
}

static struct mutex wanted = MUTEX_INIT(wanted), blocker = MUTEX_INIT(blocker);

static int lock_once(void *arg)
{
	EXPECT_EQ(mutex_lock(&wanted), 0);
	woken++;
	EXPECT_EQ(mutex_unlock(&wanted), 0);
	return 0;
}

/* Owns what the higher one wants, and waits in the crowd with its priority. */
static int own_and_wait(void *arg)
{
	EXPECT_EQ(mutex_lock(&blocker), 0);
	lock_once(NULL);
	EXPECT_EQ(mutex_unlock(&blocker), 0);
	return 0;
}

static int want_briefly(void *arg)
{
	EXPECT_EQ(mutex_lock_timeout(&blocker, 2 * TICK), -ETIMEDOUT);
	return 0;
}

/* The loan carries its borrower to the head of a long queue, and its end back to the tail. */
TEST(crowd, inheritance_moves_through_a_crowd)
{
	struct thread *owner, *higher;
	unsigned all;

	woken = 0;
	EXPECT_EQ(mutex_lock(&wanted), 0);
	create(crowd_of_threads(), lock_once);
	owner = thread_create(own_and_wait, NULL, "owner", 0);
	ASSERT_TRUE(owner != NULL);
	until_it_waits(owner);
	let_others_run();
	interrupts_often(true);
	higher = thread_create(want_briefly, NULL, "higher", PRIORITY_MAX);
	ASSERT_TRUE(higher != NULL);
	if (IS_ENABLED(CONFIG_SCHED_PRIORITY)) {
		thread_yield();
		EXPECT(wait_first(&wanted.waiters) == owner);
	}
	EXPECT_EQ(thread_join(higher, NULL, FOREVER), 0);
	interrupts_often(false);
	EXPECT(wait_queue_empty(&blocker.waiters));
	EXPECT(list_entry(wanted.waiters.waiters.prev, struct thread, link) == owner);
	all = count + 1;
	EXPECT_EQ(mutex_unlock(&wanted), 0);
	EXPECT_EQ(thread_join(owner, NULL, FOREVER), 0);
	join();
	EXPECT_EQ(woken, all);
}

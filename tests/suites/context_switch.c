// SPDX-License-Identifier: MIT
/* Interrupts that wait while threads are switched. (The host has none, so this is not in sched.c.) */
#include <asm/irqflags.h>
#include <tessera/clock.h>
#include <tessera/irq.h>
#include <tessera/irqs_off.h>
#include <tessera/slice.h>
#include <tessera/string.h>
#include <tessera/test.h>

#include "threads.h"

#define MIDDLE PRIORITY_DEFAULT

static struct wait_queue queue = WAIT_QUEUE_INIT(queue);

/* Where several interrupts make a tick (the i8254 below 18.2 Hz), one waits at most: the next is the tick's. */
static void skip_all_but_the_tick(void)
{
	uint64_t tick = tick_count();

	while (tick_count() == tick)
		;
	clock_spin(3 * TICK / 4);
}

/* Masked. At least an interrupt. */
static void let_a_tick_wait(void)
{
	clock_spin(2 * TICK);
	irqs_off_ignore(); /* the kernel masks nothing for so long */
}

static int step(void *arg)
{
	trace_add('n');
	return 0;
}

static int gives_what_ends_its_wait(void *arg)
{
	irq_disable();
	return wait_block(&queue, FOREVER);
}

/* The interrupt comes with the last instructions of the switch, before the result is given back. */
TEST(context_switch, a_turn_that_ends_where_a_wait_ends)
{
	struct thread *waiter = thread_create(gives_what_ends_its_wait, NULL, "waiting", MIDDLE);
	struct thread *next;
	int result = 0;

	ASSERT_TRUE(waiter != NULL);
	let_others_run();
	skip_all_but_the_tick();
	trace_clear();
	irq_disable();
	wait_wake_one(&queue, 7);
	next = thread_create(step, NULL, "next", MIDDLE); /* whose turn it then is */
	irq_disable();
	waiter->ticks_used = SLICE_TICKS - 1;
	let_a_tick_wait();
	thread_yield();
	thread_join(next, NULL, FOREVER);
	EXPECT_EQ(thread_join(waiter, &result, FOREVER), 0);
	EXPECT_EQ(result, 7);
	EXPECT_TRACE("n");
}

static uint64_t interrupts(void)
{
	uint64_t sum = 0;

	for (unsigned irq = 0; irq < IRQ_COUNT; irq++)
		sum += irq_count(irq);
	return sum;
}

static uint64_t seen[4];

static int looks_at_the_count(void *arg)
{
	for (unsigned i = 0; i < ARRAY_SIZE(seen); i++) {
		thread_yield();
		seen[i] = interrupts();
	}
	return 0;
}

TEST_IN_TURN(context_switch, a_switch_lets_waiting_interrupts_in)
{
	struct thread *other = thread_create(looks_at_the_count, NULL, "looks", MIDDLE);
	uint64_t before[ARRAY_SIZE(seen)];

	ASSERT_TRUE(other != NULL);
	thread_yield();
	for (unsigned i = 0; i < ARRAY_SIZE(before); i++) {
		irq_disable();
		before[i] = interrupts();
		let_a_tick_wait();
		thread_yield();
	}
	thread_join(other, NULL, FOREVER);
	for (unsigned i = 0; i < ARRAY_SIZE(before); i++)
		EXPECT(seen[i] > before[i]);
}

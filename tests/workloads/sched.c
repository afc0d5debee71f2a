/* SPDX-License-Identifier: MIT */
/*
 * Scheduler classes, with 1 to 4096 other threads ready. These are workers: each works for WORK
 * instructions, yields, and begins again.
 *
 *	yield/N		from one of N + 1 threads that only yield to the next: one switch
 *	wake/N		a post that makes a thread ready which does not run at once
 *	pingpong/N	a word to a partner and back, by semaphores, while N workers wait for the CPU
 *	latency/N	from the timer interrupt that wakes the thread of the highest priority until it
 *			runs
 *	fairness/4	four threads that yield every 5, 10, 20 and 40 ms: how much more the one that got
 *			most had than the one that got least
 *
 * Interrupts are on.
 */
#include <asm/cpu.h>
#include <asm/irqflags.h>
#include <tessera/benchmark.h>
#include <tessera/clock.h>
#include <tessera/console.h>
#include <tessera/format.h>
#include <tessera/kernel.h>
#include <tessera/kmalloc.h>
#include <tessera/priority.h>
#include <tessera/sched.h>
#include <tessera/semaphore.h>
#include <tessera/tick.h>

#include "../bench/threads.h"
#include "cost.h"

#define MIDDLE	THREAD_PRIORITY_DEFAULT
#define LOW	(MIDDLE ? MIDDLE - 1 : 0)
#define MOST	4096
#define SAMPLES 16
#define WORK	1000   /* instructions between two yields of a worker, about */
#define LONG	100000 /* instructions, a hundred times a tick's */

COST(samples);

static const uint16_t counts[] = { 1, 4, 16, 64, 256, 1024, MOST };
static struct thread *others[MOST];
static volatile bool over;
static char name[48];

static void report(const char *workload, unsigned number, const char *what)
{
	snprintf(name, sizeof(name), "sched.%s/%u", workload, number);
	cost_report(name, what, &samples, cost_scratch);
	cost_clear(&samples);
	work_end(name);
	irq_enable();
}

static void work(unsigned instructions)
{
	for (unsigned i = 0; i < instructions / 4; i++)
		__asm__ volatile("nop\n\tnop");
}

static int yield_only(void *arg)
{
	while (!over)
		thread_yield();
	return 0;
}

static int work_and_yield(void *arg)
{
	while (!over) {
		work(WORK);
		thread_yield();
	}
	return 0;
}

static void start_others(unsigned count, thread_entry *entry, unsigned priority)
{
	over = false;
	for (unsigned i = 0; i < count; i++) {
		others[i] = thread_create(entry, NULL, "worker", priority);
		if (!others[i])
			panic("workload: no memory for thread %u", i);
	}
}

static void end_others(unsigned count)
{
	over = true;
	for (unsigned i = 0; i < count; i++)
		thread_join(others[i], NULL, FOREVER);
}

/* ---- Switches ---- */

/* A tick that falls into a sample spoils it, unless it is so long that the tick is nothing in it. Where
 * none is without, one that has a tick must do. */
static void add_sample(uint64_t start, uint64_t end, unsigned divisor, uint64_t tick, bool last)
{
	uint32_t cost = cost_between(start, end);

	if (tick == tick_count() || cost > LONG || (last && samples.count == 0))
		cost_note(&samples, cost / divisor);
}

/* One round of all threads, divided by them. */
static void measure_yield(unsigned count)
{
	start_others(count, yield_only, MIDDLE);
	thread_yield();
	for (unsigned i = 0; i < SAMPLES; i++) {
		uint64_t tick, start, end;

		bench_after_tick();
		tick = tick_count();
		start = cost_now();
		thread_yield();
		end = cost_now();
		add_sample(start, end, count + 1, tick, i == SAMPLES - 1);
	}
	end_others(count);
	report("yield", count, "switch");
}

static struct semaphore ping, pong;

static int wait_once(void *arg)
{
	semaphore_wait(&ping, FOREVER);
	return 0;
}

static void measure_wake(unsigned count)
{
	struct thread *sleepers[SAMPLES];

	semaphore_init(&ping, 0);
	for (unsigned i = 0; i < SAMPLES; i++)
		sleepers[i] = thread_create(wait_once, NULL, "sleeper", LOW);
	while (semaphore_value(&ping) > -SAMPLES)
		thread_sleep(TICK_NS);
	start_others(count, yield_only, MIDDLE);
	thread_yield(); /* the first of them stands beside the run queue until there was a switch */
	for (unsigned i = 0; i < SAMPLES; i++) {
		uint64_t tick = tick_count(), start = cost_now(), end;

		semaphore_post(&ping);
		end = cost_now();
		if (tick == tick_count())
			cost_add(&samples, start, end);
	}
	end_others(count);
	for (unsigned i = 0; i < SAMPLES; i++)
		thread_join(sleepers[i], NULL, FOREVER);
	report("wake", count, "post");
}

static int partner(void *arg)
{
	while (!semaphore_wait(&ping, FOREVER))
		semaphore_post(&pong);
	return 0;
}

static void measure_pingpong(unsigned count)
{
	struct thread *thread;

	semaphore_init(&ping, 0);
	semaphore_init(&pong, 0);
	thread = thread_create(partner, NULL, "partner", MIDDLE);
	thread_yield();
	start_others(count, work_and_yield, LOW);
	for (unsigned i = 0; i < SAMPLES; i++) {
		uint64_t tick, start, end;

		bench_after_tick();
		tick = tick_count();
		start = cost_now();
		semaphore_post(&ping);
		semaphore_wait(&pong, FOREVER);
		end = cost_now();
		add_sample(start, end, 1, tick, i == SAMPLES - 1);
	}
	end_others(count);
	thread_kill(thread);
	thread_join(thread, NULL, FOREVER);
	report("pingpong", count, "roundtrip");
}

/* ---- Latency ---- */

static struct wait_queue urgent = WAIT_QUEUE_INIT(urgent);
static uint64_t woken_at;

static void wake(struct timer *timer)
{
	woken_at = cost_now();
	wait_wake_one(&urgent, 0);
}

/* The timer's interrupt takes the place of a tick. */
static int be_urgent(void *arg)
{
	struct timer timer;

	timer_init(&timer, wake);
	for (unsigned i = 0; i < SAMPLES; i++) {
		irq_disable(); /* else its turn may end in between, and the wake-up find nobody */
		timer_set(&timer, TICK_NS);
		wait_block(&urgent, FOREVER);
		cost_add(&samples, woken_at, cost_now());
	}
	return 0;
}

static void measure_latency(unsigned count)
{
	struct thread *thread;

	start_others(count, work_and_yield, MIDDLE);
	thread = thread_create(be_urgent, NULL, "urgent", THREAD_PRIORITY_MAX);
	thread_join(thread, NULL, FOREVER);
	end_others(count);
	report("latency", count, "wakeup");
}

#define MEASURE(what)                                             \
	BENCHMARK(work_sched_##what)                              \
	{                                                         \
		work_begin();                                     \
		irq_enable();                                     \
		for (unsigned i = 0; i < ARRAY_SIZE(counts); i++) \
			measure_##what(counts[i]);                \
	}

MEASURE(yield)
MEASURE(wake)
MEASURE(pingpong)
MEASURE(latency)

/* ---- Fairness ---- */

#define SHARERS 4
#define SHARING (300 * NSEC_PER_MSEC)

static uint64_t shares[SHARERS];

static int share(void *arg)
{
	uintptr_t number = (uintptr_t)arg;

	while (!over) {
		uint64_t end = clock_now() + (5 * NSEC_PER_MSEC << number);

		while (clock_now() < end && !over) {
			work(100);
			shares[number]++;
		}
		thread_yield();
	}
	return 0;
}

BENCHMARK(work_sched_fairness)
{
	uint64_t most = 0, least = UINT64_MAX;

	irq_enable();
	over = false;
	for (uintptr_t i = 0; i < SHARERS; i++) {
		shares[i] = 0;
		others[i] = thread_create(share, (void *)i, "sharer", LOW);
	}
	thread_sleep(SHARING);
	end_others(SHARERS);
	for (unsigned i = 0; i < SHARERS; i++) {
		most = MAX(most, shares[i]);
		least = MIN(least, shares[i]);
	}
	work_figure("sched.fairness/4", "most-to-least", most * 100, MAX(least, (uint64_t)1), "%",
		    false);
}

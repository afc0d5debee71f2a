// SPDX-License-Identifier: MIT
/*
 * Threads, mutexes and timers in guest instructions. A round trip (rt) is two context switches. Each
 * measurement starts just after a tick and is over before the next one, so no interrupt is in it.
 */
#include <asm/cpu.h>
#include <asm/cycles.h>
#include <asm/irqflags.h>
#include <tessera/benchmark.h>
#include <tessera/clock.h>
#include <tessera/kmalloc.h>
#include <tessera/mutex.h>
#include <tessera/priority.h>
#include <tessera/sched.h>

#include "../suites/threads.h"
#include "threads.h"

#define N      1000
#define MIDDLE THREAD_PRIORITY_DEFAULT

void bench_after_tick(void)
{
	uint64_t now = tick_count();

	do {
		irq_disable();
		cpu_wait();
	} while (tick_count() == now);
}

static unsigned turns;

static int yields(void *arg)
{
	while (turns) {
		turns--;
		thread_yield();
	}
	return 0;
}

BENCHMARK(sched_yield)
{
	struct thread *thread;
	uint64_t start;

	bench_after_tick();
	start = benchmark_begin();
	for (unsigned i = 0; i < N; i++)
		thread_yield();
	benchmark_end("sched.yield.alone", start, N);

	turns = N + 10;
	thread = thread_create(yields, NULL, "yields", MIDDLE);
	thread_yield();
	bench_after_tick();
	start = benchmark_begin();
	for (unsigned i = 0; i < N; i++)
		thread_yield();
	benchmark_end("sched.yield.rt", start, N);
	turns = 0;
	thread_join(thread, NULL, FOREVER);
}

static struct thread *switch_main;
static bool switch_over;

/* Comes and goes by the bare context switch, without the scheduler's knowing. */
static int switches(void *arg)
{
	irq_disable();
	wait_block_alone(WAIT_SLEEP);
	while (!switch_over) {
		irq_disable();
		context_switch(current_thread(), switch_main);
	}
	return 0;
}

BENCHMARK(sched_switch)
{
	struct thread *thread = thread_create(switches, NULL, "switches", MIDDLE);
	uint64_t start;

	switch_main = current_thread();
	switch_over = false;
	thread_yield();
	bench_after_tick();
	start = benchmark_begin();
	for (unsigned i = 0; i < N; i++) {
		irq_disable();
		context_switch(switch_main, thread);
	}
	benchmark_end("sched.switch", start, 2 * N);

	/* Into the scheduler's hands again. */
	irq_disable();
	switch_over = true;
	thread->waiting_on = NULL;
	sched_account_ready(thread);
	sched_ready(thread);
	irq_enable();
	thread_join(thread, NULL, FOREVER);
}

BENCHMARK(sched_mutex)
{
	struct mutex mutex;
	uint64_t start;

	mutex_init(&mutex);
	bench_after_tick();
	start = benchmark_begin();
	for (unsigned i = 0; i < N; i++) {
		mutex_lock(&mutex);
		mutex_unlock(&mutex);
	}
	benchmark_end("mutex.pair", start, N);
}

static int nothing(void *arg)
{
	return 0;
}

BENCHMARK(sched_thread)
{
	uint64_t start;

	for (unsigned i = 0; i < 4; i++)
		thread_join(thread_create(nothing, NULL, "warm", MIDDLE), NULL, FOREVER);
	bench_after_tick();
	start = benchmark_begin();
	for (unsigned i = 0; i < N; i++)
		thread_join(thread_create(nothing, NULL, "short", MIDDLE), NULL, FOREVER);
	benchmark_end("thread.create_join", start, N);
}

static void never(struct timer *timer)
{
}

static void set_and_cancel(const char *name, uint64_t delay)
{
	struct timer timer;
	uint64_t start;

	timer_init(&timer, never);
	bench_after_tick();
	start = benchmark_begin();
	for (unsigned i = 0; i < N; i++) {
		timer_set(&timer, delay);
		timer_cancel(&timer);
	}
	benchmark_end(name, start, N);
}

static void among(unsigned others, const char *head, const char *random)
{
	struct timer *timers = others ? kmalloc(others * sizeof(*timers)) : NULL;
	uint32_t state = 1;

	if (others && !timers)
		return;
	for (unsigned i = 0; i < others; i++) {
		timer_init(&timers[i], never);
		timer_set(&timers[i], (1000 + (random_next(&state) % 100000)) * 1000000ull);
	}
	set_and_cancel(head, 1);
	if (random)
		set_and_cancel(random, 51000 * 1000000ull);
	for (unsigned i = 0; i < others; i++)
		timer_cancel(&timers[i]);
	kfree(timers);
}

BENCHMARK(timer_set_cancel)
{
	among(0, "timer.set_cancel.0", NULL);
	among(100, "timer.set_cancel.100.first", "timer.set_cancel.100.middle");
	among(10000, "timer.set_cancel.10000.first", "timer.set_cancel.10000.middle");
}

/* What a tick takes from a thread that spins: the longest gap between two readings of the clock,
 * the least of several ticks. */
BENCHMARK(timer_tick)
{
	uint64_t least = UINT64_MAX;

	for (unsigned i = 0; i < 10; i++) {
		uint64_t now, before, gap = 0, usual = UINT64_MAX, tick;

		bench_after_tick();
		tick = this_cpu()->tick_time;
		now = cycle_count();
		do {
			before = now;
			now = cycle_count();
			gap = MAX(gap, now - before);
			usual = MIN(usual, now - before);
		} while (READ_ONCE(this_cpu()->tick_time) == tick);
		gap = MAX(gap, cycle_count() - now); /* it may have come after the last reading */
		least = MIN(least, gap - usual);
	}
	benchmark_report("timer.tick", cycles_to_instructions(least), "instructions");
}

static struct wait_queue woken_queue = WAIT_QUEUE_INIT(woken_queue);
static uint64_t woken_at;

static void wake(struct timer *timer)
{
	woken_at = cycle_count();
	wait_wake_one(&woken_queue, 0);
}

/* From the wake-up in an interrupt handler, on an idle CPU, until the thread runs. */
BENCHMARK(sched_wake)
{
	uint64_t least = UINT64_MAX;
	struct timer timer;

	timer_init(&timer, wake);
	for (unsigned i = 0; i < 10; i++) {
		uint64_t now;

		irq_disable(); /* else the tick may come in between, and wake nobody */
		timer_set(&timer, 0);
		wait_block(&woken_queue, FOREVER);
		now = cycle_count();
		least = MIN(least, now - woken_at);
	}
	benchmark_report("sched.wake.irq", cycles_to_instructions(least), "instructions");
}

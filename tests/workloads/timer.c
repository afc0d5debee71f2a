/* SPDX-License-Identifier: MIT */
/*
 * Timer queues, among 1 to 10 000 other timers that fire 1 to 100 s from now.
 *
 *	set/N		setting a timer that fires at any time in between
 *	cancel/N	cancelling it
 *	expire/N	64 timers fire at the same tick: from one callback to the next
 */
#include <asm/cpu.h>
#include <asm/irqflags.h>
#include <tessera/benchmark.h>
#include <tessera/clock.h>
#include <tessera/console.h>
#include <tessera/format.h>
#include <tessera/irqs_off.h>
#include <tessera/kernel.h>
#include <tessera/kmalloc.h>
#include <tessera/timer.h>

#include "../random.h"
#include "cost.h"

#define SEED  20261122
#define TIMES 1000
#define DUE   64

COST(sets);
COST(cancels);
COST(expiries);

static char name[48];

static void never(struct timer *timer)
{
}

/* From 1 to 100 s, to a millisecond. */
static uint64_t delay(struct random *random)
{
	return (1000 + random_below(random, 99000)) * NSEC_PER_MSEC;
}

static void report(const char *workload, unsigned number, const char *what, struct cost *cost)
{
	snprintf(name, sizeof(name), "timer.%s/%u", workload, number);
	print("# work %s seed %u\n", name, SEED);
	cost_report(name, what, cost, cost_scratch);
	cost_clear(cost);
}

static void set_and_cancel(struct random *random)
{
	for (unsigned i = 0; i < TIMES; i++) {
		struct timer timer;
		uint64_t time = delay(random), start, end;

		timer_init(&timer, never);
		start = cost_now();
		timer_set(&timer, time);
		end = cost_now();
		cost_add(&sets, start, end);
		start = cost_now();
		timer_cancel(&timer);
		end = cost_now();
		cost_add(&cancels, start, end);
	}
}

static uint64_t called_at[DUE];
static volatile unsigned called;

static void note(struct timer *timer)
{
	called_at[called++] = cost_now();
}

/* All fire at the next tick but one, whose interrupt is let in here. */
static void expire(void)
{
	static struct timer due[DUE];

	called = 0;
	for (unsigned i = 0; i < DUE; i++) {
		timer_init(&due[i], note);
		timer_set(&due[i], 0);
	}
	irqs_off_ignore(); /* this masked section is ours, not the queue's */
	while (called < DUE) {
		cpu_wait(); /* enables interrupts */
		irq_disable();
	}
	for (unsigned i = 1; i < DUE; i++)
		cost_add(&expiries, called_at[i - 1], called_at[i]);
}

BENCHMARK(work_timer)
{
	static const uint16_t counts[] = { 1, 10, 100, 1000, 10000 };

	for (unsigned kind = 0; kind < ARRAY_SIZE(counts); kind++) {
		struct random random = { SEED };
		unsigned count = counts[kind];
		struct timer *others = kmalloc(count * sizeof(*others));

		if (!others)
			panic("workload: no memory for %u timers", count);
		work_begin();
		for (unsigned i = 0; i < count; i++) {
			timer_init(&others[i], never);
			timer_set(&others[i], delay(&random));
		}
		set_and_cancel(&random);
		irq_disable();
		for (unsigned i = 0; i < 4; i++)
			expire();
		irqs_off_ignore();
		report("set", count, "set", &sets);
		report("cancel", count, "cancel", &cancels);
		report("expire", count, "expire", &expiries);
		work_end(name);
		for (unsigned i = 0; i < count; i++)
			timer_cancel(&others[i]);
		kfree(others);
	}
}

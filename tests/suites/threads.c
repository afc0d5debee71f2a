// SPDX-License-Identifier: MIT
#include "threads.h"

#include <asm/irqflags.h>
#include <tessera/kmalloc.h>
#include <tessera/page.h>
#include <tessera/priority.h>
#include <tessera/sched.h>
#include <tessera/tick.h>

const uint64_t TICK = TICK_NS;
const unsigned PRIORITY_DEFAULT = THREAD_PRIORITY_DEFAULT, PRIORITY_MAX = THREAD_PRIORITY_MAX;

static struct wait_queue gate = WAIT_QUEUE_INIT(gate);
static bool gate_is_open;

void gate_close(void)
{
	gate_is_open = false;
}

void gate_open(void)
{
	unsigned long flags = irq_save();

	gate_is_open = true;
	wait_wake_all(&gate, 0, flags);
	wait_unlock(flags);
}

int wait_for_gate(void *unused)
{
	irq_disable();
	if (!gate_is_open)
		return wait_block(&gate, FOREVER);
	irq_enable();
	return 0;
}

int sleep_for_ever(void *unused)
{
	return thread_sleep(1ull << 60);
}

void let_others_run(void)
{
	/* One tick is not enough for all that is ready, where it has few instructions. */
	for (unsigned turns = 0; turns < 50; turns++) {
		thread_sleep(0);
		if (!READ_ONCE(this_cpu()->ready) && !READ_ONCE(this_cpu()->woken))
			break;
	}
}

/* In the tick's interrupt, before its end looks whether a slice is used up. */
static void begin_slice(struct timer *timer)
{
	current_thread()->ticks_used = 0;
}

void slices_end(bool they_do)
{
	static struct timer timer;

	if (they_do) {
		timer_cancel(&timer);
	} else {
		timer_init(&timer, begin_slice);
		timer_set_periodic(&timer, 0, TICK);
		begin_slice(&timer);
	}
}

struct ledger ledger(void)
{
	struct object_stats objects;

	let_others_run();
	thread_reclaim();
	object_reclaim();
	object_stats(&objects);
	return (struct ledger){ page_free_count(), objects.in_use, thread_count() };
}

bool ledger_same(struct ledger before)
{
	struct ledger now = ledger();

	return now.pages == before.pages && now.objects == before.objects &&
	       now.threads == before.threads;
}

bool memory_is_large(void)
{
	return page_free_count() * PAGE_SIZE >= 2u << 20;
}

static char steps[512];
static unsigned step_count;

void trace_clear(void)
{
	step_count = 0;
	steps[0] = '\0';
}

void trace_add(char step)
{
	if (step_count < sizeof(steps) - 1) {
		steps[step_count++] = step;
		steps[step_count] = '\0';
	}
}

const char *trace_text(void)
{
	return steps;
}

// SPDX-License-Identifier: MIT
/* Timers, the same for every timer queue. */
#include <asm/irqflags.h>
#include <tessera/clock.h>
#include <tessera/string.h>
#include <tessera/test.h>
#include <tessera/timer.h>

#include "threads.h"

struct traced_timer {
	struct timer timer;
	char step;
	uint64_t fired; /* tick time */
	unsigned count;
};

static void fire(struct timer *timer)
{
	struct traced_timer *traced = container_of(timer, struct traced_timer, timer);

	trace_add(traced->step);
	traced->fired = this_cpu()->tick_time;
	traced->count++;
}

TEST(timer, fires_once_in_order_never_early)
{
	/* Distances on both sides of what a wheel keeps apart. */
	static const unsigned delays[] = { 3, 0, 30, 1, 17, 2, 16, 5 };
	struct traced_timer timers[ARRAY_SIZE(delays)];
	uint64_t begin;

	trace_clear();
	irq_disable();
	begin = this_cpu()->tick_time;
	for (unsigned i = 0; i < ARRAY_SIZE(delays); i++) {
		timers[i] = (struct traced_timer){ .step = 'a' + i };
		timer_init(&timers[i].timer, fire);
		timer_set(&timers[i].timer, delays[i] * TICK);
		EXPECT(timer_pending(&timers[i].timer));
	}
	irq_enable();
	thread_sleep(32 * TICK);
	EXPECT_TRACE("bdfahgec");
	for (unsigned i = 0; i < ARRAY_SIZE(delays); i++) {
		EXPECT_EQ(timers[i].fired - begin, (delays[i] + 1) * TICK);
		EXPECT_EQ(timers[i].count, 1);
		EXPECT(!timer_pending(&timers[i].timer));
	}
}

TEST(timer, cancel_says_whether_it_was_in_time)
{
	struct traced_timer traced = { .step = 'x' };

	trace_clear();
	timer_init(&traced.timer, fire);
	EXPECT(!timer_cancel(&traced.timer));
	timer_set(&traced.timer, TICK);
	EXPECT(timer_cancel(&traced.timer));
	EXPECT(!timer_cancel(&traced.timer));
	thread_sleep(4 * TICK);
	EXPECT_EQ(traced.count, 0);
	timer_set(&traced.timer, 0);
	thread_sleep(3 * TICK);
	EXPECT_EQ(traced.count, 1);
	EXPECT(!timer_cancel(&traced.timer));
}

TEST(timer, setting_again_moves_it)
{
	struct traced_timer traced = { .step = 'x' };

	timer_init(&traced.timer, fire);
	timer_set(&traced.timer, 1 * TICK);
	timer_set(&traced.timer, 10 * TICK);
	thread_sleep(4 * TICK);
	EXPECT_EQ(traced.count, 0);
	timer_set(&traced.timer, 0);
	thread_sleep(3 * TICK);
	EXPECT_EQ(traced.count, 1);
	thread_sleep(8 * TICK);
	EXPECT_EQ(traced.count, 1);
}

TEST(timer, periodic_keeps_its_beat)
{
	struct traced_timer traced = { .step = 'p' };
	uint64_t begin;

	timer_init(&traced.timer, fire);
	irq_disable();
	begin = this_cpu()->tick_time;
	timer_set_periodic(&traced.timer, TICK, 2 * TICK);
	irq_enable();
	thread_sleep(9 * TICK);
	EXPECT(traced.count >= 4 && traced.count <= 6);
	EXPECT_EQ((traced.fired - begin) % (2 * TICK), 0);
	EXPECT(timer_cancel(&traced.timer));
	traced.count = 0;
	thread_sleep(5 * TICK);
	EXPECT_EQ(traced.count, 0);
}

static struct traced_timer other;

static void cancel_other(struct timer *timer)
{
	trace_add(timer_cancel(&other.timer) ? 'c' : '-');
	if (timer->period)
		timer_cancel(timer);
}

TEST(timer, callbacks_may_cancel_and_set)
{
	struct timer canceller;

	trace_clear();
	timer_init(&canceller, cancel_other);
	timer_init(&other.timer, fire);
	other.step = 'o';
	irq_disable();
	timer_set(&canceller, TICK);
	timer_set(&other.timer, 2 * TICK);
	irq_enable();
	thread_sleep(5 * TICK);
	EXPECT_TRACE("c");

	/* A periodic timer that cancels itself fires no more. */
	trace_clear();
	timer_set_periodic(&canceller, 0, TICK);
	thread_sleep(5 * TICK);
	EXPECT_TRACE("-");
	EXPECT(!timer_pending(&canceller));
}

/* Many timers with random times, some cancelled or moved, against the obvious model. */
#define MANY 200

static struct model_timer {
	struct timer timer;
	uint64_t due; /* UINT64_MAX: must not fire */
	bool fired, late, early;
} many[MANY];

static void fire_model(struct timer *timer)
{
	struct model_timer *model = container_of(timer, struct model_timer, timer);
	uint64_t now = this_cpu()->tick_time;

	model->fired = true;
	model->early = now < model->due;
	model->late = now >= model->due + TICK;
	model->due = UINT64_MAX;
}

TEST(timer, random_against_model)
{
	uint32_t random = 12345;

	for (unsigned i = 0; i < MANY; i++)
		timer_init(&many[i].timer, fire_model);
	for (unsigned step = 0; step < 600; step++) {
		struct model_timer *model = &many[random_next(&random) % MANY];

		irq_disable();
		if (random_next(&random) % 4) {
			uint64_t delay = random_next(&random) % (40 * TICK);

			timer_set(&model->timer, delay);
			model->due = this_cpu()->tick_time + TICK + delay;
			model->fired = false;
		} else {
			EXPECT_EQ(timer_cancel(&model->timer),
				  model->due != UINT64_MAX && model->due != 0);
			model->due = UINT64_MAX;
		}
		irq_enable();
		if (step % 16 == 0)
			thread_sleep(TICK);
	}
	thread_sleep(42 * TICK);
	for (unsigned i = 0; i < MANY; i++) {
		EXPECT(!timer_pending(&many[i].timer));
		EXPECT(!many[i].early && !many[i].late);
		EXPECT(many[i].due == UINT64_MAX || many[i].due == 0);
	}
}

/* Days and years away, and on the way there cancelled again. */
TEST(timer, far_away)
{
	static const uint64_t days[] = { 1, 3, 4, 30, 365, 36500 };
	struct traced_timer timers[ARRAY_SIZE(days)];

	for (unsigned i = 0; i < ARRAY_SIZE(days); i++) {
		timers[i] = (struct traced_timer){ .step = 'f' };
		timer_init(&timers[i].timer, fire);
		timer_set(&timers[i].timer, days[i] * 86400ull * 1000000000ull);
	}
	thread_sleep(3 * TICK);
	for (unsigned i = 0; i < ARRAY_SIZE(days); i++) {
		EXPECT_EQ(timers[i].count, 0);
		EXPECT(timer_cancel(&timers[i].timer));
	}
	timer_set(&timers[0].timer, UINT64_MAX);
	EXPECT(timer_cancel(&timers[0].timer));
}

// SPDX-License-Identifier: MIT
/* Tickless idle: the same time as with a tick, and far fewer interrupts. */
#include <asm/irqflags.h>
#include <tessera/clock.h>
#include <tessera/irq.h>
#include <tessera/kernel.h>
#include <tessera/log.h>
#include <tessera/string.h>
#include <tessera/test.h>

#include "../../kernel/console_internal.h"
#include "threads.h"

#define LOG_TAG "no-hz-test"

static uint64_t all_irqs(void)
{
	uint64_t count = 0;

	for (unsigned irq = 0; irq < IRQ_COUNT; irq++)
		count += irq_count(irq);
	return count;
}

/* How far the ticks since `ticks` and the time since `clock` are apart. */
static uint64_t tick_error(uint64_t ticks, uint64_t clock)
{
	uint64_t by_ticks = (tick_count() - ticks) * TICK;
	uint64_t by_clock = clock_now() - clock;

	return by_ticks > by_clock ? by_ticks - by_clock : by_clock - by_ticks;
}

/* Some boards measure their clock over the first ticks before they can stop the tick. */
static void begin(void)
{
	while (tick_count() < 16)
		thread_sleep(TICK);
	thread_sleep(TICK); /* and begin just after a tick */
}

TEST(no_hz, an_idle_second_has_few_interrupts)
{
	uint64_t before, clock, ticks;

	if (CONFIG_HZ < 100)
		SKIP("HZ of at least 100");
	begin();
	before = all_irqs();
	clock = clock_now();
	ticks = tick_count();
	thread_sleep(CONFIG_HZ * TICK);
	EXPECT(all_irqs() - before <= 30); /* the i8254 cannot sleep for more than 54 ms */
	EXPECT(tick_count() - ticks >= CONFIG_HZ && tick_count() - ticks <= CONFIG_HZ + 1);
	EXPECT(clock_now() - clock >= CONFIG_HZ * TICK);
	EXPECT(tick_error(ticks, clock) < TICK);
}

static struct stamp {
	struct timer timer;
	uint64_t tick_time, ticks, clock;
	unsigned count;
} stamps[4];

static void stamp(struct timer *timer)
{
	struct stamp *at = container_of(timer, struct stamp, timer);

	at->tick_time = this_cpu()->tick_time;
	at->ticks = tick_count();
	at->clock = clock_now();
	at->count++;
}

TEST(no_hz, timers_fire_at_their_ticks)
{
	static const unsigned delays[] = { 1, 3, 50, 500 };
	uint64_t tick_time, ticks, clock;

	begin();
	irq_disable();
	tick_time = this_cpu()->tick_time;
	ticks = tick_count();
	clock = clock_now();
	for (unsigned i = 0; i < ARRAY_SIZE(delays); i++) {
		stamps[i].count = 0;
		timer_init(&stamps[i].timer, stamp);
		timer_set(&stamps[i].timer, delays[i] * TICK);
	}
	irq_enable();
	thread_sleep(501 * TICK);
	for (unsigned i = 0; i < ARRAY_SIZE(delays); i++) {
		uint64_t passed = stamps[i].clock - clock;

		EXPECT_EQ(stamps[i].count, 1);
		EXPECT_EQ(stamps[i].tick_time - tick_time, (delays[i] + 1) * TICK);
		EXPECT_EQ(stamps[i].ticks - ticks, delays[i] + 1);
		/* By the clock: never early, and no later than with a tick. */
		EXPECT(passed >= delays[i] * TICK && passed < (delays[i] + 2) * TICK);
	}
}

static struct {
	unsigned calls;
	uint64_t ticks, tick_time;
} device;

static void device_interrupt(unsigned irq, void *arg)
{
	device.calls++;
	device.ticks = tick_count();
	device.tick_time = this_cpu()->tick_time;
}

/* A line that nobody uses. */
static unsigned free_line(void)
{
	unsigned irq = IRQ_COUNT;

	while (irq > 0 && (!irqchip_has(irq - 1) || irq_name(irq - 1)))
		irq--;
	return irq - 1;
}

TEST(no_hz, a_device_that_ends_idle_sees_the_present_time)
{
	unsigned irq = free_line();
	uint64_t ticks, tick_time, clock;

	ASSERT_TRUE(irq_request(irq, device_interrupt, NULL, "test") == 0);
	begin();
	irq_disable();
	device.calls = 0;
	ticks = tick_count();
	tick_time = this_cpu()->tick_time;
	clock = clock_now();
	tick_idle_enter(); /* what the idle thread does, but that it waits for an interrupt then */
	EXPECT(this_cpu()->tick_stopped);
	while (clock_now() - clock < 7 * TICK / 2)
		;
	EXPECT_EQ(tick_count(), ticks);
	irq_dispatch(irq);
	EXPECT(!this_cpu()->tick_stopped);
	irq_enable();
	EXPECT_EQ(device.calls, 1);
	EXPECT_EQ(device.ticks - ticks, 3);
	EXPECT_EQ(device.tick_time - tick_time, 3 * TICK);

	/* The next tick comes in the old beat. */
	while (tick_count() == device.ticks)
		;
	EXPECT(clock_now() - clock > 7 * TICK / 2 && clock_now() - clock < 9 * TICK / 2);
	irq_free(irq);
}

#define BEATS 12

static uint64_t beats[BEATS];
static unsigned beat_count;

static void beat(struct timer *timer)
{
	if (beat_count < BEATS)
		beats[beat_count++] = clock_now();
}

TEST(no_hz, periodic_timers_keep_their_beat)
{
	const uint64_t period = 7 * TICK;
	struct timer timer;

	begin();
	beat_count = 0;
	timer_init(&timer, beat);
	timer_set_periodic(&timer, period, period);
	thread_sleep((BEATS + 1) * period);
	EXPECT(timer_cancel(&timer));
	EXPECT_EQ(beat_count, BEATS);
	for (unsigned i = 1; i < beat_count; i++) {
		uint64_t passed = beats[i] - beats[0];

		EXPECT(passed > i * period - TICK / 2 && passed < i * period + TICK / 2);
	}
}

/* Ticks go on as usual while something runs. */
TEST(no_hz, a_busy_cpu_ticks)
{
	uint64_t ticks, clock;

	begin();
	thread_sleep(20 * TICK);
	ticks = tick_count();
	clock = clock_now();
	for (unsigned i = 0; i < 5; i++) {
		uint64_t now = tick_count();

		while (tick_count() == now && clock_now() - clock < 20 * TICK)
			;
		EXPECT_EQ(tick_count(), now + 1);
	}
	EXPECT_EQ(tick_count() - ticks, 5);
	EXPECT(tick_error(ticks, clock) < TICK);
}

static int read_console(void *unused)
{
	return console_read();
}

static bool still_behind;

static void look_at_log(struct timer *timer)
{
	still_behind = log_is_behind();
}

/* Nobody looks at the log each tick, but idle has the reader show what an interrupt wrote, and lets it
 * run at once: the next interrupt may be far away. */
TEST(no_hz, idle_shows_the_log)
{
	struct thread *reader;
	struct timer timer;
	int status = 0;

	if (!console_ready())
		SKIP("SERIAL_16550"); /* the log waits until there is a console */
	reader = thread_create(read_console, NULL, "reader", PRIORITY_MAX);
	ASSERT_TRUE(reader != NULL);
	timer_init(&timer, look_at_log);
	still_behind = true;
	begin(); /* the reader waits now */
	irq_disable();
	log_write(LOG_WARNING, LOG_TAG, "this is a test of a line from an interrupt");
	EXPECT(log_is_behind());
	timer_set(&timer, 0);
	irq_enable();
	thread_sleep(2 * TICK);
	EXPECT(!still_behind);
	EXPECT(!log_is_behind());
	console_input('x');
	EXPECT_EQ(thread_join(reader, &status, FOREVER), 0);
	EXPECT_EQ(status, 'x');
}

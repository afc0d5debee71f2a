/* SPDX-License-Identifier: MIT */
/* The kernel's own services: log, consoles, command line, interrupt lines, clock and tick. */
#include <asm/cpu.h>
#include <asm/irqflags.h>
#include <tessera/boot_parameter.h>
#include <tessera/clock.h>
#include <tessera/console.h>
#include <tessera/errno.h>
#include <tessera/format.h>
#include <tessera/irq.h>
#include <tessera/log.h>
#include <tessera/string.h>
#include <tessera/test.h>
#include <tessera/tick.h>

#include "../../kernel/console_internal.h"

#define LOG_TAG "kernel-test"

/* A console that is never registered, but to which the log can be asked to show lines. */
static char captured[2048];
static size_t captured_length;
static unsigned captured_lines;

static void capture_write(struct console *console, const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (captured_length < sizeof(captured) - 1)
			captured[captured_length++] = text[i];
		captured_lines += text[i] == '\n';
	}
	captured[captured_length] = '\0';
}

static struct console capture_console = { .name = "capture", .write = capture_write };

/* What the log's last `lines` lines (0: all) look like. */
static const char *capture_log(unsigned lines)
{
	captured_length = 0;
	captured_lines = 0;
	captured[0] = '\0';
	log_replay_on(&capture_console, lines);
	return captured;
}

TEST(kernel, log_line)
{
	const char *line, *end;

	log_write(LOG_DEBUG, "kernel-test", "one %d", 1);
	line = capture_log(1);
	EXPECT_EQ(captured_lines, 1);
	end = strstr(line, "kernel-test: one 1\n");
	ASSERT_TRUE(end != NULL);
	if (IS_ENABLED(CONFIG_LOG_TIMESTAMPS)) {
		EXPECT_EQ(line[0], '[');
		EXPECT_EQ(line[6], '.');
		EXPECT_EQ(strncmp(line + 13, "] ", 2), 0);
		EXPECT(end == line + 15);
	} else {
		EXPECT(end == line);
	}
}

TEST(kernel, log_marks_what_is_serious)
{
	log_write(LOG_WARNING, "kernel-test", "this is a test of the word before it");
	EXPECT(strstr(capture_log(1), "kernel-test: warning: this is a test") != NULL);
	log_write(LOG_ERROR, "kernel-test", "this is a test of the word before it");
	EXPECT(strstr(capture_log(1), "kernel-test: error: this is a test") != NULL);
	EXPECT(strstr(capture_log(2), "kernel-test: warning: this is a test") != NULL);
}

TEST(kernel, log_cuts_long_lines)
{
	char text[400];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	log_write(LOG_DEBUG, "kernel-test", "%s", text);
	EXPECT(strstr(capture_log(1), "xxx...\n") != NULL);
	EXPECT(captured_length < 320);
}

/* A line becomes a text when it is shown; what it was about may have changed by then. */
TEST(kernel, log_copies_texts)
{
	char text[8] = "before";

	log_write(LOG_DEBUG, "kernel-test", "%s, %.3s, %-8s| %p", text, text, text, NULL);
	strlcpy(text, "behind", sizeof(text));
	EXPECT(strstr(capture_log(1), "kernel-test: before, bef, before  | 0") != NULL);
}

TEST(kernel, log_ring_keeps_the_newest)
{
	/* Lines of all lengths, more than the ring holds; a small one comes round a few times. */
	unsigned count =
		(CONFIG_LOG_BUFFER_SIZE + MIN(2 * CONFIG_LOG_BUFFER_SIZE, 64)) * 1024 / 100;
	unsigned kept;
	char spaces[150], last[40];

	memset(spaces, ' ', sizeof(spaces));
	for (unsigned i = 0; i < count; i++)
		log_write(LOG_DEBUG, "kernel-test", "line %u %.*s|", i, (int)(i * 7 % 150), spaces);
	capture_log(0);
	kept = captured_lines;
	/* A line takes 120 bytes on average, header included. */
	EXPECT(kept >= CONFIG_LOG_BUFFER_SIZE * 1024 / 250);
	EXPECT(kept < count);

	/* The last ones are there, whole and in order. */
	for (unsigned n = MIN(kept, 10u); n > 0; n--) {
		const char *place = capture_log(n);

		snprintf(last, sizeof(last), "kernel-test: line %u ", count - n);
		EXPECT(strstr(place, last) != NULL);
		EXPECT(strchr(place, '|') != NULL);
		EXPECT_EQ(captured_lines, n);
	}
	capture_log(kept);
	EXPECT_EQ(captured_lines, kept);
	capture_log(kept + 1);
	EXPECT_EQ(captured_lines, kept);
}

TEST(kernel, input_queue)
{
	unsigned taken = 0;

	while (console_try_read() >= 0)
		;
	console_input('a');
	console_input('b');
	EXPECT_EQ(console_read(), 'a');
	EXPECT_EQ(console_try_read(), 'b');
	EXPECT_EQ(console_try_read(), -EAGAIN);

	/* More than fits: the first ones stay. */
	for (unsigned i = 0; i < 1000; i++)
		console_input((char)(i & 0x7f));
	for (int c; (c = console_try_read()) >= 0; taken++)
		EXPECT_EQ(c, taken & 0x7f);
	EXPECT(taken >= 16 && taken < 1000);
	console_input('z');
	EXPECT_EQ(console_try_read(), 'z');
}

/* A word of the command line for this suite. */
static uint64_t parameter_value;
static unsigned parameter_calls;

static int set_parameter(const char *value)
{
	parameter_calls++;
	return parse_number(value, 0, &parameter_value) ? -EINVAL : 0;
}
BOOT_PARAMETER(kernel_test, set_parameter, "a number; read by the suite \"kernel\" only");

TEST(kernel, boot_parameters)
{
	char line[] = "  kernel_test=5  kernel_test=0x20 ";
	char again[] = "kernel_test";
	char prefix[] = "kernel_tes=1 kernel_test1=2";

	parameter_calls = 0;
	boot_parameters_parse_line(line);
	EXPECT_EQ(parameter_calls, 2);
	EXPECT_EQ(parameter_value, 0x20);

	boot_parameters_parse_line(again); /* no value is the empty value, here a bad one */
	EXPECT_EQ(parameter_calls, 3);
	if (CONFIG_LOG_LEVEL_COMPILED >= LOG_ERROR)
		EXPECT(strstr(capture_log(1), "error: kernel_test=: bad value; a number") != NULL);

	boot_parameters_parse_line(prefix);
	EXPECT_EQ(parameter_calls, 3);
	EXPECT_EQ(parameter_value, 0x20);
}

TEST(kernel, unknown_boot_parameters)
{
	char line[] = "bogus kernel_test=1 strange=1=2";

	if (CONFIG_LOG_LEVEL_COMPILED < LOG_WARNING)
		SKIP("LOG_LEVEL_COMPILED");
	boot_parameters_parse_line(line);
	EXPECT(strstr(capture_log(1), "unknown words on the command line: bogus strange=1=2\n") !=
	       NULL);
	EXPECT_EQ(parameter_value, 1);
}

static unsigned handler_calls, handler_irq;

static void count_call(unsigned irq, void *arg)
{
	handler_calls++;
	handler_irq = irq;
	EXPECT(arg == &handler_calls);
	EXPECT(!irqs_enabled());
}

/* A line that the controller has and nobody uses: the last, for timers like the first ones.
 * IRQ_COUNT: none. */
static unsigned free_line(void)
{
	for (unsigned irq = IRQ_COUNT; irq-- > 0;)
		if (irqchip_has(irq) && !irq_name(irq))
			return irq;
	return IRQ_COUNT;
}

TEST(kernel, irq_request_and_free)
{
	unsigned irq = free_line();
	unsigned long flags;
	uint64_t count;

	ASSERT_TRUE(irq < IRQ_COUNT);
	EXPECT_EQ(irq_request(IRQ_COUNT, count_call, &handler_calls, "test"), -EINVAL);
	count = irq_count(irq);
	ASSERT_TRUE(irq_request(irq, count_call, &handler_calls, "test") == 0);
	EXPECT_EQ(strcmp(irq_name(irq), "test"), 0);
	EXPECT_EQ(irq_request(irq, count_call, NULL, "other"), -EBUSY);
	EXPECT_EQ(strcmp(irq_name(irq), "test"), 0);

	handler_calls = 0;
	flags = irq_save();
	irq_dispatch(irq); /* as if the device had raised it */
	irq_restore(flags);
	EXPECT_EQ(handler_calls, 1);
	EXPECT_EQ(handler_irq, irq);
	EXPECT_EQ(irq_count(irq), count + 1);

	irq_free(irq);
	EXPECT(irq_name(irq) == NULL);
	ASSERT_TRUE(irq_request(irq, count_call, &handler_calls, "test") == 0);
	irq_free(irq);
}

TEST(kernel, irq_without_handler)
{
	unsigned irq = free_line();
	unsigned long flags;
	char text[80];

	if (CONFIG_LOG_LEVEL_COMPILED < LOG_WARNING)
		SKIP("LOG_LEVEL_COMPILED");
	ASSERT_TRUE(irq < IRQ_COUNT);
	flags = irq_save();
	irq_dispatch(irq);
	irq_restore(flags);
	snprintf(text, sizeof(text), "warning: line %u was raised but has no handler", irq);
	EXPECT(strstr(capture_log(1), text) != NULL);
}

TEST(kernel, clock_never_goes_back)
{
	uint64_t last = clock_now();

	EXPECT(last > 0);
	for (unsigned i = 0; i < 10000; i++) {
		uint64_t now = clock_now();

		EXPECT(now >= last);
		last = now;
	}
	clock_spin(NSEC_PER_MSEC);
	EXPECT(clock_now() - last >= NSEC_PER_MSEC);
}

/* Halts until some interrupt has been served. */
static void wait_for_interrupt(void)
{
	irq_disable();
	cpu_wait();
}

TEST(kernel, tick_follows_the_clock)
{
	uint64_t first, start;
	unsigned ticks = 5;

	EXPECT(irqs_enabled());
	first = tick_count();
	while (tick_count() == first)
		wait_for_interrupt();
	start = clock_now();
	first = tick_count();
	while (tick_count() < first + ticks && clock_now() - start < NSEC_PER_SEC)
		wait_for_interrupt();
	/* Between the bounds that one tick more or less at each end leaves. */
	EXPECT(clock_now() - start > (ticks - 1) * TICK_NS);
	EXPECT(clock_now() - start < (ticks + 1) * TICK_NS);
}

TEST(kernel, cpu_wait_ends_with_an_interrupt)
{
	uint64_t first = tick_count();

	for (unsigned i = 0; i < 1000 && tick_count() == first; i++) {
		wait_for_interrupt();
		EXPECT(irqs_enabled());
	}
	EXPECT(tick_count() > first);
}

/* SPDX-License-Identifier: MIT */
/*
 * Runs the test suites and reports in the Test Anything Protocol (version 13): the plan first, then
 * one line per test with its diagnostics before it, each line as soon as it is known. So
 * whoever reads along knows which test a dead kernel was in and how many it still owed.
 *
 * A test that must panic runs under EXPECT_PANIC: panic() asks test_catch_panic() first, and
 * that jumps back into the test. The jump forgets the frames in between and the locks taken there:
 * on one CPU these are the interrupt mask and the preemption count, which are restored.
 */
#include <asm/irqflags.h>
#include <tessera/console.h>
#include <tessera/format.h>
#include <tessera/percpu.h>
#include <tessera/test.h>

#include "filter.h"

/* A test that goes wrong in a long loop says so this often. */
#define MAX_DIAGNOSTICS 10

/* The running test. */
static unsigned failures;
static const char *skipped_for;

void *test_panic_jump[TEST_JUMP_WORDS];
static bool panic_expected, panic_irqs_were_on;
static unsigned panic_preempt_count, panic_locks_held;
static char panic_message[160];

static const char *test_name(const struct kernel_test *test)
{
	static char name[96];

	snprintf(name, sizeof(name), "%s.%s", test->suite, test->name);
	return name;
}

void test_fail(const char *file, int line, const char *format, ...)
{
	char text[200];
	va_list args;

	failures++;
	if (failures > MAX_DIAGNOSTICS)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	print("# %s:%d: %s\n", file, line, text);
	if (failures == MAX_DIAGNOSTICS)
		print("# further failures of this test are not shown\n");
}

void test_skip(const char *option)
{
	skipped_for = option;
}

void test_panic_begin(void)
{
	panic_irqs_were_on = irqs_enabled();
	if (IS_ENABLED(CONFIG_THREADS)) {
		panic_preempt_count = this_cpu()->preempt_count;
		panic_locks_held = this_cpu()->locks_held;
	}
	panic_message[0] = '\0';
	panic_expected = true;
}

void test_panic_end(const char *file, int line, const char *statement, const char *text)
{
	if (panic_expected)
		test_fail(file, line, "no panic: %s", statement);
	else if (!strstr(panic_message, text))
		test_fail(file, line, "panic says \"%s\", not \"%s\"", panic_message, text);
	panic_expected = false;
	if (IS_ENABLED(CONFIG_THREADS)) {
		this_cpu()->preempt_count = panic_preempt_count;
		this_cpu()->locks_held = panic_locks_held;
	}
	if (panic_irqs_were_on)
		irq_enable();
}

void test_catch_panic(const char *format, va_list args)
{
	if (!panic_expected)
		return;
	panic_expected = false;
	vsnprintf(panic_message, sizeof(panic_message), format, args);
	__builtin_longjmp(test_panic_jump, 1);
}

unsigned tests_run(const char *filter)
{
	unsigned count = 0, number = 0, failed = 0;

	registry_for_each(kernel_tests, struct kernel_test, test)
		if (filter_selects(filter, test_name(test)))
			count++;
	if (count == 0) {
		print("Bail out! No test begins with a word of \"%s\"\n", filter);
		return 1;
	}

	print("TAP version 13\n1..%u\n", count);
	registry_for_each(kernel_tests, struct kernel_test, test) {
		if (!filter_selects(filter, test_name(test)))
			continue;
		failures = 0;
		skipped_for = NULL;
		test->run();
		print("%sok %u - %s", failures ? "not " : "", ++number, test_name(test));
		if (skipped_for)
			print(" # SKIP needs %s", skipped_for);
		print("\n");
		failed += failures != 0;
	}
	return failed;
}

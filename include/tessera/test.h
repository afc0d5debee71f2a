/* SPDX-License-Identifier: MIT */
/*
 * In-kernel tests, printed as TAP (Test Anything Protocol 13). The same files also link into the
 * host build, where the portable rooms run under sanitizers.
 *
 *	TEST(page_alloc, gives_back_all)
 *	{
 *		EXPECT_EQ(page_free_count(), before);
 *	}
 *
 * A failed EXPECT marks the test and goes on; a failed ASSERT_TRUE leaves the test function.
 * SKIP("PAGE_HOT_LIST") names the option that the test needs. EXPECT_PANIC(page_free(page, 1),
 * "freed twice") wants a panic whose message contains the text.
 */
#ifndef TESSERA_TEST_H
#define TESSERA_TEST_H

#include <stdarg.h>
#include <tessera/compiler.h>
#include <tessera/linker.h>

struct kernel_test {
	const char *suite;
	const char *name;
	void (*run)(void);
};

extern const struct kernel_test __start_kernel_tests[], __stop_kernel_tests[];

#define TEST(suite_name, test_name)                                                    \
	static void test_##suite_name##_##test_name(void);                             \
	REGISTRY_ENTRY(kernel_tests, struct kernel_test, suite_name##_##test_name) = { \
		.suite = #suite_name,                                                  \
		.name = #test_name,                                                    \
		.run = test_##suite_name##_##test_name,                                \
	};                                                                             \
	static void test_##suite_name##_##test_name(void)

/* Marks the running test as failed and prints where and what as a TAP diagnostic. */
void test_fail(const char *file, int line, const char *format, ...) __printf(3, 4);
void test_skip(const char *option);

#define EXPECT(condition)                                                \
	do {                                                             \
		if (!(condition))                                        \
			test_fail(__FILE__, __LINE__, "%s", #condition); \
	} while (0)

#define EXPECT_EQ(a, b)                                                                           \
	do {                                                                                      \
		long long __a = (long long)(a), __b = (long long)(b);                             \
		if (__a != __b)                                                                   \
			test_fail(__FILE__, __LINE__, "%s is %lld (0x%llx), %s is %lld (0x%llx)", \
				  #a, __a, __a, #b, __b, __b);                                    \
	} while (0)

#define ASSERT_TRUE(condition)                                           \
	do {                                                             \
		if (!(condition)) {                                      \
			test_fail(__FILE__, __LINE__, "%s", #condition); \
			return;                                          \
		}                                                        \
	} while (0)

#define SKIP(option)               \
	do {                       \
		test_skip(option); \
		return;            \
	} while (0)

/*
 * Runs the statement, which must call panic() (not trap) before it changed anything that the
 * next test relies on. Local variables that it assigns have no certain value afterwards.
 */
#define EXPECT_PANIC(statement, text)                                   \
	do {                                                            \
		test_panic_begin();                                     \
		if (!__builtin_setjmp(test_panic_jump)) {               \
			statement;                                      \
		}                                                       \
		test_panic_end(__FILE__, __LINE__, #statement, (text)); \
	} while (0)

#define TEST_JUMP_WORDS 5 /* what __builtin_setjmp needs, whatever the architecture */
extern void *test_panic_jump[TEST_JUMP_WORDS];
void test_panic_begin(void);
void test_panic_end(const char *file, int line, const char *statement, const char *text);

/* For panic() and boot_fail(), before they do anything: does not return when an EXPECT_PANIC waits
 * for it. */
#ifdef CONFIG_KERNEL_TESTS
void test_catch_panic(const char *format, va_list args) __printf(1, 0);
#else
static inline void test_catch_panic(const char *format, va_list args)
{
	(void)format;
	(void)args;
}
#endif

/*
 * Runs the tests whose "suite.name" the filter selects: a list of words with commas in between, of
 * which the name begins with one ("all" or no word: every test) and with none behind a minus sign.
 * TAP on the console. Gives the number that failed; a filter that selects no test is a failure
 * too.
 */
unsigned tests_run(const char *filter);

#endif

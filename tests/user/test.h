/* SPDX-License-Identifier: MIT */
/*
 * Test programs. A program is a file of cases; each case runs in a process of its own, under a time limit, and
 * nothing that it does to itself harms the others. When it is over the kernel must hold what it held before.
 *
 *	TEST(fork_copies_memory)
 *	{
 *		EXPECT_EQ(child_exit(f), 3);		goes on, the case has failed
 *		ASSERT(p != MAP_FAILED);		leaves the case
 *		EXPECT_ERROR(close(-1), EBADF);
 *		EXPECT_SIGNAL(SIGSEGV, *(int *)0 = 1);	in a child
 *		if (no_semaphores)
 *			SKIP("IPC_SEMAPHORE");
 *	}
 *
 * Only Linux's calls are used where nothing else is said, so the programs of x86 run on Linux too, and prove that
 * a test asks for what Linux does.
 */
#ifndef TESTS_USER_TEST_H
#define TESTS_USER_TEST_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct test {
	const char *name;
	void (*run)(void);
	unsigned seconds; /* of guest time, at most; 0: as usual */
};

#define TEST_WITHIN(seconds, name)                                                          \
	static void test_##name(void);                                                      \
	static const struct test record_##name                                              \
		__attribute__((used, section("tests"),                                      \
			       aligned(sizeof(void *)))) = { #name, test_##name, seconds }; \
	static void test_##name(void)
#define TEST(name) TEST_WITHIN(0, name)

#define EXPECT(condition)                                                     \
	do {                                                                  \
		if (!(condition))                                             \
			test_fail(__FILE__, __LINE__, "not so: " #condition); \
	} while (0)

#define EXPECT_EQ(a, b) test_equal(__FILE__, __LINE__, #a, (long)(a), (long)(b))

#define ASSERT(condition)                                                                          \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			test_fail(__FILE__, __LINE__, "not so: " #condition " (errno %d)", errno); \
			return;                                                                    \
		}                                                                                  \
	} while (0)

#define EXPECT_ERROR(call, error)                                             \
	do {                                                                  \
		errno = 0;                                                    \
		test_error(__FILE__, __LINE__, #call, (long)(call), (error)); \
	} while (0)

/* A child does the statement and must be ended by the signal; must end itself with the status. */
#define EXPECT_SIGNAL(signal, ...)                                                     \
	do {                                                                           \
		pid_t test_child = fork();                                             \
		if (test_child == 0) {                                                 \
			__VA_ARGS__;                                                   \
			_exit(0);                                                      \
		}                                                                      \
		test_ended(__FILE__, __LINE__, #__VA_ARGS__, test_child, (signal), 0); \
	} while (0)
#define EXPECT_EXIT(status, ...)                                                       \
	do {                                                                           \
		pid_t test_child = fork();                                             \
		if (test_child == 0) {                                                 \
			__VA_ARGS__;                                                   \
			_exit(0);                                                      \
		}                                                                      \
		test_ended(__FILE__, __LINE__, #__VA_ARGS__, test_child, 0, (status)); \
	} while (0)

/* Leaves the case: the kernel lacks the option. */
#define SKIP(option)               \
	do {                       \
		test_skip(option); \
		return;            \
	} while (0)

/* Leaves the case: a program has no more address space than this, or less. */
#define NEED_SPACE(bytes)                             \
	do {                                          \
		if (test_space() <= (bytes))          \
			SKIP("USER_SPACE_MAX_MIB=0"); \
	} while (0)

void test_fail(const char *file, int line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void test_equal(const char *file, int line, const char *what, long is, long should);
void test_error(const char *file, int line, const char *call, long result, int error);
void test_ended(const char *file, int line, const char *what, pid_t child, int signal, int status);
void test_skip(const char *option);
unsigned long test_space(void);
/* A line that says something, whatever the verdict. */
void test_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* This process can no longer pass or fail the case, not even by writing to its memory. */
void test_leave(void);

/* Whether the long tier runs: more of the same. */
extern bool test_long;
#define TIMES(usual, long) (test_long ? (long) : (usual))

/* ---- Helpers ---- */

#define PAGE 4096ul

/* Pages of memory, readable and writable, private. MAP_FAILED: none. */
void *pages(size_t count);
/* The same, shared with children. */
void *shared_pages(size_t count);
/* An address that nothing is mapped at, with nothing in the page below. */
void *unmapped(void);
/* An address of the kernel's. */
#if __SIZEOF_LONG__ == 8
#define KERNEL_ADDRESS ((void *)0xffffffff80100000)
#elif defined(__mips__)
#define KERNEL_ADDRESS ((void *)0x80100000)
#else
#define KERNEL_ADDRESS ((void *)0xc0100000)
#endif

/* Waits for a child, and gives its status. */
int status_of(pid_t child);
void sleep_ms(unsigned ms);
/* Monotonic time. */
int64_t now_ns(void);
/* Free memory in pages. */
size_t free_pages(void);

/* What exists in the kernel (PR_LEDGER). False on Linux, and zeros. */
struct ledger;
bool ledger_read(struct ledger *ledger);
/* Compares. If they differ the text says in what. */
bool ledger_same(const struct ledger *before, const struct ledger *after, char *text, size_t size);

/* The next of a fixed sequence of numbers (xorshift). */
uint32_t random_next(uint32_t *state);

#endif

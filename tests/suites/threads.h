/* SPDX-License-Identifier: MIT */
/* What the suites about threads share. */
#ifndef TESTS_SUITES_THREADS_H
#define TESTS_SUITES_THREADS_H

#include <tessera/thread.h>

/* Variables, so that not every suite is compiled anew for each HZ and SCHED_PRIORITY_LEVELS: a tick in nanoseconds,
 * and THREAD_PRIORITY_... */
extern const uint64_t TICK;
extern const unsigned PRIORITY_DEFAULT, PRIORITY_MAX;

/* A gate that threads wait at: wait_for_gate returns its argument's low bits when it opens. */
void gate_close(void);
void gate_open(void);
int wait_for_gate(void *unused);

int sleep_for_ever(void *unused);

/* Lets every other thread run until it blocks or has had many turns, lower ones as well. */
void let_others_run(void);

/* A test in which the threads alone decide who runs next: nobody's slice ends, however short it is. */
#define TEST_IN_TURN(suite_name, test_name)                   \
	static void in_turn_##suite_name##_##test_name(void); \
	TEST(suite_name, test_name)                           \
	{                                                     \
		slices_end(false);                            \
		in_turn_##suite_name##_##test_name();         \
		slices_end(true);                             \
	}                                                     \
	static void in_turn_##suite_name##_##test_name(void)

void slices_end(bool they_do);

/* What must be the same before and after: after reclaiming what is merely kept for reuse. */
struct ledger {
	size_t pages;
	size_t objects;
	unsigned threads;
};

struct ledger ledger(void);
bool ledger_same(struct ledger before);

/* False on a machine that is too small for the larger tests. */
bool memory_is_large(void);

/* Ticks at the end of many masked sections, where the machine is simulated; a real one's come by
 * themselves. */
void interrupts_often(bool often);

/* A small deterministic generator (xorshift32; Marsaglia 2003); the state must not be 0. */
static inline uint32_t random_next(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

/* What happened, in order: a string of one letter per step. */
void trace_clear(void);
void trace_add(char step);
const char *trace_text(void);
#define EXPECT_TRACE(text)                                                                         \
	do {                                                                                       \
		if (strcmp(trace_text(), (text)))                                                  \
			test_fail(__FILE__, __LINE__, "it went %s, not %s", trace_text(), (text)); \
	} while (0)

#endif

/* SPDX-License-Identifier: MIT */
/* What the storms share (storm.c says what they are), and how one is recorded. */
#ifndef TESTS_SUITES_STORM_H
#define TESTS_SUITES_STORM_H

#include "threads.h"

#define STORM_THREADS 24

extern const unsigned storm_steps; /* a variable like those of threads.h */

struct actor {
	struct thread *thread;
	uint32_t random;
	unsigned number;
	/* The account: what its calls said that they did. */
	unsigned given, got;
	uint64_t given_sum, got_sum;
	unsigned wrong;
};

extern struct actor actors[STORM_THREADS];

/* The actor that is this thread's argument. */
static inline const struct actor *actor_of(const struct thread *thread)
{
	return thread->arg;
}

/* Makes the threads, which run entry(&actors[i]) and begin with wait_for_gate. */
void storm_begin(thread_entry *entry, uint32_t seed);

/* Lets the storm run until all threads are through; what still waits then is told to end. */
void storm_run(void);

/* All accounts together; each side has something. */
struct actor storm_total(void);

/* 0, up to three ticks, twenty ticks, or FOREVER. */
uint64_t random_timeout(struct actor *self);

/* What every storm does besides its own work: yields, sleeps, priorities. */
void unrest(struct actor *self);

/* Whether a result says that there is nothing more to be done. */
bool is_end(int result);

/* Whether a result is a success. One that no call of a storm may give is counted as wrong. */
bool storm_check(struct actor *self, int result);

/*
 * The record of a storm, which tests/models/replay compares with the models (written by
 * tests/host/record.c; on a real machine by nobody): before an operation what it is, and what state
 * its objects are in; behind it what it gave. No tick comes between a record and the effect of the
 * operation, so the order of the records is that of the effects.
 */
struct semaphore;
struct message_box;

/* "wait" on `first`, "post" to it, or "exchange": post to `first`, wait on `second`. */
void record_semaphore(const struct actor *self, const char *operation, const struct semaphore *all,
		      unsigned first, unsigned second, uint64_t timeout);

/* "send" (message `number` of this sender) or "receive". */
void record_message_box(const struct actor *self, const char *operation,
			struct message_box *const *all, unsigned which, unsigned number,
			uint64_t timeout);

/* "send", "receive", "exchange", or "exit". `other`: the receiver. */
void record_event(const struct actor *self, const char *operation, const struct actor *other,
		  unsigned long word, uint64_t timeout);

/* The actor gets this priority, which has no result: it is done in the same masked section. */
void record_priority(const struct actor *actor, unsigned priority);

/* What was received from whom; 0 where nothing is. */
void record_result(const struct actor *self, int result, unsigned from, unsigned long what);

#endif

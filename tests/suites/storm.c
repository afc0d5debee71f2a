// SPDX-License-Identifier: MIT
/*
 * Storms: threads of all priorities do random things to shared objects, with timeouts of all kinds,
 * changes of priority, and now and then one of them is killed. What each did is counted by its
 * results, so at the end the accounts must be equal: every unit, message and word that a call
 * says it gave was got by exactly one call that says it got it, or is still there.
 *
 * On the host the tick comes at any end of a masked section, so that a storm of millions of steps
 * meets the rare orders; the seeds are fixed, so it meets the same ones every time.
 */
#include <asm/irqflags.h>
#include <tessera/errno.h>
#include <tessera/event.h>
#include <tessera/message_box.h>
#include <tessera/mutex.h>
#include <tessera/semaphore.h>
#include <tessera/test.h>

#include "threads.h"

#define THREADS 24
#define STEPS	CONFIG_TEST_STORM_STEPS

struct actor {
	struct thread *thread;
	uint32_t random;
	unsigned number;
	/* The account: what its calls said that they did. */
	unsigned given, got;
	uint64_t given_sum, got_sum;
	unsigned wrong;
};

static struct actor actors[THREADS];
static bool storm_over;

static uint64_t random_timeout(struct actor *self)
{
	switch (random_next(&self->random) % 4) {
	case 0:
		return 0;
	case 1:
		return random_next(&self->random) % (3 * TICK);
	case 2:
		return 20 * TICK;
	default:
		return FOREVER;
	}
}

/* What every storm does besides its own work. */
static void unrest(struct actor *self)
{
	switch (random_next(&self->random) % 16) {
	case 0:
		thread_yield();
		break;
	case 1:
		thread_set_priority(actors[random_next(&self->random) % THREADS].thread,
				    random_next(&self->random) % (THREAD_PRIORITY_MAX + 1));
		break;
	case 2:
		thread_sleep(random_next(&self->random) % TICK);
		break;
	default:
		break;
	}
}

static bool is_end(int result)
{
	return result == -EINTR || result == -EIDRM || result == -ESRCH;
}

/* A result that the calls of a storm may give; everything else is counted as wrong. */
static bool check(struct actor *self, int result)
{
	if (result >= 0)
		return true;
	if (result != -ETIMEDOUT && result != -EAGAIN && !is_end(result))
		self->wrong++;
	return false;
}

static void storm_begin(thread_entry *entry, uint32_t seed)
{
	storm_over = false;
	for (unsigned i = 0; i < THREADS; i++)
		actors[i] = (struct actor){ .random = seed + i * 7919, .number = i };
	/* None runs before all are there: they use each other. */
	gate_close();
	for (unsigned i = 0; i < THREADS; i++) {
		actors[i].thread =
			thread_create(entry, &actors[i], "storm",
				      random_next(&actors[i].random) % (THREAD_PRIORITY_MAX + 1));
		EXPECT(actors[i].thread != NULL);
	}
}

/* Lets the storm run until all threads are through; what still waits then is told to end. */
static void storm_run(void)
{
	uint32_t random = 99;
	unsigned running = THREADS, seen = 0, quiet = 0;

	thread_set_priority(current_thread(), THREAD_PRIORITY_MAX);
	interrupts_often(true);
	gate_open();
	while (running) {
		unsigned steps = 0;

		thread_sleep(TICK);
		if (random_next(&random) % 64 == 0)
			thread_kill(actors[random_next(&random) % THREADS].thread);
		running = 0;
		for (unsigned i = 0; i < THREADS; i++) {
			running += !thread_has_ended(actors[i].thread);
			steps += actors[i].given + actors[i].got;
		}
		/* Nobody gets anything any more: those left wait for what will never come. */
		quiet = steps == seen ? quiet + 1 : 0;
		seen = steps;
		if (quiet > 50)
			for (unsigned i = 0; i < THREADS; i++)
				thread_kill(actors[i].thread);
	}
	for (unsigned i = 0; i < THREADS; i++) {
		EXPECT_EQ(thread_join(actors[i].thread, NULL, FOREVER), 0);
		EXPECT_EQ(actors[i].wrong, 0);
	}
	interrupts_often(false);
	thread_set_priority(current_thread(), THREAD_PRIORITY_DEFAULT);
}

static struct actor total(void)
{
	struct actor sum = { 0 };

	for (unsigned i = 0; i < THREADS; i++) {
		sum.given += actors[i].given;
		sum.got += actors[i].got;
		sum.given_sum += actors[i].given_sum;
		sum.got_sum += actors[i].got_sum;
	}
	EXPECT(sum.given > 0 && sum.got > 0);
	return sum;
}

/* ---- Mutexes: what they protect is touched by one at a time ---- */

#define MUTEXES 3

static struct mutex mutexes[MUTEXES];
static struct actor *inside[MUTEXES];

static int lock_actor(void *arg)
{
	struct actor *self = arg;

	wait_for_gate(NULL);
	for (unsigned step = 0; step < STEPS; step++) {
		unsigned i = random_next(&self->random) % MUTEXES;
		int result = mutex_lock_timeout(&mutexes[i], random_timeout(self));

		if (check(self, result)) {
			self->wrong += inside[i] != NULL;
			inside[i] = self;
			self->got++;
			unrest(self);
			/* A second one, in ascending order, makes chains of owners. */
			if (i + 1 < MUTEXES &&
			    mutex_lock_timeout(&mutexes[i + 1], random_timeout(self)) == 0) {
				self->wrong += inside[i + 1] != NULL;
				inside[i + 1] = self;
				unrest(self);
				inside[i + 1] = NULL;
				self->wrong += mutex_unlock(&mutexes[i + 1]) != 0;
			}
			self->wrong += inside[i] != self;
			inside[i] = NULL;
			self->given++;
			self->wrong += mutex_unlock(&mutexes[i]) != 0;
		} else if (is_end(result)) {
			break;
		}
		unrest(self);
	}
	/* Nothing owned, nothing inherited. */
	self->wrong += current_thread()->priority != current_thread()->base_priority;
	self->wrong += !list_empty(&current_thread()->mutexes);
	return 0;
}

TEST(storm, mutexes)
{
	for (unsigned i = 0; i < MUTEXES; i++)
		mutex_init(&mutexes[i]);
	storm_begin(lock_actor, 1);
	storm_run();
	total();
	for (unsigned i = 0; i < MUTEXES; i++) {
		EXPECT(mutexes[i].owner == 0);
		EXPECT(wait_queue_empty(&mutexes[i].waiters));
	}
}

/* ---- Semaphores: units are conserved ---- */

#ifdef CONFIG_IPC_SEMAPHORE

#define SEMAPHORES 3
#define UNITS	   5

static struct semaphore semaphores[SEMAPHORES];

static int semaphore_actor(void *arg)
{
	struct actor *self = arg;

	wait_for_gate(NULL);
	for (unsigned step = 0; step < STEPS; step++) {
		struct semaphore *a = &semaphores[random_next(&self->random) % SEMAPHORES];
		struct semaphore *b = &semaphores[random_next(&self->random) % SEMAPHORES];
		uint64_t timeout = random_timeout(self);
		int result;

		if (random_next(&self->random) % 2) {
			result = semaphore_wait(a, timeout);
			if (check(self, result)) {
				self->got++;
				unrest(self);
				self->wrong += semaphore_post(b) != 0;
				self->given++;
			}
		} else {
			/* The unit given is gone whatever happens to the other half. */
			result = semaphore_wait(a, timeout);
			if (check(self, result)) {
				self->got++;
				result = semaphore_exchange(a, b, timeout);
				self->given++;
				if (check(self, result)) {
					self->got++;
					self->wrong += semaphore_post(b) != 0;
					self->given++;
				}
			}
		}
		if (is_end(result))
			return 0;
		unrest(self);
	}
	return 0;
}

TEST(storm, semaphores)
{
	int left = 0;

	for (unsigned i = 0; i < SEMAPHORES; i++)
		semaphore_init(&semaphores[i], UNITS);
	storm_begin(semaphore_actor, 2);
	storm_run();
	for (unsigned i = 0; i < SEMAPHORES; i++)
		left += semaphore_value(&semaphores[i]);
	EXPECT_EQ(left, SEMAPHORES * UNITS + (int)total().given - (int)total().got);
	EXPECT_EQ(left, SEMAPHORES * UNITS);
}

#endif

/* ---- Message boxes: what was sent was received once, in order ---- */

#ifdef CONFIG_IPC_MESSAGE_BOX

static struct message_box *boxes[2];

/* Of each sender the last number received; a box with one reader at a time keeps the order. */
static unsigned last_seen[ARRAY_SIZE(boxes)][THREADS];

static int message_actor(void *arg)
{
	struct actor *self = arg;
	unsigned number = 0;

	wait_for_gate(NULL);
	for (unsigned step = 0; step < STEPS; step++) {
		unsigned i = random_next(&self->random) % ARRAY_SIZE(boxes);
		uint64_t timeout = random_timeout(self);
		uint32_t text[4];
		int result;

		if (self->number % 2) {
			size_t size = 8 + random_next(&self->random) % 9;

			text[0] = self->number;
			text[1] = ++number;
			text[2] = text[3] = (uint32_t)(text[0] * 1000003u + text[1]);
			result = message_box_send(boxes[i], text, size, timeout);
			if (check(self, result)) {
				self->given++;
				self->given_sum += text[0] * 1000003u + text[1];
			}
		} else {
			int sender = 0;

			result = (int)message_box_receive(boxes[i], text, sizeof(text), &sender,
							  timeout);
			if (check(self, result)) {
				self->got++;
				self->got_sum += text[0] * 1000003u + text[1];
				self->wrong += result < 8 || result > 16 || text[0] >= THREADS;
				self->wrong += actors[text[0] % THREADS].thread->id != sender;
				if (result >= 12)
					self->wrong +=
						text[2] != (uint32_t)(text[0] * 1000003u + text[1]);
				if (self->number == 0) { /* enough to catch an overtaking pair */
					self->wrong += text[1] <= last_seen[i][text[0] % THREADS];
					last_seen[i][text[0] % THREADS] = text[1];
				}
			}
		}
		if (is_end(result))
			return 0;
		unrest(self);
	}
	return 0;
}

TEST(storm, messages)
{
	struct actor sum;

	for (unsigned i = 0; i < ARRAY_SIZE(boxes); i++) {
		boxes[i] = message_box_create(2 + i, 16);
		ASSERT_TRUE(boxes[i]);
		for (unsigned n = 0; n < THREADS; n++)
			last_seen[i][n] = 0;
	}
	storm_begin(message_actor, 3);
	storm_run();
	sum = total();
	for (unsigned i = 0; i < ARRAY_SIZE(boxes); i++) {
		uint32_t text[4];

		while (message_box_receive(boxes[i], text, sizeof(text), NULL, 0) >= 0) {
			sum.got++;
			sum.got_sum += text[0] * 1000003u + text[1];
		}
		message_box_free(boxes[i]);
	}
	EXPECT_EQ(sum.got, sum.given);
	EXPECT_EQ(sum.got_sum, sum.given_sum);
}

#endif

/* ---- Events: words said and words heard ---- */

#ifdef CONFIG_IPC_EVENT

static int event_actor(void *arg)
{
	struct actor *self = arg;

	wait_for_gate(NULL);
	for (unsigned step = 0; step < STEPS; step++) {
		struct actor *other = &actors[random_next(&self->random) % THREADS];
		uint64_t timeout = random_timeout(self);
		struct event event;
		int result;

		if (random_next(&self->random) % 2) {
			unsigned long word = random_next(&self->random);

			result = event_send(other->thread, word, timeout);
			if (other == self)
				self->wrong += result != -EDEADLK;
			else if (check(self, result)) {
				self->given++;
				self->given_sum += word;
			}
			if (result == -ESRCH)
				continue;
		} else {
			result = event_receive(&event, timeout);
			if (check(self, result)) {
				self->got++;
				self->got_sum += event.word;
				self->wrong += event.sender == self->thread;
			}
		}
		if (is_end(result))
			return 0;
		unrest(self);
	}
	return 0;
}

TEST(storm, events)
{
	struct actor sum;

	storm_begin(event_actor, 4);
	storm_run();
	sum = total();
	EXPECT_EQ(sum.got, sum.given);
	EXPECT_EQ(sum.got_sum, sum.given_sum);
}

/* Every client's question gets the answer to that question. */
static int server_actor(struct actor *self)
{
	struct event event;
	int result = event_receive(&event, FOREVER);

	while (result == 0) {
		self->got++;
		self->given++;
		result = event_exchange(event.sender, event.word ^ 0x5a5a, &event,
					random_timeout(self) | 1);
		if (result == -ETIMEDOUT || result == -ESRCH)
			result = event_receive(&event, 50 * TICK);
	}
	return 0;
}

static int call_actor(void *arg)
{
	struct actor *self = arg;

	wait_for_gate(NULL);
	if (self->number < 2)
		return server_actor(self);
	for (unsigned step = 0; step < STEPS; step++) {
		unsigned long word = random_next(&self->random);
		struct event event;
		/* For ever, so that an answer cannot come after its question was given up. */
		int result = event_exchange(actors[self->number % 2].thread, word, &event, FOREVER);

		if (is_end(result))
			return 0;
		self->wrong += result != 0 || event.word != (word ^ 0x5a5a) ||
			       event.sender != actors[self->number % 2].thread;
		self->given++;
		self->got++;
		unrest(self);
	}
	return 0;
}

TEST(storm, calls)
{
	storm_begin(call_actor, 5);
	storm_run();
	total();
}

#endif

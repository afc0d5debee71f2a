/* SPDX-License-Identifier: MIT */
/* The storms on events: words said are words heard, and a question gets its own answer. */
#include <tessera/errno.h>
#include <tessera/event.h>
#include <tessera/test.h>

#include "storm.h"

static int say(struct actor *self, const struct actor *other, unsigned long word)
{
	uint64_t timeout = random_timeout(self);
	int result;

	record_event(self, "send", other, word, timeout);
	result = timeout == FOREVER ? event_send(other->thread, word, FOREVER)
				    : event_send(other->thread, word, timeout);
	record_result(self, result, 0, 0);
	return result;
}

static void record_heard(struct actor *self, int result, const struct event *event)
{
	if (result == 0)
		record_result(self, result, actor_of(event->sender)->number, event->word);
	else
		record_result(self, result, 0, 0);
}

static int hear(struct actor *self, struct event *event, uint64_t timeout)
{
	int result;

	record_event(self, "receive", self, 0, timeout);
	result = timeout == FOREVER ? event_receive(event, FOREVER) : event_receive(event, timeout);
	record_heard(self, result, event);
	return result;
}

static int ask(struct actor *self, struct thread *other, unsigned long word, struct event *event,
	       uint64_t timeout)
{
	int result;

	record_event(self, "exchange", actor_of(other), word, timeout);
	result = timeout == FOREVER ? event_exchange(other, word, event, FOREVER)
				    : event_exchange(other, word, event, timeout);
	record_heard(self, result, event);
	return result;
}

static int event_actor(void *arg)
{
	struct actor *self = arg;

	wait_for_gate(NULL);
	for (unsigned step = 0; step < storm_steps; step++) {
		const struct actor *other = &actors[random_next(&self->random) % STORM_THREADS];
		struct event event;
		int result;

		if (random_next(&self->random) % 2) {
			unsigned long word = random_next(&self->random);

			result = say(self, other, word);
			if (other == self) {
				self->wrong += result != -EDEADLK;
			} else if (storm_check(self, result)) {
				self->given++;
				self->given_sum += word;
			}
			if (result == -ESRCH)
				continue;
		} else {
			result = hear(self, &event, random_timeout(self));
			if (storm_check(self, result)) {
				self->got++;
				self->got_sum += event.word;
				self->wrong += event.sender == self->thread;
			}
		}
		if (is_end(result))
			break;
		unrest(self);
	}
	record_event(self, "exit", self, 0, 0);
	return 0;
}

TEST(storm, events)
{
	struct actor sum;

	storm_begin(event_actor, 4);
	storm_run();
	sum = storm_total();
	EXPECT_EQ(sum.got, sum.given);
	EXPECT_EQ(sum.got_sum, sum.given_sum);
}

/* ---- Calls ---- */

#define SERVERS 2
#define ANSWER	0x5a5a /* changed so the word comes back */

static void serve(struct actor *self)
{
	struct event event;
	int result = hear(self, &event, FOREVER);

	while (result == 0) {
		self->got++;
		self->given++;
		result = ask(self, event.sender, event.word ^ ANSWER, &event,
			     random_timeout(self) | 1);
		if (result == -ETIMEDOUT || result == -ESRCH)
			result = hear(self, &event, 50 * TICK);
	}
}

static void call(struct actor *self)
{
	struct thread *server = actors[self->number % SERVERS].thread;

	for (unsigned step = 0; step < storm_steps; step++) {
		unsigned long word = random_next(&self->random);
		struct event event;
		/* For ever, so that an answer cannot come after its question was given up. */
		int result = ask(self, server, word, &event, FOREVER);

		if (is_end(result))
			return;
		self->wrong +=
			result != 0 || event.word != (word ^ ANSWER) || event.sender != server;
		self->given++;
		self->got++;
		unrest(self);
	}
}

static int call_actor(void *arg)
{
	struct actor *self = arg;

	wait_for_gate(NULL);
	if (self->number < SERVERS)
		serve(self);
	else
		call(self);
	record_event(self, "exit", self, 0, 0);
	return 0;
}

TEST(storm, calls)
{
	storm_begin(call_actor, 5);
	storm_run();
	storm_total();
}

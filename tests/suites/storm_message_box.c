/* SPDX-License-Identifier: MIT */
/* The storm on message boxes: what was sent was received once, in order. */
#include <tessera/message_box.h>
#include <tessera/test.h>

#include "storm.h"

#define BOXES 2

static struct message_box *boxes[BOXES];

/* Of each sender the last number received; a box with one reader at a time keeps the order. */
static unsigned last_seen[BOXES][STORM_THREADS];

/* What tells a message from all others. */
static uint32_t sum_of(uint32_t sender, uint32_t number)
{
	return sender * 1000003u + number;
}

static int send(struct actor *self, unsigned i, unsigned number)
{
	uint64_t timeout = random_timeout(self);
	size_t size = 8 + random_next(&self->random) % 9;
	uint32_t text[4] = { self->number, number };
	int result;

	text[2] = text[3] = sum_of(text[0], text[1]);
	record_message_box(self, "send", boxes, i, number, timeout);
	result = timeout == FOREVER ? message_box_send(boxes[i], text, size, FOREVER)
				    : message_box_send(boxes[i], text, size, timeout);
	record_result(self, result, 0, 0);
	if (storm_check(self, result)) {
		self->given++;
		self->given_sum += sum_of(text[0], text[1]);
	}
	return result;
}

static int receive(struct actor *self, unsigned i)
{
	uint64_t timeout = random_timeout(self);
	int sender = 0, result;
	uint32_t text[4];

	record_message_box(self, "receive", boxes, i, 0, timeout);
	result = timeout == FOREVER
			 ? message_box_receive(boxes[i], text, sizeof(text), &sender, FOREVER)
			 : message_box_receive(boxes[i], text, sizeof(text), &sender, timeout);
	if (!storm_check(self, result)) {
		record_result(self, result, 0, 0);
		return result;
	}
	record_result(self, result, text[0], text[1]);
	self->got++;
	self->got_sum += sum_of(text[0], text[1]);
	self->wrong += result < 8 || result > 16 || text[0] >= STORM_THREADS;
	self->wrong += actors[text[0] % STORM_THREADS].thread->id != sender;
	if (result >= 12)
		self->wrong += text[2] != sum_of(text[0], text[1]);
	if (self->number == 0) { /* enough to catch an overtaking pair */
		self->wrong += text[1] <= last_seen[i][text[0] % STORM_THREADS];
		last_seen[i][text[0] % STORM_THREADS] = text[1];
	}
	return result;
}

static int message_actor(void *arg)
{
	struct actor *self = arg;

	wait_for_gate(NULL);
	for (unsigned step = 0; step < storm_steps; step++) {
		unsigned i = random_next(&self->random) % BOXES;

		if (is_end(self->number % 2 ? send(self, i, step + 1) : receive(self, i)))
			return 0;
		unrest(self);
	}
	return 0;
}

TEST(storm, messages)
{
	struct actor sum;

	for (unsigned i = 0; i < BOXES; i++) {
		boxes[i] = message_box_create(2 + i, 16);
		ASSERT_TRUE(boxes[i]);
		for (unsigned n = 0; n < STORM_THREADS; n++)
			last_seen[i][n] = 0;
	}
	storm_begin(message_actor, 3);
	storm_run();
	sum = storm_total();
	for (unsigned i = 0; i < BOXES; i++) {
		uint32_t text[4];

		while (message_box_receive(boxes[i], text, sizeof(text), NULL, 0) >= 0) {
			sum.got++;
			sum.got_sum += sum_of(text[0], text[1]);
		}
		message_box_free(boxes[i]);
	}
	EXPECT_EQ(sum.got, sum.given);
	EXPECT_EQ(sum.got_sum, sum.given_sum);
}

/* SPDX-License-Identifier: MIT */
/* The storm on semaphores: units are conserved. */
#include <tessera/semaphore.h>
#include <tessera/test.h>

#include "storm.h"

#define SEMAPHORES 3
#define UNITS	   5

static struct semaphore semaphores[SEMAPHORES];

/* Each call as it is written for a constant FOREVER, and for any other time. */

static int wait_for_unit(struct actor *self, unsigned i, uint64_t timeout)
{
	int result;

	record_semaphore(self, "wait", semaphores, i, i, timeout);
	result = timeout == FOREVER ? semaphore_wait(&semaphores[i], FOREVER)
				    : semaphore_wait(&semaphores[i], timeout);
	record_result(self, result, 0, 0);
	self->got += storm_check(self, result);
	return result;
}

static int post_unit(struct actor *self, unsigned i)
{
	int result;

	record_semaphore(self, "post", semaphores, i, i, FOREVER);
	result = semaphore_post(&semaphores[i]);
	record_result(self, result, 0, 0);
	self->wrong += result != 0;
	self->given++;
	return result;
}

/* The unit given is gone whatever happens to the other half. */
static int exchange_units(struct actor *self, unsigned post, unsigned wait, uint64_t timeout)
{
	int result;

	record_semaphore(self, "exchange", semaphores, post, wait, timeout);
	result = timeout == FOREVER
			 ? semaphore_exchange(&semaphores[post], &semaphores[wait], FOREVER)
			 : semaphore_exchange(&semaphores[post], &semaphores[wait], timeout);
	record_result(self, result, 0, 0);
	self->given++;
	self->got += storm_check(self, result);
	return result;
}

static int semaphore_actor(void *arg)
{
	struct actor *self = arg;

	wait_for_gate(NULL);
	for (unsigned step = 0; step < storm_steps; step++) {
		unsigned a = random_next(&self->random) % SEMAPHORES;
		unsigned b = random_next(&self->random) % SEMAPHORES;
		uint64_t timeout = random_timeout(self);
		int result = wait_for_unit(self, a, timeout);

		if (result == 0) {
			if (random_next(&self->random) % 2)
				unrest(self);
			else
				result = exchange_units(self, a, b, timeout);
			if (result == 0)
				post_unit(self, b);
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
	EXPECT_EQ(left, SEMAPHORES * UNITS + (int)storm_total().given - (int)storm_total().got);
	EXPECT_EQ(left, SEMAPHORES * UNITS);
}

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
#include <tessera/mutex.h>
#include <tessera/test.h>
#include <tessera/wait.h>

#include "storm.h"

const unsigned storm_steps = CONFIG_TEST_STORM_STEPS;
struct actor actors[STORM_THREADS];

uint64_t random_timeout(struct actor *self)
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

static void change_priority(struct actor *self)
{
	const struct actor *other = &actors[random_next(&self->random) % STORM_THREADS];
	unsigned priority = random_next(&self->random) % (PRIORITY_MAX + 1);
	unsigned long flags = irq_save(); /* nothing in between */

	record_priority(other, priority);
	thread_set_priority(other->thread, priority);
	wait_unlock(flags);
}

void unrest(struct actor *self)
{
	switch (random_next(&self->random) % 16) {
	case 0:
		thread_yield();
		break;
	case 1:
		change_priority(self);
		break;
	case 2:
		thread_sleep(random_next(&self->random) % TICK);
		break;
	default:
		break;
	}
}

bool is_end(int result)
{
	return result == -EINTR || result == -EIDRM || result == -ESRCH;
}

bool storm_check(struct actor *self, int result)
{
	if (result >= 0)
		return true;
	if (result != -ETIMEDOUT && result != -EAGAIN && !is_end(result))
		self->wrong++;
	return false;
}

void storm_begin(thread_entry *entry, uint32_t seed)
{
	for (unsigned i = 0; i < STORM_THREADS; i++)
		actors[i] = (struct actor){ .random = seed + i * 7919, .number = i };
	/* None runs before all are there: they use each other. */
	gate_close();
	for (unsigned i = 0; i < STORM_THREADS; i++) {
		unsigned priority = random_next(&actors[i].random) % (PRIORITY_MAX + 1);

		record_priority(&actors[i], priority);
		actors[i].thread = thread_create(entry, &actors[i], "storm", priority);
		EXPECT(actors[i].thread != NULL);
	}
}

void storm_run(void)
{
	uint32_t random = 99;
	unsigned running = STORM_THREADS, seen = 0, quiet = 0;

	thread_set_priority(current_thread(), PRIORITY_MAX);
	interrupts_often(true);
	gate_open();
	while (running) {
		unsigned steps = 0;

		thread_sleep(TICK);
		if (random_next(&random) % 64 == 0)
			thread_kill(actors[random_next(&random) % STORM_THREADS].thread);
		running = 0;
		for (unsigned i = 0; i < STORM_THREADS; i++) {
			running += !thread_has_ended(actors[i].thread);
			steps += actors[i].given + actors[i].got;
		}
		/* Nobody gets anything any more: those left wait for what will never come. */
		quiet = steps == seen ? quiet + 1 : 0;
		seen = steps;
		if (quiet > 50)
			for (unsigned i = 0; i < STORM_THREADS; i++)
				thread_kill(actors[i].thread);
	}
	for (unsigned i = 0; i < STORM_THREADS; i++) {
		EXPECT_EQ(thread_join(actors[i].thread, NULL, FOREVER), 0);
		EXPECT_EQ(actors[i].wrong, 0);
	}
	interrupts_often(false);
	thread_set_priority(current_thread(), PRIORITY_DEFAULT);
}

struct actor storm_total(void)
{
	struct actor sum = { 0 };

	for (unsigned i = 0; i < STORM_THREADS; i++) {
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
	for (unsigned step = 0; step < storm_steps; step++) {
		unsigned i = random_next(&self->random) % MUTEXES;
		int result = mutex_lock_timeout(&mutexes[i], random_timeout(self));

		if (storm_check(self, result)) {
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
	storm_total();
	for (unsigned i = 0; i < MUTEXES; i++) {
		EXPECT(mutexes[i].owner == 0);
		EXPECT(wait_queue_empty(&mutexes[i].waiters));
	}
}

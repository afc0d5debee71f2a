// SPDX-License-Identifier: MIT
/*
 * Futexes: user code locks and waits by words of its own memory, and comes here only when it has to
 * sleep or to wake somebody (Franke, Russell, Kirkwood, "Fuss, Futexes and Furwocks", 2002).
 *
 * Who waits stands in one of a fixed number of buckets, by the word's key (space_key: for shared
 * memory the same in every process), with a record on its own kernel stack; the record has the wait
 * queue, so a waker ends exactly the waits that it means, in order of priority, then of arrival.
 * The word is looked at and the record put in while no other thread runs: a wake-up in between is
 * not possible.
 *
 * Cost: O(waiters in the bucket). FUTEX_PRIVATE_FLAG makes no difference: the key is cheap.
 */
#include <tessera/futex.h>
#include <tessera/sched.h>
#include <tessera/system_calls.h>
#include <tessera/time.h>
#include <tessera/user_copy.h>

#include "futex.h"
#include "life.h"
#include "user_time.h"

struct waiter {
	struct list_node link; /* in its bucket; linked until it is woken */
	struct memory_key key;
	uint32_t bits; /* FUTEX_WAIT_BITSET */
	struct thread *thread;
	struct wait_queue queue; /* of this one */
	bool woken;
};

/* Changed while no other thread runs; interrupts do not come here. A list that is all zeros is
 * empty, too. */
static struct list_node buckets[CONFIG_USER_FUTEX_BUCKETS];

static struct list_node *bucket_of(const struct memory_key *key)
{
	uintptr_t hash = (uintptr_t)key->memory / 32 + key->offset / 4 + key->offset / 4096;
	struct list_node *bucket = &buckets[hash % CONFIG_USER_FUTEX_BUCKETS];

	if (unlikely(!bucket->next))
		list_init(bucket);
	return bucket;
}

static bool same_key(const struct memory_key *a, const struct memory_key *b)
{
	return a->memory == b->memory && a->offset == b->offset;
}

static int key_of(uintptr_t address, struct memory_key *key)
{
	if (address % sizeof(uint32_t))
		return -EINVAL;
	return space_key(current_process()->space, address, key);
}

/* Behind all of its level and above. */
static void insert(struct list_node *bucket, struct waiter *waiter)
{
	struct list_node *place = bucket;

	while (place->prev != bucket &&
	       list_entry(place->prev, struct waiter, link)->thread->level < waiter->thread->level)
		place = place->prev;
	list_add_before(place, &waiter->link);
}

/* The scheduler is held. */
static void wake(struct waiter *waiter)
{
	unsigned long flags = irq_save();

	list_remove(&waiter->link);
	waiter->woken = true;
	wait_wake_one(&waiter->queue, 0);
	wait_unlock(flags);
}

/* Wakes at most `most` waiters for these bits; gives their number. The scheduler is held. */
static unsigned wake_key(const struct memory_key *key, unsigned most, uint32_t bits)
{
	unsigned woken = 0;

	list_for_each_safe(node, bucket_of(key)) {
		struct waiter *waiter = list_entry(node, struct waiter, link);

		if (woken >= most)
			break;
		if (same_key(&waiter->key, key) && waiter->bits & bits) {
			wake(waiter);
			woken++;
		}
	}
	return woken;
}

static long futex_wake(uintptr_t address, unsigned most, uint32_t bits)
{
	struct memory_key key;
	int error = key_of(address, &key);
	long woken;

	if (error)
		return error;
	if (!bits)
		return -EINVAL;
	sched_hold();
	woken = wake_key(&key, most, bits);
	sched_release();
	return woken;
}

void futex_wake_all(uintptr_t address)
{
	futex_wake(address, UINT32_MAX, FUTEX_BITSET_ALL);
}

/* The scheduler is held, the word is as expected. Gives 0, -ETIMEDOUT or -EINTR; the scheduler is
 * free again. */
static int sleep(struct waiter *waiter, uint64_t timeout)
{
	int result;

	insert(bucket_of(&waiter->key), waiter);
	irq_disable();
	this_cpu()->preempt_count--; /* nobody comes in between: interrupts are masked */
	result = wait_block(&waiter->queue, timeout);
	sched_hold();
	if (waiter->woken)
		result = 0;
	else
		list_remove(&waiter->link);
	sched_release();
	return result;
}

static long futex_wait(uintptr_t address, uint32_t expected, uint32_t bits, uint64_t timeout)
{
	struct waiter waiter = { .bits = bits,
				 .thread = current_thread(),
				 .queue = WAIT_QUEUE_INIT(waiter.queue) };
	int error = key_of(address, &waiter.key);
	uint32_t word;

	if (error)
		return error;
	if (!bits)
		return -EINVAL;
	sched_hold();
	error = user_load_u32(address, &word);
	if (!error && word != expected)
		error = -EAGAIN;
	if (error) {
		sched_release();
		return error;
	}
	error = sleep(&waiter, timeout);
	if (error == -EINTR)
		return timeout == FOREVER ? -ERESTART : -ERESTART_NO_HANDLER;
	return error;
}

/* Wakes some of those who wait for one word and lets the others wait for another. */
static long futex_requeue(uintptr_t from, unsigned wake_most, unsigned move_most, uintptr_t to,
			  const uint32_t *expected)
{
	struct memory_key key, key2;
	unsigned woken, moved = 0;
	uint32_t word;
	int error = key_of(from, &key);

	if (!error)
		error = key_of(to, &key2);
	if (error)
		return error;
	sched_hold();
	if (expected) {
		error = user_load_u32(from, &word);
		if (!error && word != *expected)
			error = -EAGAIN;
		if (error) {
			sched_release();
			return error;
		}
	}
	woken = wake_key(&key, wake_most, FUTEX_BITSET_ALL);
	list_for_each_safe(node, bucket_of(&key)) {
		struct waiter *waiter = list_entry(node, struct waiter, link);

		if (moved >= move_most)
			break;
		if (!same_key(&waiter->key, &key))
			continue;
		moved++;
		if (same_key(&key, &key2))
			continue;
		list_remove(node);
		waiter->key = key2;
		insert(bucket_of(&key2), waiter);
	}
	sched_release();
	return expected ? woken + moved : woken;
}

/* From now on until a point of the clock that the operation names. */
static uint64_t time_until(uint64_t time, unsigned operation)
{
	uint64_t now = 0;

	user_clock_now(operation & FUTEX_CLOCK_REALTIME ? CLOCK_REALTIME : CLOCK_MONOTONIC, &now);
	return time > now ? time - now : 0;
}

static long futex(uintptr_t word, unsigned operation, uint32_t value, unsigned long timeout,
		  uintptr_t word2, uint32_t value3, const struct user_time_form *form)
{
	unsigned command = operation & FUTEX_CMD_MASK;
	uint64_t time = FOREVER;
	int error;

	switch (command) {
	case FUTEX_WAIT:
		value3 = FUTEX_BITSET_ALL;
		/* fall through */
	case FUTEX_WAIT_BITSET:
		if (timeout) {
			error = form->load(&time, timeout);
			if (error)
				return error;
			if (command == FUTEX_WAIT_BITSET)
				time = time_until(time, operation);
		}
		return futex_wait(word, value, value3, time);
	case FUTEX_WAKE:
		return futex_wake(word, value, FUTEX_BITSET_ALL);
	case FUTEX_WAKE_BITSET:
		return futex_wake(word, value, value3);
	case FUTEX_REQUEUE:
		return futex_requeue(word, value, (unsigned)timeout, word2, NULL);
	case FUTEX_CMP_REQUEUE:
		return futex_requeue(word, value, (unsigned)timeout, word2, &value3);
	default:
		return -ENOSYS;
	}
}

long sys_futex(unsigned long word, unsigned long operation, unsigned long value,
	       unsigned long timeout, unsigned long word2, unsigned long value3)
{
	return futex(word, (unsigned)operation, (uint32_t)value, timeout, word2, (uint32_t)value3,
		     &user_time64);
}

long sys_futex_time32(unsigned long word, unsigned long operation, unsigned long value,
		      unsigned long timeout, unsigned long word2, unsigned long value3)
{
	return futex(word, (unsigned)operation, (uint32_t)value, timeout, word2, (uint32_t)value3,
		     &user_time32);
}

// SPDX-License-Identifier: MIT
/*
 * Futexes: user code locks and waits by words of its own memory, and comes here only when it has to
 * sleep or to wake somebody (Franke, Russell, Kirkwood, "Fuss, Futexes and Furwocks", 2002).
 *
 * Who waits stands in one of a fixed number of wait queues, by the word's key (space_key: for shared
 * memory the same in every process), and the thread says what it waits for; a waker ends exactly
 * the waits that it means, in order of priority, then of arrival. The word is looked at while no other
 * thread runs, and from then on nobody comes in between until the thread stands in the queue.
 *
 * Cost: O(waiters in the queue), with interrupts masked. FUTEX_PRIVATE_FLAG makes no difference: the
 * key is cheap.
 */
#include <tessera/futex.h>
#include <tessera/sched.h>
#include <tessera/system_calls.h>
#include <tessera/time.h>
#include <tessera/user_copy.h>

#include "futex.h"
#include "life.h"
#include "user_time.h"

/* What a thread waits for: thread->handover.futex, on its stack. */
struct futex_wait {
	struct memory_key key;
	uint32_t bits; /* FUTEX_WAIT_BITSET */
};

static struct wait_queue buckets[CONFIG_USER_FUTEX_BUCKETS];

void futex_init(void)
{
	for (unsigned i = 0; i < ARRAY_SIZE(buckets); i++)
		wait_queue_init(&buckets[i]);
}

static struct wait_queue *bucket_of(const struct memory_key *key)
{
	uintptr_t hash = (uintptr_t)key->memory / 64 + key->offset / 4 + key->offset / 4096;

	return &buckets[hash % CONFIG_USER_FUTEX_BUCKETS];
}

static bool same_key(const struct memory_key *a, const struct memory_key *b)
{
	return a->memory == b->memory && a->offset == b->offset;
}

static __always_inline int key_of(uintptr_t address, struct memory_key *key)
{
	if (unlikely(address % sizeof(uint32_t)))
		return -EINVAL;
	return space_key(current_process()->space, address, key);
}

/* Wakes at most `most` waiters for these bits; gives their number. Masked. */
static __always_inline unsigned wake_waiters(struct list_node *waiters,
					     const struct memory_key *key, unsigned most,
					     uint32_t bits)
{
	unsigned woken = 0;

	list_for_each_safe(node, waiters) {
		struct thread *thread = list_entry(node, struct thread, link);
		const struct futex_wait *wait = thread->handover.futex;

		if (woken == most)
			break;
		if (!same_key(&wait->key, key) || !(wait->bits & bits))
			continue;
		woken++;
		if (wait_end_is_short(thread))
			wait_end_short(thread, 0, true);
		else
			wait_end(thread, 0);
	}
	return woken;
}

static __always_inline long wake_key(const struct memory_key *key, unsigned most, uint32_t bits)
{
	struct list_node *waiters = &bucket_of(key)->waiters;
	unsigned long flags = irq_save();
	long woken = wake_waiters(waiters, key, most, bits);

	sched_unlock(flags);
	return woken;
}

static long futex_wake(uintptr_t address, unsigned most, uint32_t bits)
{
	struct memory_key key;
	int error = key_of(address, &key);

	if (unlikely(error))
		return error;
	return bits ? wake_key(&key, most, bits) : -EINVAL;
}

void futex_wake_one(uintptr_t address)
{
	struct memory_key key;

	if (!key_of(address, &key))
		wake_key(&key, 1, FUTEX_BITSET_ALL);
}

/* The word is not as expected. The scheduler is held. */
static noinline int give_up(int error)
{
	sched_release();
	return error ? error : -EAGAIN;
}

static long futex_wait(uintptr_t address, uint32_t expected, uint32_t bits, uint64_t timeout)
{
	struct futex_wait wait;
	struct wait_queue *bucket;
	uint32_t word;
	int result = key_of(address, &wait.key);

	if (unlikely(result))
		return result;
	if (unlikely(!bits))
		return -EINVAL;
	wait.bits = bits;
	bucket = bucket_of(&wait.key);
	sched_hold();
	result = user_load_u32(address, &word);
	if (unlikely(result || word != expected))
		return give_up(result);
	irq_disable();
	this_cpu()->preempt_count--; /* with interrupts masked nobody comes either */
	current_thread()->handover.futex = &wait;
	result = wait_block(bucket, timeout);
	if (unlikely(result == -EINTR))
		return timeout == FOREVER ? -ERESTART : -ERESTART_NO_HANDLER;
	return result;
}

/* Lets those who wait for one word wait for another; gives their number. */
static long move_waiters(const struct memory_key *from, const struct memory_key *to, unsigned most)
{
	struct wait_queue *bucket = bucket_of(from), *to_bucket = bucket_of(to);
	unsigned long flags = irq_save();
	unsigned moved = 0;

	list_for_each_safe(node, &bucket->waiters) {
		struct thread *thread = list_entry(node, struct thread, link);
		struct futex_wait *wait = thread->handover.futex;

		if (moved == most)
			break;
		if (!same_key(&wait->key, from))
			continue;
		wait->key = *to;
		if (bucket != to_bucket) {
			list_remove(node);
			wait_insert(to_bucket, thread, false);
			thread->waiting_on = to_bucket;
		}
		moved++;
	}
	irq_restore(flags);
	return moved;
}

/* Wakes some of those who wait for one word and lets the others wait for another. */
static long futex_requeue(uintptr_t from, unsigned wake_most, unsigned move_most, uintptr_t to,
			  const uint32_t *expected)
{
	struct memory_key key, key2;
	uint32_t word;
	long moved, woken;
	int error = key_of(from, &key);

	if (!error)
		error = key_of(to, &key2);
	if (error)
		return error;
	sched_hold();
	if (expected) {
		error = user_load_u32(from, &word);
		if (error || word != *expected)
			return give_up(error);
	}
	woken = wake_key(&key, wake_most, FUTEX_BITSET_ALL);
	moved = move_waiters(&key, &key2, move_most);
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

/* FUTEX_WAIT for an interval, FUTEX_WAIT_BITSET up to a point of time. */
static long wait_timeout(uintptr_t word, unsigned operation, uint32_t value, uintptr_t timeout,
			 uint32_t bits, const struct user_time_form *form)
{
	uint64_t time;
	int error = form->load(&time, timeout);

	if (error)
		return error;
	if ((operation & FUTEX_CMD_MASK) == FUTEX_WAIT_BITSET)
		time = time_until(time, operation);
	return futex_wait(word, value, bits, time);
}

static __always_inline long futex(uintptr_t word, unsigned operation, uint32_t value,
				  unsigned long timeout, uintptr_t word2, uint32_t value3,
				  const struct user_time_form *form)
{
	switch (operation & FUTEX_CMD_MASK) {
	case FUTEX_WAIT:
		value3 = FUTEX_BITSET_ALL;
		/* fall through */
	case FUTEX_WAIT_BITSET:
		if (timeout)
			return wait_timeout(word, operation, value, timeout, value3, form);
		return futex_wait(word, value, value3, FOREVER);
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

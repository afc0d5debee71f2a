// SPDX-License-Identifier: MIT
/*
 * Semaphores (semaphore.h). With interrupts masked, the count and the queue change together: a unit is
 * either in the count or on its way to exactly one waiter, so waiters exist only while the count
 * is 0. A signed count that also counts the waiters would save the masking when nobody waits (17
 * instructions a pair on x86, 2 on MIPS) but costs 12 to 34 more whenever somebody does, and
 * timeouts would have to repair it.
 */
#include <tessera/kmalloc.h>
#include <tessera/sched.h>
#include <tessera/semaphore.h>

#include "semaphore_exchange.h"

int semaphore_init(struct semaphore *semaphore, int initial)
{
	if (initial < 0 || initial > SEMAPHORE_MAX)
		return -EINVAL;
	semaphore->count = initial;
	wait_queue_init(&semaphore->waiters);
	return 0;
}

void semaphore_destroy(struct semaphore *semaphore)
{
	unsigned long flags = irq_save();

	wait_wake_all(&semaphore->waiters, -EIDRM, flags);
	wait_unlock(flags);
}

struct semaphore *semaphore_create(int initial)
{
	struct semaphore *semaphore = kmalloc(sizeof(*semaphore));

	if (semaphore && semaphore_init(semaphore, initial)) {
		kfree(semaphore);
		return NULL;
	}
	return semaphore;
}

void semaphore_free(struct semaphore *semaphore)
{
	semaphore_destroy(semaphore);
	kfree(semaphore);
}

int semaphore_wait_forever(struct semaphore *semaphore)
{
	irq_disable();
	if (semaphore->count) {
		semaphore->count--;
		irq_enable();
		return 0;
	}
	return wait_block_forever(&semaphore->waiters);
}

int semaphore_wait_timeout(struct semaphore *semaphore, uint64_t timeout)
{
	if (!timeout)
		return semaphore_try(semaphore);
	irq_disable();
	if (semaphore->count) {
		semaphore->count--;
		irq_enable();
		return 0;
	}
	return wait_block(&semaphore->waiters, timeout);
}

int semaphore_try(struct semaphore *semaphore)
{
	unsigned long flags = irq_save();
	int result = -EAGAIN;

	if (semaphore->count) {
		semaphore->count--;
		result = 0;
	}
	irq_restore_unchanged(flags);
	return result;
}

/* Somebody waits. */
static __always_inline int post_hand_over(struct semaphore *semaphore, unsigned long flags)
{
	struct thread *thread = wait_first(&semaphore->waiters);

	__asm__("" : "+r"(thread)); /* worked out here, not held in a register on the other path */
	return wait_end_unlock(thread, 0, flags);
}

int semaphore_post(struct semaphore *semaphore)
{
	unsigned long flags = irq_save();
	unsigned count;

	if (unlikely(!wait_queue_empty(&semaphore->waiters)))
		return post_hand_over(semaphore, flags);
	count = semaphore->count + 1u;
	semaphore->count = (int)count;
	if (unlikely(count > SEMAPHORE_MAX)) {
		semaphore->count = SEMAPHORE_MAX;
		irq_restore_unchanged(flags);
		return -EOVERFLOW;
	}
	irq_restore_unchanged(flags);
	return 0;
}

/* Gives a unit; masked. 0 or -EOVERFLOW. */
static int give(struct semaphore *semaphore)
{
	if (!wait_queue_empty(&semaphore->waiters))
		wait_end(wait_first(&semaphore->waiters), 0);
	else if (semaphore->count < SEMAPHORE_MAX)
		semaphore->count++;
	else
		return -EOVERFLOW;
	return 0;
}

static int exchange_masked(struct semaphore *post, struct semaphore *wait, uint64_t timeout)
{
	if (give(post)) {
		irq_enable();
		return -EOVERFLOW;
	}
	if (wait->count) {
		wait->count--;
		return sched_unlock_enable();
	}
	if (!timeout) {
		sched_unlock_enable();
		return -EAGAIN;
	}
	return wait_block(&wait->waiters, timeout);
}

int semaphore_exchange_timeout(struct semaphore *post, struct semaphore *wait, uint64_t timeout)
{
	irq_disable();
	return exchange_masked(post, wait, timeout);
}

static noinline int exchange_slow(struct semaphore *post, struct semaphore *wait)
{
	return exchange_masked(post, wait, FOREVER);
}

/* The partner waits at `post` and this thread is about to wait: the partner runs at once. */
int semaphore_exchange_forever(struct semaphore *post, struct semaphore *wait)
{
	struct thread *self;
	struct thread *partner;

	irq_disable();
	self = current_thread();
	if (!semaphore_change_places(post, wait, self, &partner))
		return exchange_slow(post, wait);
	return sched_switch_to(self, partner);
}

int semaphore_value(struct semaphore *semaphore)
{
	unsigned waiters = wait_count(&semaphore->waiters);

	return waiters ? -(int)waiters : READ_ONCE(semaphore->count);
}

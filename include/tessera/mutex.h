/* SPDX-License-Identifier: MIT */
/*
 * Mutexes: one owner at a time, who alone may unlock; waiters in order of priority; priority
 * inheritance, chains included (Sha, Rajkumar, Lehoczky 1990). Uncontended lock and unlock are one
 * atomic operation each. Thread context only.
 */
#ifndef TESSERA_MUTEX_H
#define TESSERA_MUTEX_H

#include <asm/atomic.h>
#include <tessera/thread.h>

struct mutex {
	unsigned long owner; /* the owning thread's address, and MUTEX_CONTENDED; 0: free */
	struct wait_queue waiters;
	struct list_node link; /* on the owner's `mutexes` while contended */
};

#define MUTEX_CONTENDED 1ul /* somebody waits: unlocking must hand over */

#define MUTEX_INIT(name)                                   \
	{                                                  \
		.waiters = WAIT_QUEUE_INIT((name).waiters) \
	}

static inline void mutex_init(struct mutex *mutex)
{
	mutex->owner = 0;
	wait_queue_init(&mutex->waiters);
}

int mutex_lock_slow(struct mutex *mutex, uint64_t timeout);
int mutex_unlock_slow(struct mutex *mutex);

/*
 * Takes the mutex, waiting at most `timeout` nanoseconds (FOREVER; 0: only if it is free). 0;
 * -EDEADLK: the caller owns it already; -ETIMEDOUT; -EINTR. O(1) when free; the wait costs O(waiters of
 * lower priority) plus O(length of the chain of owners).
 */
static inline int mutex_lock_timeout(struct mutex *mutex, uint64_t timeout)
{
	if (likely(atomic_compare_exchange(&mutex->owner, 0, (unsigned long)current_thread())))
		return 0;
	return mutex_lock_slow(mutex, timeout);
}

static inline int mutex_lock(struct mutex *mutex)
{
	return mutex_lock_timeout(mutex, FOREVER);
}

static inline int mutex_try_lock(struct mutex *mutex)
{
	return mutex_lock_timeout(mutex, 0);
}

/* Hands the mutex to the first waiter, who then owns it, or frees it. 0; -EPERM: not the owner. */
static inline int mutex_unlock(struct mutex *mutex)
{
	if (likely(atomic_compare_exchange(&mutex->owner, (unsigned long)current_thread(), 0)))
		return 0;
	return mutex_unlock_slow(mutex);
}

static inline struct thread *mutex_owner(const struct mutex *mutex)
{
	return (struct thread *)(READ_ONCE(mutex->owner) & ~MUTEX_CONTENDED);
}

/*
 * Condition variables: wait for something that a mutex protects (Mesa semantics: the condition
 * is looked at again after waking).
 */
struct condition {
	struct wait_queue waiters;
};

#define CONDITION_INIT(name)                    \
	{                                       \
		WAIT_QUEUE_INIT((name).waiters) \
	}

static inline void condition_init(struct condition *condition)
{
	wait_queue_init(&condition->waiters);
}

/*
 * Unlocks the mutex and waits, atomically; owns the mutex again afterwards, whatever the result. 0;
 * -ETIMEDOUT; -EINTR; -EPERM: the caller does not own the mutex (nothing was done).
 */
int condition_wait(struct condition *condition, struct mutex *mutex, uint64_t timeout);

/* Wakes the first waiter (all waiters). Thread context or interrupt. */
void condition_signal(struct condition *condition);
void condition_broadcast(struct condition *condition);

#endif

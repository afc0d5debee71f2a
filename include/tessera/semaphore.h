/* SPDX-License-Identifier: MIT */
/*
 * Counting semaphores (Dijkstra 1965; the seed is HOS). A unit that is posted while somebody waits
 * is handed to the first waiter inside the post: it is never in the count, so nobody can steal it.
 */
#ifndef TESSERA_SEMAPHORE_H
#define TESSERA_SEMAPHORE_H

#include <tessera/thread.h>

#define SEMAPHORE_MAX CONFIG_SEMAPHORE_MAX_COUNT

struct semaphore {
	int count; /* units free to take; 0 while anybody waits */
	struct wait_queue waiters;
};

#define SEMAPHORE_INIT(name, n)                                          \
	{                                                                \
		.count = (n), .waiters = WAIT_QUEUE_INIT((name).waiters) \
	}

/* Prepares a semaphore inside another object. 0; -EINVAL: initial is not 0 .. SEMAPHORE_MAX. */
int semaphore_init(struct semaphore *semaphore, int initial);

/* Ends every wait with -EIDRM. The owner of the memory then disposes of it. Any context. */
void semaphore_destroy(struct semaphore *semaphore);

/* The same with memory from kmalloc; NULL: no memory or a bad initial count. Thread context. */
struct semaphore *semaphore_create(int initial);
void semaphore_free(struct semaphore *semaphore);

int semaphore_wait_forever(struct semaphore *semaphore);
int semaphore_wait_timeout(struct semaphore *semaphore, uint64_t timeout);

/*
 * Takes a unit, waiting at most `timeout` nanoseconds (FOREVER; 0: do not wait). 0; -ETIMEDOUT (-EAGAIN
 * for 0); -EINTR: killed; -EIDRM: the semaphore was destroyed. Thread context. O(1), waiting O(waiters of
 * lower priority).
 */
static __always_inline int semaphore_wait(struct semaphore *semaphore, uint64_t timeout)
{
	if (__builtin_constant_p(timeout) && timeout == FOREVER)
		return semaphore_wait_forever(semaphore);
	return semaphore_wait_timeout(semaphore, timeout);
}

/* Takes a unit if one is free. 0 or -EAGAIN. Any context. O(1). */
int semaphore_try(struct semaphore *semaphore);

/* Gives a unit. 0; -EOVERFLOW: the count is SEMAPHORE_MAX already. Any context. O(1). */
int semaphore_post(struct semaphore *semaphore);

/*
 * Gives a unit to `post` and takes one from `wait`, in one operation: partners block once per turn. If
 * the post fails (-EOVERFLOW) nothing is taken. Thread context.
 */
int semaphore_exchange_forever(struct semaphore *post, struct semaphore *wait);
int semaphore_exchange_timeout(struct semaphore *post, struct semaphore *wait, uint64_t timeout);

static __always_inline int semaphore_exchange(struct semaphore *post, struct semaphore *wait,
					      uint64_t timeout)
{
	if (__builtin_constant_p(timeout) && timeout == FOREVER)
		return semaphore_exchange_forever(post, wait);
	return semaphore_exchange_timeout(post, wait, timeout);
}

/* Free units, or minus the number of waiters. A snapshot. Thread context. O(1) while nobody waits, else
 * O(THREADS_MAX). */
int semaphore_value(struct semaphore *semaphore);

#endif

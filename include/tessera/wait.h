/* SPDX-License-Identifier: MIT */
/*
 * Wait queues: the one mechanism under everything that blocks.
 *
 * A wait ends for exactly one reason, the result of wait_block:
 *	>= 0		woken; the value is the waker's
 *	-ETIMEDOUT	the time is over
 *	-EINTR		the thread is being killed
 *	-EIDRM		the object is gone
 * Whoever ends it takes the thread off the queue, cancels its timer, stores the result and makes it
 * ready, all with interrupts masked: so the reasons exclude one another and nothing is left
 * behind. Waiters stand in the order of their priority, FIFO among equals (round-robin: FIFO).
 */
#ifndef TESSERA_WAIT_H
#define TESSERA_WAIT_H

#include <tessera/compiler.h>
#include <tessera/list.h>

struct thread;

struct wait_queue {
	struct list_node waiters; /* threads, through thread.link; interrupts masked */
};

#define WAIT_QUEUE_INIT(name)             \
	{                                 \
		LIST_INIT((name).waiters) \
	}

static inline void wait_queue_init(struct wait_queue *queue)
{
	list_init(&queue->waiters);
}

static inline bool wait_queue_empty(const struct wait_queue *queue)
{
	return list_empty(&queue->waiters);
}

/*
 * Blocks the calling thread on the queue until somebody ends the wait. Called in thread context with
 * interrupts masked by irq_disable (the caller has just found that it must wait); returns with
 * interrupts enabled. timeout: nanoseconds, FOREVER; 0 gives -ETIMEDOUT at once.
 */
int wait_block(struct wait_queue *queue, uint64_t timeout);

/*
 * Ends the wait of the first waiter with this result. Gives the thread, or NULL when nobody waits.
 * Interrupts masked, any context; end the section with wait_unlock.
 */
struct thread *wait_wake_one(struct wait_queue *queue, int result);

/* What waiting_on says of a thread that waits for an event: it is on no queue, the sender finds it
 * by itself. */
#define WAIT_EVENT ((struct wait_queue *)1)
/* What it says of threads on no queue at all: asleep, and ended. */
#define WAIT_SLEEP ((struct wait_queue *)2)
#define WAIT_ENDED ((struct wait_queue *)3)

static inline bool wait_is_queue(const struct wait_queue *waiting_on)
{
	return waiting_on > WAIT_ENDED;
}

/*
 * Ends the wait of every waiter, each exactly once, and gives their number. flags: from the irq_save that
 * began the section; when interrupts were on, they are let in now and then, so that many waiters
 * do not keep them masked, but no other thread runs. O(waiters).
 */
unsigned wait_wake_all(struct wait_queue *queue, int result, unsigned long flags);

/* The number of waiters now. Thread context, interrupts enabled. O(1) when there are none, else
 * O(THREADS_MAX). */
unsigned wait_count(const struct wait_queue *queue);

/* Ends the wait of one blocked thread, whatever it waits for. unmask: interrupts may be let in on the
 * way (if it waited for a mutex, along the chain of owners), but no other thread runs. */
void wait_wake(struct thread *thread, int result, bool unmask);

/*
 * Ends a section that woke threads: restores the interrupt state that irq_save gave, after switching
 * to a woken thread of higher priority where that is due and allowed.
 */
void wait_unlock(unsigned long flags);

#endif

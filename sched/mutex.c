// SPDX-License-Identifier: MIT
/*
 * Mutexes with priority inheritance: the contended paths (mutex.h has the others).
 *
 * A contended mutex stands on its owner's list. A thread's effective priority is the highest of its
 * own and of the first waiters of all mutexes on that list; it is worked out anew whenever one of
 * these changes, and the change is carried along the chain of owners for as long as it has an effect
 * (Sha, Rajkumar, Lehoczky, "Priority Inheritance Protocols", 1990). A cycle of owners ends the walk
 * by itself: nobody's priority changes the second time round.
 *
 * Unlocking hands the mutex to the first waiter, so a thread that never waited cannot overtake one
 * that did; the price is a switch per contended unlock between equal threads that lock in turn.
 */
#include <tessera/mutex.h>
#include <tessera/sched.h>

static void inherit(struct thread *thread, bool unmask)
{
	for (;;) {
		unsigned priority = thread->base_priority;

		list_for_each(node, &thread->mutexes) {
			struct mutex *mutex = list_entry(node, struct mutex, link);

			priority = MAX(priority, (unsigned)wait_first(&mutex->waiters)->priority);
		}
		if (priority == thread->priority)
			return;
		sched_set_priority(thread, priority, unmask);
		if (!thread->blocked_on)
			return;
		if (unmask) {
			sched_let_interrupts_in();
			if (!thread->blocked_on)
				return;
		}
		thread = mutex_owner(thread->blocked_on);
	}
}

void mutex_priority_changed(struct thread *thread, bool unmask)
{
	inherit(thread, unmask);
}

void mutex_abandoned(struct mutex *mutex, struct thread *waiter, bool unmask)
{
	struct thread *owner = mutex_owner(mutex);

	waiter->blocked_on = NULL;
	if (wait_queue_empty(&mutex->waiters)) {
		mutex->owner &= ~MUTEX_CONTENDED;
		list_remove(&mutex->link);
	}
	inherit(owner, unmask);
}

/* Masked; returns with interrupts enabled. */
static int lock_contended(struct mutex *mutex, uint64_t timeout, bool interruptible)
{
	struct thread *self = current_thread();
	struct thread *owner = mutex_owner(mutex);
	int error = 0;

	if (!mutex->owner) { /* freed since the caller looked */
		mutex->owner = (unsigned long)self;
		irq_enable();
		return 0;
	}
	if (owner == self)
		error = -EDEADLK;
	else if (!timeout)
		error = -EAGAIN;
	else if (self->killed && interruptible)
		error = -EINTR;
	if (error) {
		irq_enable();
		return error;
	}
	if (!(mutex->owner & MUTEX_CONTENDED)) {
		mutex->owner |= MUTEX_CONTENDED;
		list_add_tail(&owner->mutexes, &mutex->link);
	}
	self->blocked_on = mutex;
	if (timeout != FOREVER)
		wait_set_timeout(self, timeout);
	wait_insert(&mutex->waiters, self, true);
	inherit(owner, true);
	return wait_switch(self);
}

int mutex_lock_slow(struct mutex *mutex, uint64_t timeout)
{
	irq_disable();
	return lock_contended(mutex, timeout, true);
}

/* Gives the caller's mutex to the first waiter, or frees it. Masked. */
static void release(struct mutex *mutex, struct thread *self)
{
	struct thread *next;

	if (!(mutex->owner & MUTEX_CONTENDED)) {
		mutex->owner = 0;
		return;
	}
	list_remove(&mutex->link);
	next = wait_first(&mutex->waiters);
	next->blocked_on = NULL;
	mutex->owner = (unsigned long)next;
	wait_end(next, 0);
	if (!wait_queue_empty(&mutex->waiters)) {
		mutex->owner |= MUTEX_CONTENDED;
		list_add_tail(&next->mutexes, &mutex->link);
		inherit(next, false);
	}
	inherit(self, false); /* neither is blocked, so no chain is walked */
}

int mutex_unlock_slow(struct mutex *mutex)
{
	struct thread *self = current_thread();

	if (mutex_owner(mutex) != self)
		return -EPERM;
	irq_disable();
	release(mutex, self);
	return sched_unlock_enable();
}

int condition_wait(struct condition *condition, struct mutex *mutex, uint64_t timeout)
{
	struct thread *self = current_thread();
	int result, locked;

	if (mutex_owner(mutex) != self)
		return -EPERM;
	irq_disable();
	release(mutex, self);
	result = wait_block(&condition->waiters, timeout);
	/* A killed thread too must own the mutex again, so this wait is not interruptible; thread_kill
	 * still ends it, and then it begins anew. */
	do {
		irq_disable();
		locked = lock_contended(mutex, FOREVER, false);
	} while (locked == -EINTR);
	return result;
}

void condition_signal(struct condition *condition)
{
	unsigned long flags = irq_save();

	wait_wake_one(&condition->waiters, 0);
	wait_unlock(flags);
}

void condition_broadcast(struct condition *condition)
{
	unsigned long flags = irq_save();

	wait_wake_all(&condition->waiters, 0, flags);
	wait_unlock(flags);
}

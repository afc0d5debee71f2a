/* SPDX-License-Identifier: MIT */
/* What the kernel's exchange of semaphores and that of programs have in common. */
#ifndef IPC_SEMAPHORE_EXCHANGE_H
#define IPC_SEMAPHORE_EXCHANGE_H

#include <tessera/sched.h>
#include <tessera/semaphore.h>

/*
 * The case that counts: a partner waits at `post`, and the running thread is to wait at `wait`, where
 * nobody else does and no count is left. Ends the partner's wait and begins the own one; the caller
 * switches to the partner. False: another case, and nothing has been done. Masked. O(1).
 */
static __always_inline bool semaphore_change_places(struct semaphore *post, struct semaphore *wait,
						    struct thread *self, struct thread **partner)
{
	*partner = wait_first(&post->waiters);
	if (unlikely(wait_queue_empty(&post->waiters) || wait->count ||
		     !wait_queue_empty(&wait->waiters) || self->killed ||
		     !wait_end_is_short(*partner)))
		return false;
	wait_hand_over(*partner, 0, true);
	list_insert_between(&self->link, &wait->waiters.waiters, &wait->waiters.waiters);
	self->waiting_on = &wait->waiters;
	return true;
}

#endif

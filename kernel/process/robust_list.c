// SPDX-License-Identifier: MIT
/*
 * Robust locks: a task keeps a list, in its own memory, of the locks that it holds; when it ends, the
 * kernel marks those words (FUTEX_OWNER_DIED) and wakes a waiter. The list is the program's, so it may be
 * anything: its length is limited, every pointer goes through user_copy, and a word that does not
 * name this task is left alone.
 */
#include <tessera/futex.h>
#include <tessera/sched.h>
#include <tessera/system_calls.h>
#include <tessera/user_copy.h>

#include "futex.h"
#include "life.h"

#define LOCKS_MAX 2048

static int mark(struct task *self, uintptr_t address)
{
	uint32_t word;

	if (address % sizeof(word))
		return -EINVAL;
	if (user_load_u32(address, &word))
		return -EFAULT;
	if ((word & FUTEX_TID_MASK) != (uint32_t)self->tid)
		return 0;
	if (user_store_u32(address, (word & FUTEX_WAITERS) | FUTEX_OWNER_DIED))
		return -EFAULT;
	if (word & FUTEX_WAITERS)
		futex_wake_one(address);
	return 0;
}

void robust_list_release(struct task *self)
{
	uintptr_t head = self->robust_list, entry;
	unsigned long offset, pending, next;

	if (user_load_word(head, &next) || user_load_word(head + sizeof(long), &offset) ||
	    user_load_word(head + 2 * sizeof(long), &pending))
		return;
	pending &= ~1ul; /* bit 0 says that it is a lock with priority inheritance */
	for (unsigned n = 0; n < LOCKS_MAX && (next & ~1ul) != head; n++) {
		bool last;

		/* Whoever gets the lock may free it: the way on comes first. */
		entry = next & ~1ul;
		last = user_load_word(entry, &next);
		if (entry != pending && mark(self, entry + offset))
			break;
		if (last)
			break;
	}
	if (pending)
		mark(self, pending + offset);
}

long sys_set_robust_list(unsigned long head, unsigned long size)
{
	if (size != sizeof(struct robust_list_head))
		return -EINVAL;
	current_task()->robust_list = head;
	return 0;
}

long sys_get_robust_list(unsigned long tid, unsigned long head, unsigned long size)
{
	struct task *task;
	uintptr_t list = 0;

	sched_hold();
	task = tid ? task_by_tid((int)tid) : current_task();
	if (task)
		list = task->robust_list;
	sched_release();
	if (!task)
		return -ESRCH;
	return user_store_word(head, list) || user_store_word(size, sizeof(struct robust_list_head))
		       ? -EFAULT
		       : 0;
}

/* SPDX-License-Identifier: MIT */
/*
 * What the system calls of semaphores, message boxes and events share.
 *
 * Each call has two ways. The short one is for a call without timeout, in a process of one task, on
 * an object that nobody polls: it looks the file up without counting it (descriptor.h), and blocks
 * and wakes by the inline paths of sched.h. The long one is for everything else, and counts.
 *
 * Calls with a short way begin with interrupts masked (SYSTEM_CALL_MASKED) and stay so until they block
 * or are done; the long way lets interrupts in first. What the short way needs again after it has
 * waited is in thread->call: nothing has to be saved for it on the stack.
 *
 * A wait without timeout that a signal ends gives -EINTR here, because on the short way nothing can
 * run after the switch that could make -ERESTART of it: delivering the signal does (deliver.c).
 */
#ifndef IPC_USER_IPC_H
#define IPC_USER_IPC_H

#include <tessera/descriptor.h>
#include <tessera/fcntl.h>
#include <tessera/ipc.h>
#include <tessera/sched.h>
#include <tessera/user_timeout.h>

/* A wait with timeout is not made again when a handler has run: it would take ever longer. */
static inline long ipc_result(long result, uint64_t timeout)
{
	return result == -EINTR && timeout != FOREVER ? -ERESTART_NO_HANDLER : result;
}

/* wait_block_forever with the result of a system call: the register is as wide as it is. */
long ipc_block_slow(struct wait_queue *queue);

static __always_inline long ipc_block_forever(struct thread *self, struct wait_queue *queue)
{
	struct cpu *cpu = this_cpu();
	struct thread *next = cpu->woken;

	if (IS_ENABLED(CONFIG_DEBUG_LOCKS) ||
	    unlikely(!next || self->killed || !wait_queue_empty(queue)))
		return ipc_block_slow(queue);
	list_insert_between(&self->link, &queue->waiters, &queue->waiters);
	self->waiting_on = queue;
	cpu->woken = NULL;
	return sched_switch_to_long(self, next);
}

/*
 * The long way of a call, from the beginning: with interrupts on, and with the arguments that are
 * still in the frame. So the short way need not keep what it does not use any more.
 */
typedef long ipc_long_way(unsigned long a, unsigned long b, unsigned long c, unsigned long d);
long ipc_take_long_way(ipc_long_way *way);

/* The ends of a masked call in the short way: the way out masks in any case. */
static __always_inline long ipc_done(long result)
{
	irqs_off_end();
	return result;
}

/* The running process's file of this kind, with a count. 0; -EBADF; -EINVAL: of another kind. */
int ipc_get(unsigned descriptor, const struct file_operations *operations, struct file **file);

/* Gives a new object a descriptor. flags: of the create calls. The descriptor, or -errno: the
 * file is released then. */
long ipc_open(struct file *file, unsigned long flags);

/* Whether flags of a create call are in order. */
static inline bool ipc_flags_valid(unsigned long flags)
{
	return !(flags & ~(unsigned long)O_CLOEXEC);
}

#endif

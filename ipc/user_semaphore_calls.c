// SPDX-License-Identifier: MIT
/* Waiting for semaphores that are descriptors, and posting them: the long way and the short one
 * (user_ipc.h). */
#include <tessera/poll.h>
#include <tessera/semaphore.h>
#include <tessera/system_calls.h>

#include "semaphore_exchange.h"
#include "user_ipc.h"
#include "user_semaphore.h"

/* ---- The long way ---- */

static int post_to(struct user_semaphore *object)
{
	int error;

	undo_posted(object);
	error = semaphore_post(&object->semaphore);
	poll_changed(&object->watchers);
	return error;
}

/* A descriptor that another task closes just now has no waiters any more, nor will it have. */
static int wait_for(struct user_semaphore *object, uint64_t timeout)
{
	int result = undo_prepare(object);

	if (result)
		return result;
	irq_disable();
	result = object->file.descriptors ? semaphore_wait_timeout(&object->semaphore, timeout)
					  : -EIDRM;
	irq_enable();
	if (!result)
		undo_taken(object);
	poll_changed(&object->watchers);
	return result;
}

static long wait_counted(unsigned long descriptor, unsigned long user_timeout, unsigned long unused,
			 unsigned long unused2)
{
	struct user_semaphore *object;
	uint64_t timeout;
	long result = timeout_from_user(user_timeout, &timeout);

	if (!result)
		result = user_semaphore_get(descriptor, &object);
	if (result)
		return result;
	result = wait_for(object, timeout);
	file_put(&object->file);
	return ipc_result(result, timeout);
}

static long post_counted(unsigned long descriptor, unsigned long unused, unsigned long unused2,
			 unsigned long unused3)
{
	struct user_semaphore *object;
	long result = user_semaphore_get(descriptor, &object);

	if (result)
		return result;
	result = post_to(object);
	file_put(&object->file);
	return result;
}

static long exchange(struct user_semaphore *post, struct user_semaphore *wait, uint64_t timeout)
{
	long result;

	if (IS_ENABLED(CONFIG_IPC_SEMAPHORE_UNDO)) {
		result = undo_prepare(wait);
		if (!result)
			result = post_to(post);
		return result ? result : wait_for(wait, timeout);
	}
	irq_disable();
	result = wait->file.descriptors
			 ? semaphore_exchange_timeout(&post->semaphore, &wait->semaphore, timeout)
			 : -EIDRM;
	irq_enable();
	poll_changed(&post->watchers);
	poll_changed(&wait->watchers);
	return result;
}

static long exchange_counted(unsigned long post_descriptor, unsigned long wait_descriptor,
			     unsigned long user_timeout, unsigned long unused)
{
	struct user_semaphore *post, *wait;
	uint64_t timeout;
	long result = timeout_from_user(user_timeout, &timeout);

	if (!result)
		result = user_semaphore_get(post_descriptor, &post);
	if (result)
		return result;
	result = user_semaphore_get(wait_descriptor, &wait);
	if (!result) {
		result = exchange(post, wait, timeout);
		file_put(&wait->file);
	}
	file_put(&post->file);
	return ipc_result(result, timeout);
}

/* ---- The short way ---- */

/* Whether what a descriptor stands for is a semaphore that may be used in the short way. */
static __always_inline bool is_quick(const struct file *file)
{
	return likely(file->shortcut < SHORTCUT_NONE);
}

static __always_inline struct semaphore *semaphore_of(struct file *file)
{
	return &user_semaphore_of(file)->semaphore;
}

long sys_semaphore_wait(unsigned long descriptor, unsigned long timeout)
{
	struct thread *self = current_thread();
	struct file *file = descriptor_quick(self, descriptor);
	struct semaphore *semaphore = semaphore_of(file);

	irqs_off_begin(NULL);
	if (unlikely(!is_quick(file) || timeout))
		return ipc_take_long_way(wait_counted);
	if (semaphore->count) {
		semaphore->count--;
		return ipc_done(0);
	}
	return ipc_block_forever(self, &semaphore->waiters);
}

static noinline long wake_slow(struct thread *thread)
{
	return wait_end_enable_slow(thread, 0);
}

/* Nobody waits. */
static __always_inline long count_up(struct semaphore *semaphore)
{
	if (unlikely(semaphore->count == SEMAPHORE_MAX))
		return ipc_done(-EOVERFLOW);
	semaphore->count++;
	return ipc_done(0);
}

long sys_semaphore_post(unsigned long descriptor)
{
	struct thread *self = current_thread(), *waiter;
	struct file *file = descriptor_quick(self, descriptor);
	struct semaphore *semaphore = semaphore_of(file);

	irqs_off_begin(NULL);
	if (unlikely(!is_quick(file)))
		return ipc_take_long_way(post_counted);
	if (wait_queue_empty(&semaphore->waiters))
		return count_up(semaphore);
	waiter = wait_first(&semaphore->waiters);
	if (unlikely(!wait_end_is_short(waiter)))
		return wake_slow(waiter);
	wait_end_short(waiter, 0, true);
	return ipc_done(0);
}

static noinline long exchange_slow(struct semaphore *post, struct semaphore *wait)
{
	return semaphore_exchange_timeout(post, wait, FOREVER);
}

/* The common case is that of semaphore_exchange_forever: the partner waits, and runs at once. */
long sys_semaphore_exchange(unsigned long post_descriptor, unsigned long wait_descriptor,
			    unsigned long timeout)
{
	struct thread *self = current_thread(), *partner;
	struct file *post_file = descriptor_quick(self, post_descriptor);
	struct file *wait_file = descriptor_quick(self, wait_descriptor);
	struct semaphore *post = semaphore_of(post_file), *wait = semaphore_of(wait_file);

	irqs_off_begin(NULL);
	if (unlikely(!is_quick(post_file) || !is_quick(wait_file) || timeout))
		return ipc_take_long_way(exchange_counted);
	if (!semaphore_change_places(post, wait, self, &partner))
		return exchange_slow(post, wait);
	return sched_switch_to_long(self, partner);
}

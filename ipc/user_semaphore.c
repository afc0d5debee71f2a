// SPDX-License-Identifier: MIT
/*
 * Semaphores as descriptors: a struct semaphore and the file that stands for it, in one. Everybody
 * who can wait for it or post it holds a count of the file, so when its last descriptor goes
 * nobody is left but tasks that share the closing one's table: they are woken with -EIDRM.
 */
#include <tessera/kmalloc.h>
#include <tessera/poll.h>
#include <tessera/semaphore.h>
#include <tessera/system_calls.h>

#include "user_ipc.h"
#include "user_semaphore.h"

static struct user_semaphore *from_file(struct file *file)
{
	return container_of(file, struct user_semaphore, file);
}

/* ---- The file ---- */

static unsigned semaphore_poll(struct file *file, struct poll_source **source)
{
	struct user_semaphore *object = from_file(file);
	int count = READ_ONCE(object->semaphore.count);

	*source = &object->watchers;
	return (count ? POLLIN | POLLRDNORM : 0u) |
	       (count < SEMAPHORE_MAX ? POLLOUT | POLLWRNORM : 0u);
}

static void semaphore_close(struct file *file)
{
	struct user_semaphore *object = from_file(file);

	semaphore_destroy(&object->semaphore);
	undo_close(object);
	poll_changed(&object->watchers);
}

static void semaphore_release(struct file *file)
{
	kfree(from_file(file));
}

static const struct file_operations semaphore_operations = {
	.kind = "semaphore",
	.shortcut = IS_ENABLED(CONFIG_IPC_SEMAPHORE_UNDO) ? SHORTCUT_NONE : SHORTCUT_SEMAPHORE,
	.poll = semaphore_poll,
	.close = semaphore_close,
	.release = semaphore_release,
};

long sys_semaphore_create(unsigned long initial, unsigned long flags)
{
	struct user_semaphore *object;
	int error;

	if (initial > SEMAPHORE_MAX || !ipc_flags_valid(flags))
		return -EINVAL;
	object = kmalloc(sizeof(*object));
	if (!object)
		return -ENOMEM;
	error = file_init(&object->file, &semaphore_operations, O_RDWR, NULL);
	if (error) {
		kfree(object);
		return error;
	}
	semaphore_init(&object->semaphore, (int)initial);
	poll_source_init(&object->watchers);
	undo_init(object);
	return ipc_open(&object->file, flags);
}

/* ---- The long way ---- */

static int get(unsigned long descriptor, struct user_semaphore **object)
{
	struct file *file;
	int error = ipc_get((unsigned)descriptor, &semaphore_operations, &file);

	if (!error)
		*object = from_file(file);
	return error;
}

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

static noinline long wait_counted(unsigned long descriptor, unsigned long user_timeout)
{
	struct user_semaphore *object;
	uint64_t timeout;
	long result = timeout_from_user(user_timeout, &timeout);

	if (!result)
		result = get(descriptor, &object);
	if (result)
		return result;
	result = wait_for(object, timeout);
	file_put(&object->file);
	return ipc_result(result, timeout);
}

static noinline long post_counted(unsigned long descriptor)
{
	struct user_semaphore *object;
	long result = get(descriptor, &object);

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

static noinline long exchange_counted(unsigned long post_descriptor, unsigned long wait_descriptor,
				      unsigned long user_timeout)
{
	struct user_semaphore *post, *wait;
	uint64_t timeout;
	long result = timeout_from_user(user_timeout, &timeout);

	if (!result)
		result = get(post_descriptor, &post);
	if (result)
		return result;
	result = get(wait_descriptor, &wait);
	if (!result) {
		result = exchange(post, wait, timeout);
		file_put(&wait->file);
	}
	file_put(&post->file);
	return ipc_result(result, timeout);
}

long sys_semaphore_value(unsigned long descriptor, unsigned long value)
{
	struct user_semaphore *object;
	long result = get(descriptor, &object);

	if (result)
		return result;
	result = user_store_u32(value, (uint32_t)semaphore_value(&object->semaphore));
	file_put(&object->file);
	return result;
}

/* ---- The short way ---- */

/* Whether what a descriptor stands for is a semaphore that may be used in the short way. */
static __always_inline bool is_quick(const struct file *file)
{
	return likely(file->shortcut == SHORTCUT_SEMAPHORE);
}

static __always_inline struct semaphore *semaphore_of(struct file *file)
{
	return &from_file(file)->semaphore;
}

long sys_semaphore_wait(unsigned long descriptor, unsigned long timeout)
{
	struct file *file = descriptor_quick((unsigned)descriptor);
	struct semaphore *semaphore = semaphore_of(file);

	if (unlikely(!is_quick(file) || timeout))
		return wait_counted(descriptor, timeout);
	irq_disable();
	if (semaphore->count) {
		semaphore->count--;
		irq_enable();
		return 0;
	}
	return ipc_block_forever(&semaphore->waiters);
}

static noinline long wake_slow(struct thread *thread)
{
	return wait_end_enable_slow(thread, 0);
}

long sys_semaphore_post(unsigned long descriptor)
{
	struct file *file = descriptor_quick((unsigned)descriptor);
	struct semaphore *semaphore = semaphore_of(file);
	struct thread *waiter;
	unsigned count;

	if (unlikely(!is_quick(file)))
		return post_counted(descriptor);
	irq_disable();
	if (likely(wait_queue_empty(&semaphore->waiters))) {
		count = semaphore->count + 1u;
		if (likely(count <= SEMAPHORE_MAX))
			semaphore->count = (int)count;
		irq_enable();
		return likely(count <= SEMAPHORE_MAX) ? 0 : -EOVERFLOW;
	}
	waiter = wait_first(&semaphore->waiters);
	if (unlikely(!wait_end_is_short(waiter)))
		return wake_slow(waiter);
	wait_end_short(waiter, 0, true);
	irq_enable();
	return 0;
}

static noinline long exchange_slow(struct semaphore *post, struct semaphore *wait)
{
	return semaphore_exchange_timeout(post, wait, FOREVER);
}

/* The common case is that of semaphore_exchange_forever: the partner waits, and runs at once. */
long sys_semaphore_exchange(unsigned long post_descriptor, unsigned long wait_descriptor,
			    unsigned long timeout)
{
	struct file *post_file = descriptor_quick((unsigned)post_descriptor);
	struct file *wait_file = descriptor_quick((unsigned)wait_descriptor);
	struct semaphore *post = semaphore_of(post_file), *wait = semaphore_of(wait_file);
	struct thread *self, *partner;

	if (unlikely(!is_quick(post_file) || !is_quick(wait_file) || timeout))
		return exchange_counted(post_descriptor, wait_descriptor, timeout);
	irq_disable();
	self = current_thread();
	partner = wait_first(&post->waiters);
	if (unlikely(wait_queue_empty(&post->waiters) || wait->count ||
		     !wait_queue_empty(&wait->waiters) || self->killed ||
		     !wait_end_is_short(partner)))
		return exchange_slow(post, wait);
	wait_hand_over(partner, 0, true);
	list_insert_between(&self->link, &wait->waiters.waiters, &wait->waiters.waiters);
	self->waiting_on = &wait->waiters;
	return sched_switch_to_long(self, partner);
}

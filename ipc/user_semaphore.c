// SPDX-License-Identifier: MIT
/*
 * Semaphores as descriptors: a struct semaphore and the file that stands for it, in one. Everybody
 * who can wait for it or post it holds a count of the file, so when its last descriptor goes
 * nobody is left but tasks that share the closing one's table: they are woken with -EIDRM.
 *
 * What is done with them is in user_semaphore_calls.c.
 */
#include <tessera/kmalloc.h>
#include <tessera/poll.h>
#include <tessera/semaphore.h>
#include <tessera/system_calls.h>

#include "user_ipc.h"
#include "user_semaphore.h"

/* ---- The file ---- */

static unsigned semaphore_poll(struct file *file, struct poll_source **source)
{
	struct user_semaphore *object = user_semaphore_of(file);
	int count = READ_ONCE(object->semaphore.count);

	*source = &object->watchers;
	return (count ? POLLIN | POLLRDNORM : 0u) |
	       (count < SEMAPHORE_MAX ? POLLOUT | POLLWRNORM : 0u);
}

static void semaphore_close(struct file *file)
{
	struct user_semaphore *object = user_semaphore_of(file);

	semaphore_destroy(&object->semaphore);
	undo_close(object);
	poll_changed(&object->watchers);
}

static void semaphore_release(struct file *file)
{
	kfree(user_semaphore_of(file));
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

int user_semaphore_get(unsigned long descriptor, struct user_semaphore **object)
{
	struct file *file;
	int error = ipc_get((unsigned)descriptor, &semaphore_operations, &file);

	if (!error)
		*object = user_semaphore_of(file);
	return error;
}

long sys_semaphore_value(unsigned long descriptor, unsigned long value)
{
	struct user_semaphore *object;
	long result = user_semaphore_get(descriptor, &object);

	if (result)
		return result;
	result = user_store_u32(value, (uint32_t)semaphore_value(&object->semaphore));
	file_put(&object->file);
	return result;
}

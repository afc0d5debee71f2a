// SPDX-License-Identifier: MIT
/*
 * Message boxes as descriptors. They behave as those of message_box.h but are not made of them:
 * those copy from the one thread's buffer to the other's, which two address spaces do not allow. Here
 * a message lies in a slot, and slots go from hand to hand: a sender takes a free one, copies the
 * message into it from its own memory, and hands it to the first receiver that waits, or puts it
 * behind the others; the receiver copies the message out into its own memory and frees the slot,
 * which is to hand it to the first sender that waits. A slot belongs to one task while it is copied
 * to or from. Every message is copied once in and once out.
 *
 * Receivers wait only while the box is empty, senders only while no slot is free.
 *
 * Sending and receiving are in user_message_box_calls.c.
 */
#include <tessera/kmalloc.h>
#include <tessera/poll.h>
#include <tessera/system_calls.h>

#include "user_ipc.h"
#include "user_message_box.h"

/* ---- The file ---- */

static unsigned box_poll(struct file *file, struct poll_source **source)
{
	struct user_message_box *box = user_message_box_of(file);

	*source = &box->watchers;
	return (box->first ? POLLIN | POLLRDNORM : 0u) | (box->free ? POLLOUT | POLLWRNORM : 0u);
}

static void box_close(struct file *file)
{
	struct user_message_box *box = user_message_box_of(file);
	unsigned long flags = irq_save();

	wait_wake_all(&box->senders, -EIDRM, flags);
	wait_wake_all(&box->receivers, -EIDRM, flags);
	wait_unlock(flags);
	poll_changed(&box->watchers);
}

static void box_release(struct file *file)
{
	kfree(user_message_box_of(file));
}

static const struct file_operations box_operations = {
	.kind = "message box",
	.shortcut = SHORTCUT_MESSAGE_BOX,
	.poll = box_poll,
	.close = box_close,
	.release = box_release,
};

static struct user_message_box *box_create(unsigned slots, unsigned size)
{
	size_t stride = ALIGN_UP(sizeof(struct slot) + size, sizeof(long));
	struct user_message_box *box = kmalloc(sizeof(*box) + slots * stride);
	char *memory;

	if (!box)
		return NULL;
	wait_queue_init(&box->receivers);
	wait_queue_init(&box->senders);
	poll_source_init(&box->watchers);
	box->free = box->first = NULL;
	box->last = &box->first;
	box->held = 0;
	box->slots = slots;
	box->size = size;
	memory = (char *)box->memory;
	for (unsigned i = 0; i < slots; i++, memory += stride) {
		struct slot *slot = (struct slot *)memory;

		slot->next = box->free;
		box->free = slot;
	}
	return box;
}

long sys_message_box_create(unsigned long slots, unsigned long size, unsigned long flags)
{
	struct user_message_box *box;
	int error;

	if (!slots || slots > CONFIG_MESSAGE_BOX_MAX_SLOTS || size > CONFIG_MESSAGE_BOX_MAX_SIZE ||
	    !ipc_flags_valid(flags))
		return -EINVAL;
	box = box_create((unsigned)slots, (unsigned)size);
	if (!box)
		return -ENOMEM;
	error = file_init(&box->file, &box_operations, O_RDWR, NULL);
	if (error) {
		kfree(box);
		return error;
	}
	return ipc_open(&box->file, flags);
}

int user_message_box_get(unsigned long descriptor, struct user_message_box **box)
{
	struct file *file;
	int error = ipc_get((unsigned)descriptor, &box_operations, &file);

	if (!error)
		*box = user_message_box_of(file);
	return error;
}

long sys_message_box_info(unsigned long descriptor, unsigned long user)
{
	struct message_box_state state;
	struct user_message_box *box;
	long result = user_message_box_get(descriptor, &box);

	if (result)
		return result;
	sched_hold(); /* so that the numbers belong together */
	state.slots = box->slots;
	state.size = box->size;
	state.messages = box->held;
	state.senders = wait_count(&box->senders);
	state.receivers = wait_count(&box->receivers);
	sched_release();
	result = copy_to_user(user, &state, sizeof(state));
	file_put(&box->file);
	return result;
}

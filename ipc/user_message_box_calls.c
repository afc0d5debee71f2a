// SPDX-License-Identifier: MIT
/* Sending to message boxes that are descriptors, and receiving: the long way and the short one
 * (user_ipc.h). What becomes of a message is explained in user_message_box.c. */
#include <tessera/poll.h>
#include <tessera/system_calls.h>

#include "user_ipc.h"
#include "user_message_box.h"

/* ---- Slots. Interrupts masked ---- */

static __always_inline void append(struct user_message_box *box, struct slot *slot)
{
	slot->next = NULL;
	*box->last = slot;
	box->last = &slot->next;
	box->held++;
}

static __always_inline struct slot *take_first(struct user_message_box *box)
{
	struct slot *slot = box->first;

	box->first = slot->next;
	if (!box->first)
		box->last = &box->first;
	box->held--;
	return slot;
}

/* A message that could not be delivered goes back to where it was. */
static void put_back(struct user_message_box *box, struct slot *slot)
{
	slot->next = box->first;
	box->first = slot;
	if (!slot->next)
		box->last = &slot->next;
	box->held++;
}

/* Gives a slot to the first of a queue, of which one waits. */
static void hand_over(struct wait_queue *queue, struct slot *slot)
{
	wait_first(queue)->handover.message.buffer = slot;
	wait_wake_one(queue, 0);
}

/* Receivers that wait get what is in the box; those whose buffer is too small are told so. */
static void distribute(struct user_message_box *box)
{
	while (box->first && !wait_queue_empty(&box->receivers)) {
		if (box->first->size > wait_first(&box->receivers)->handover.message.size)
			wait_wake_one(&box->receivers, -EMSGSIZE);
		else
			hand_over(&box->receivers, take_first(box));
	}
}

/* The ends of a send and of a receive in all cases; they end the masked section. */
static noinline void deliver(struct user_message_box *box, struct slot *slot)
{
	append(box, slot);
	distribute(box);
	sched_unlock_enable();
	poll_changed(&box->watchers);
}

static noinline void free_slot(struct user_message_box *box, struct slot *slot)
{
	if (!wait_queue_empty(&box->senders)) {
		hand_over(&box->senders, slot);
	} else {
		slot->next = box->free;
		box->free = slot;
	}
	sched_unlock_enable();
	poll_changed(&box->watchers);
}

/* Why nobody can wait for the box any more, or the caller does not want to; else 0. */
static int refusal(const struct user_message_box *box, uint64_t timeout)
{
	if (!box->file.descriptors)
		return -EIDRM;
	return timeout ? 0 : -EAGAIN;
}

/* ---- Sending: the long way ---- */

/* A free slot for the caller alone. 0; -errno as of a wait. */
static int take_slot(struct user_message_box *box, uint64_t timeout, struct slot **slot)
{
	int result;

	irq_disable();
	*slot = box->free;
	if (*slot) {
		box->free = (*slot)->next;
		irq_enable();
		return 0;
	}
	result = refusal(box, timeout);
	if (result) {
		irq_enable();
		return result;
	}
	result = wait_block(&box->senders, timeout);
	*slot = current_thread()->handover.message.buffer;
	return result;
}

static long send(struct user_message_box *box, uintptr_t user, size_t n, uint64_t timeout)
{
	struct slot *slot;
	long result;

	if (n > box->size)
		return -EMSGSIZE;
	result = take_slot(box, timeout, &slot);
	if (result)
		return result;
	result = copy_from_user(slot->bytes, user, n);
	slot->size = (unsigned)n;
	slot->sender = current_thread()->pid;
	irq_disable();
	if (result)
		free_slot(box, slot);
	else
		deliver(box, slot);
	return result;
}

static long send_counted(unsigned long descriptor, unsigned long user, unsigned long n,
			 unsigned long user_timeout)
{
	struct user_message_box *box;
	uint64_t timeout;
	long result = timeout_from_user(user_timeout, &timeout);

	if (!result)
		result = user_message_box_get(descriptor, &box);
	if (result)
		return result;
	result = send(box, user, n, timeout);
	file_put(&box->file);
	return ipc_result(result, timeout);
}

/* ---- Receiving: the long way ---- */

/* The first message, for the caller alone; at most n bytes. 0; -EMSGSIZE; -errno as of a wait. */
static int take_message(struct user_message_box *box, size_t n, uint64_t timeout,
			struct slot **slot)
{
	struct thread *self = current_thread();
	int result = 0;

	irq_disable();
	if (box->first) {
		if (box->first->size > n)
			result = -EMSGSIZE;
		else
			*slot = take_first(box);
		irq_enable();
		return result;
	}
	result = refusal(box, timeout);
	if (result) {
		irq_enable();
		return result;
	}
	self->handover.message.size = n;
	result = wait_block(&box->receivers, timeout);
	*slot = self->handover.message.buffer;
	return result;
}

/* The message could not be copied out. */
static noinline long give_back(struct user_message_box *box, struct slot *slot)
{
	irq_disable();
	put_back(box, slot);
	distribute(box);
	sched_unlock_enable();
	poll_changed(&box->watchers);
	return -EFAULT;
}

static int tell_sender(uintptr_t request, const struct slot *slot)
{
	return request ? user_store_u32(request + offsetof(struct message_request, sender),
					(uint32_t)slot->sender)
		       : 0;
}

static long receive(struct user_message_box *box, uintptr_t user, size_t n, uintptr_t request,
		    uint64_t timeout)
{
	struct slot *slot;
	long result = take_message(box, n, timeout, &slot);
	unsigned size;

	if (result)
		return result;
	size = slot->size;
	if (copy_to_user(user, slot->bytes, size) || tell_sender(request, slot))
		return give_back(box, slot);
	irq_disable();
	free_slot(box, slot);
	return size;
}

static long receive_counted(unsigned long descriptor, unsigned long user, unsigned long n,
			    unsigned long request)
{
	struct message_request wanted = { .timeout = NULL };
	struct user_message_box *box;
	uint64_t timeout;
	long result;

	if (request && copy_from_user(&wanted, request, sizeof(wanted)))
		return -EFAULT;
	result = timeout_from_user((uintptr_t)wanted.timeout, &timeout);
	if (!result)
		result = user_message_box_get(descriptor, &box);
	if (result)
		return result;
	result = receive(box, user, n, request, timeout);
	file_put(&box->file);
	return ipc_result(result, timeout);
}

/*
 * ---- The short way ----
 *
 * Messages are copied with interrupts masked (MESSAGE_BOX_MAX_SIZE bounds them), from or to memory that
 * is there. When it is not, the long way begins anew; nothing has happened then but that a free
 * slot was written to.
 */

static __always_inline bool is_quick(const struct file *file)
{
	return likely(file->shortcut > SHORTCUT_NONE);
}

static noinline long deliver_otherwise(struct user_message_box *box, struct slot *slot)
{
	deliver(box, slot);
	return 0;
}

long sys_message_box_send(unsigned long descriptor, unsigned long user, unsigned long n,
			  unsigned long timeout)
{
	struct thread *self = current_thread(), *receiver;
	struct file *file = descriptor_quick(self, descriptor);
	struct user_message_box *box = user_message_box_of(file);
	struct slot *slot;

	irqs_off_begin(NULL);
	if (unlikely(!is_quick(file) || timeout || n > box->size))
		return ipc_take_long_way(send_counted);
	slot = box->free;
	if (unlikely(!slot || user_copy_short_from(slot->bytes, user, n)))
		return ipc_take_long_way(send_counted);
	box->free = slot->next;
	slot->size = (unsigned)n;
	slot->sender = self->pid;
	if (wait_queue_empty(&box->receivers)) {
		append(box, slot);
		return ipc_done(0);
	}
	receiver = wait_first(&box->receivers);
	if (unlikely(n > receiver->handover.message.size || !wait_end_is_short(receiver)))
		return deliver_otherwise(box, slot);
	receiver->handover.message.buffer = slot;
	wait_end_short(receiver, 0, true);
	return ipc_done(0);
}

/* The message has been taken and copied. Masked. */
static __always_inline long received(struct user_message_box *box, struct slot *slot)
{
	long size = slot->size;

	/* A poller may have come while this task waited. */
	if (unlikely(!is_quick(&box->file) || !wait_queue_empty(&box->senders))) {
		free_slot(box, slot);
		return size;
	}
	slot->next = box->free;
	box->free = slot;
	return ipc_done(size);
}

/* The message has been taken, and is to be copied in the long way. Masked. */
static noinline long copy_taken(struct user_message_box *box, struct slot *slot)
{
	irq_enable();
	if (copy_to_user(current_thread()->call.buffer, slot->bytes, slot->size))
		return give_back(box, slot);
	irq_disable();
	return received(box, slot);
}

/* The wait is over. */
static __always_inline long receive_after(long result)
{
	struct thread *self = current_thread();
	struct user_message_box *box = self->call.object;
	struct slot *slot = self->handover.message.buffer;

	if (unlikely(result))
		return result;
	irq_disable();
	if (unlikely(user_copy_short_to(self->call.buffer, slot->bytes, slot->size)))
		return copy_taken(box, slot);
	return received(box, slot);
}

long sys_message_box_receive(unsigned long descriptor, unsigned long user, unsigned long n,
			     unsigned long request)
{
	struct thread *self = current_thread();
	struct file *file = descriptor_quick(self, descriptor);
	struct user_message_box *box = user_message_box_of(file);
	struct slot *slot;

	irqs_off_begin(NULL);
	if (unlikely(!is_quick(file) || request))
		return ipc_take_long_way(receive_counted);
	slot = box->first;
	if (!slot) {
		self->handover.message.size = n;
		self->call.buffer = user;
		self->call.object = box;
		return receive_after(ipc_block_forever(self, &box->receivers));
	}
	if (unlikely(slot->size > n))
		return ipc_done(-EMSGSIZE);
	if (unlikely(user_copy_short_to(user, slot->bytes, slot->size)))
		return ipc_take_long_way(receive_counted);
	take_first(box);
	return received(box, slot);
}

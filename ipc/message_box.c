// SPDX-License-Identifier: MIT
/*
 * Message boxes (message_box.h): a ring of slots with two wait queues. Three states exclude one another:
 * receivers wait (then the ring is empty), senders wait (then it is full), or nobody waits. A message
 * therefore goes one of three ways, each a single copy: into a waiting receiver's buffer, into a free
 * slot, or, when a slot becomes free, from a waiting sender's buffer into that slot.
 *
 * The copy runs with interrupts masked, which bounds the size (MESSAGE_BOX_MAX_SIZE).
 */
#include <tessera/kmalloc.h>
#include <tessera/message_box.h>
#include <tessera/sched.h>
#include <tessera/string.h>

struct message {
	size_t size;
	int sender;
	unsigned long bytes[]; /* aligned for whole words */
};

struct message_box {
	struct wait_queue senders;
	struct wait_queue receivers;
	unsigned slots;
	unsigned held;	/* messages in the ring */
	char *first;	/* the oldest message's slot */
	char *next;	/* the slot for the next message */
	char *end;	/* of the ring */
	size_t stride;	/* bytes from slot to slot */
	size_t size;	/* bytes in a message at most */
	unsigned long ring[];
};

#define WORD sizeof(unsigned long)

/* Short messages of whole words, the common kind, without the call. */
static __always_inline void copy(void *to, const void *from, size_t size)
{
	if (likely(!(((uintptr_t)to | (uintptr_t)from | size) & (WORD - 1)) && size <= 8 * WORD)) {
		unsigned long *d = to;
		const unsigned long *s = from;

		for (; size; size -= WORD)
			*d++ = *s++;
	} else {
		memcpy(to, from, size);
	}
}

static __always_inline char *after(const struct message_box *box, char *slot)
{
	slot += box->stride;
	return slot == box->end ? (char *)box->ring : slot;
}

struct message_box *message_box_create(unsigned slots, size_t size)
{
	size_t stride = ALIGN_UP(sizeof(struct message) + size, WORD);
	struct message_box *box;

	if (!slots || slots > CONFIG_MESSAGE_BOX_MAX_SLOTS || size > CONFIG_MESSAGE_BOX_MAX_SIZE)
		return NULL;
	box = kmalloc(sizeof(*box) + slots * stride);
	if (!box)
		return NULL;
	wait_queue_init(&box->senders);
	wait_queue_init(&box->receivers);
	box->slots = slots;
	box->held = 0;
	box->first = box->next = (char *)box->ring;
	box->end = (char *)box->ring + slots * stride;
	box->stride = stride;
	box->size = size;
	return box;
}

void message_box_free(struct message_box *box)
{
	unsigned long flags = irq_save();

	wait_wake_all(&box->senders, -EIDRM);
	wait_wake_all(&box->receivers, -EIDRM);
	wait_unlock(flags);
	kfree(box);
}

/* Puts a message into the ring, which has a free slot. */
static __always_inline void put(struct message_box *box, const void *bytes, size_t size, int sender)
{
	struct message *message = (struct message *)box->next;

	message->size = size;
	message->sender = sender;
	copy(message->bytes, bytes, size);
	box->next = after(box, box->next);
	box->held++;
}

static int sender_id(void)
{
	return this_cpu()->irq_depth ? 0 : current_thread()->id;
}

/* Gives a message to a waiting receiver. False: none that waits has room for it; those who have
 * not are told so, because the message is now the first of the box. */
static __always_inline bool hand_over(struct message_box *box, const void *bytes, size_t size)
{
	while (!wait_queue_empty(&box->receivers)) {
		struct thread *receiver = wait_first(&box->receivers);
		struct message_wait *wait = &receiver->handover.message;

		if (unlikely(size > wait->size)) {
			wait_end(receiver, -EMSGSIZE);
			continue;
		}
		copy(wait->buffer, bytes, size);
		if (wait->sender)
			*wait->sender = sender_id();
		wait_end(receiver, (int)size);
		return true;
	}
	return false;
}

int message_box_send(struct message_box *box, const void *bytes, size_t size, uint64_t timeout)
{
	struct thread *self = current_thread();
	unsigned long flags;

	if (unlikely(size > box->size))
		return -EMSGSIZE;
	flags = irq_save();
	if (hand_over(box, bytes, size))
		return sched_unlock(flags);
	if (box->held < box->slots) {
		put(box, bytes, size, sender_id());
		return sched_unlock(flags);
	}
	if (!timeout) {
		wait_unlock(flags);
		return -EAGAIN;
	}
	self->handover.message.buffer = (void *)bytes;
	self->handover.message.size = size;
	return wait_block(&box->senders, timeout);
}

ssize_t message_box_receive(struct message_box *box, void *buffer, size_t size, int *sender,
			    uint64_t timeout)
{
	struct thread *self = current_thread();
	struct message *message;
	size_t length;

	irq_disable();
	if (!box->held) {
		if (!timeout) {
			irq_enable();
			return -EAGAIN;
		}
		self->handover.message.buffer = buffer;
		self->handover.message.size = size;
		self->handover.message.sender = sender;
		return wait_block(&box->receivers, timeout);
	}
	message = (struct message *)box->first;
	length = message->size;
	if (length > size) {
		irq_enable();
		return -EMSGSIZE;
	}
	copy(buffer, message->bytes, length);
	if (sender)
		*sender = message->sender;
	box->first = after(box, box->first);
	box->held--;
	if (!wait_queue_empty(&box->senders)) {
		struct thread *next = wait_first(&box->senders);

		put(box, next->handover.message.buffer, next->handover.message.size, next->id);
		wait_end(next, 0);
	}
	sched_unlock_enable();
	return (ssize_t)length;
}

void message_box_info(struct message_box *box, struct message_box_info *info)
{
	unsigned long flags = irq_save();

	info->slots = box->slots;
	info->size = box->size;
	info->messages = box->held;
	info->senders = info->receivers = 0;
	list_for_each(node, &box->senders.waiters)
		info->senders++;
	list_for_each(node, &box->receivers.waiters)
		info->receivers++;
	irq_restore(flags);
}

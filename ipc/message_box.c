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
	unsigned held; /* messages in the ring */
	char *first;   /* the oldest message's slot */
	char *next;    /* the slot for the next message */
	char *end;     /* of the ring */
	size_t stride; /* bytes from slot to slot */
	size_t size;   /* bytes in a message at most */
	unsigned long ring[];
};

#define WORD sizeof(unsigned long)

/*
 * The common message, a code and a few arguments, is copied in place; any other by a tail call to memcpy's
 * caller, so that nothing has to be kept across a call. Both places must be aligned, unless the CPU
 * does without.
 */
#define SHORT_BYTES (size_t)16
#define SHORT_ALIGN (IS_ENABLED(CONFIG_ARCH_HAS_UNALIGNED) ? 1 : WORD)

static __always_inline bool is_short(size_t size, const void *to, const void *from)
{
	return size == SHORT_BYTES && !(((uintptr_t)to | (uintptr_t)from) & (SHORT_ALIGN - 1));
}

static __always_inline void copy_short(void *to, const void *from)
{
	__builtin_memcpy(__builtin_assume_aligned(to, SHORT_ALIGN),
			 __builtin_assume_aligned(from, SHORT_ALIGN), SHORT_BYTES);
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

	wait_wake_all(&box->senders, -EIDRM, flags);
	wait_wake_all(&box->receivers, -EIDRM, flags);
	wait_unlock(flags);
	kfree(box);
}

static int sender_id(void)
{
	return this_cpu()->irq_depth ? 0 : current_thread()->id;
}

/* ---- The general paths ---- */

/* Puts a message into the ring, which has a free slot. */
static void put(struct message_box *box, const void *bytes, size_t size, int sender)
{
	struct message *message = (struct message *)box->next;

	message->size = size;
	message->sender = sender;
	memcpy(message->bytes, bytes, size);
	box->next = after(box, box->next);
	box->held++;
}

/* Gives a message to a waiting receiver. False: none that waits has room for it; those who have
 * not are told so, because the message is now the first of the box. */
static bool hand_over(struct message_box *box, const void *bytes, size_t size)
{
	while (!wait_queue_empty(&box->receivers)) {
		struct thread *receiver = wait_first(&box->receivers);
		struct message_wait *wait = &receiver->handover.message;

		if (unlikely(size > wait->size)) {
			wait_end(receiver, -EMSGSIZE);
			continue;
		}
		memcpy(wait->buffer, bytes, size);
		wait->sender = sender_id();
		wait_end(receiver, (int)size);
		return true;
	}
	return false;
}

int message_box_send_timeout(struct message_box *box, const void *bytes, size_t size,
			     uint64_t timeout)
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
		irq_restore(flags);
		return -EAGAIN;
	}
	self->handover.message.buffer = (void *)bytes;
	self->handover.message.size = size;
	return wait_block(&box->senders, timeout);
}

int message_box_receive_timeout(struct message_box *box, void *buffer, size_t size,
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
		return wait_block(&box->receivers, timeout);
	}
	message = (struct message *)box->first;
	length = message->size;
	if (length > size) {
		irq_enable();
		return -EMSGSIZE;
	}
	memcpy(buffer, message->bytes, length);
	self->handover.message.sender = message->sender;
	box->first = after(box, box->first);
	box->held--;
	if (!wait_queue_empty(&box->senders)) {
		struct thread *next = wait_first(&box->senders);

		put(box, next->handover.message.buffer, next->handover.message.size, next->id);
		wait_end(next, 0);
	}
	sched_unlock_enable();
	return (int)length;
}

/*
 * ---- The short ones ----
 *
 * Without timeout, in the most common states. Each looks before it changes anything, and leaves
 * whatever else it meets to the general path from its beginning.
 */

static noinline int send_otherwise(struct message_box *box, const void *bytes, size_t size)
{
	irq_enable();
	return message_box_send_timeout(box, bytes, size, FOREVER);
}

/* The end of a sender (receiver) whose message is not short. */
static noinline int sent_by_copy(void *to, const void *from, size_t size)
{
	memcpy(to, from, size);
	irq_enable();
	return 0;
}

static noinline int received_by_copy(void *to, const void *from, size_t size)
{
	memcpy(to, from, size);
	irq_enable();
	return (int)size;
}

/* Nobody waits to receive. */
static noinline int send_to_ring(struct message_box *box, const void *bytes, size_t size)
{
	struct message *message = (struct message *)box->next;

	if (unlikely(size > box->size || box->held == box->slots))
		return send_otherwise(box, bytes, size);
	box->held++;
	box->next = after(box, box->next);
	message->size = size;
	message->sender = current_thread()->id;
	if (unlikely(!is_short(size, NULL, bytes)))
		return sent_by_copy(message->bytes, bytes, size);
	copy_short(message->bytes, bytes);
	irq_enable();
	return 0;
}

int message_box_send_forever(struct message_box *box, const void *bytes, size_t size)
{
	struct thread *receiver;
	struct message_wait *wait;

	irq_disable();
	if (wait_queue_empty(&box->receivers))
		return send_to_ring(box, bytes, size);
	receiver = wait_first(&box->receivers);
	wait = &receiver->handover.message;
	if (unlikely(size > box->size || size > wait->size || !wait_end_is_short(receiver)))
		return send_otherwise(box, bytes, size);
	wait->sender = current_thread()->id;
	wait_end_short(receiver, (int)size, true);
	if (unlikely(!is_short(size, wait->buffer, bytes)))
		return sent_by_copy(wait->buffer, bytes, size);
	copy_short(wait->buffer, bytes);
	irq_enable();
	return 0;
}

static noinline int receive_otherwise(struct message_box *box, void *buffer, size_t size)
{
	irq_enable();
	return message_box_receive_timeout(box, buffer, size, FOREVER);
}

static noinline int receive_from_ring(struct message_box *box, void *buffer, size_t size)
{
	struct message *message = (struct message *)box->first;

	if (unlikely(message->size > size || !wait_queue_empty(&box->senders)))
		return receive_otherwise(box, buffer, size);
	box->held--;
	box->first = after(box, box->first);
	current_thread()->handover.message.sender = message->sender;
	if (unlikely(!is_short(message->size, buffer, NULL)))
		return received_by_copy(buffer, message->bytes, message->size);
	copy_short(buffer, message->bytes);
	irq_enable();
	return SHORT_BYTES;
}

int message_box_receive_forever(struct message_box *box, void *buffer, size_t size)
{
	struct thread *self;

	irq_disable();
	self = current_thread();
	if (box->held)
		return receive_from_ring(box, buffer, size);
	self->handover.message.buffer = buffer;
	self->handover.message.size = size;
	return wait_block_forever(&box->receivers);
}

void message_box_info(struct message_box *box, struct message_box_info *info)
{
	sched_hold(); /* so that the numbers belong together */
	info->slots = box->slots;
	info->size = box->size;
	info->messages = box->held;
	info->senders = wait_count(&box->senders);
	info->receivers = wait_count(&box->receivers);
	sched_release();
}

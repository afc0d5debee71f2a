/* SPDX-License-Identifier: MIT */
/*
 * Message boxes: bounded FIFO queues of messages, 0 to `size` bytes each (the seed is HOS's mbox). A
 * message sent while a receiver waits is copied once, straight into the receiver's buffer.
 */
#ifndef TESSERA_MESSAGE_BOX_H
#define TESSERA_MESSAGE_BOX_H

#include <tessera/thread.h>

struct message_box;

struct message_box_info {
	unsigned slots;		     /* messages that it holds at most */
	size_t size;		     /* bytes in a message at most */
	unsigned messages;	     /* held now */
	unsigned senders, receivers; /* threads that wait now */
};

/*
 * Makes a box of `slots` messages (1 .. MESSAGE_BOX_MAX_SLOTS) of up to `size` bytes (0 ..
 * MESSAGE_BOX_MAX_SIZE). NULL: out of range, or no memory. Thread context.
 */
struct message_box *message_box_create(unsigned slots, size_t size);

/* Ends every wait with -EIDRM, drops the messages, frees the box. Thread context. */
void message_box_free(struct message_box *box);

/*
 * Sends a copy of `size` bytes, waiting at most `timeout` nanoseconds for a free slot. 0; -EMSGSIZE: longer
 * than the box allows; -ETIMEDOUT (-EAGAIN for 0); -EINTR; -EIDRM. Interrupt handlers may send with
 * timeout 0. O(size), waiting O(waiters of lower priority).
 */
int message_box_send_forever(struct message_box *box, const void *bytes, size_t size);
int message_box_send_timeout(struct message_box *box, const void *bytes, size_t size,
			     uint64_t timeout);

static __always_inline int message_box_send(struct message_box *box, const void *bytes, size_t size,
					    uint64_t timeout)
{
	if (__builtin_constant_p(timeout) && timeout == FOREVER)
		return message_box_send_forever(box, bytes, size);
	return message_box_send_timeout(box, bytes, size, timeout);
}

/*
 * Takes the oldest message into buffer[0 .. size). Gives its length; -EMSGSIZE: the buffer is too
 * small (the message stays first in the box); -ETIMEDOUT (-EAGAIN for 0); -EINTR; -EIDRM. `sender`
 * (NULL: not wanted) gets the sender's thread id, 0 for an interrupt handler; after an error it means
 * nothing. Thread context.
 */
int message_box_receive_forever(struct message_box *box, void *buffer, size_t size);
int message_box_receive_timeout(struct message_box *box, void *buffer, size_t size,
				uint64_t timeout);

static __always_inline int message_box_receive(struct message_box *box, void *buffer, size_t size,
					       int *sender, uint64_t timeout)
{
	int length = __builtin_constant_p(timeout) && timeout == FOREVER
			     ? message_box_receive_forever(box, buffer, size)
			     : message_box_receive_timeout(box, buffer, size, timeout);

	if (sender)
		*sender = current_thread()->handover.message.sender;
	return length;
}

/* What it holds and who waits now. Thread context. O(1) while nobody waits, else O(THREADS_MAX). */
void message_box_info(struct message_box *box, struct message_box_info *info);

#endif

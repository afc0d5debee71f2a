/* SPDX-License-Identifier: MIT */
/*
 * Tessera's own calls: semaphores and message boxes as descriptors, events by pid. Their numbers
 * begin at 1024 (MIPS: 7000). Timeouts are pointers to a struct timespec: NULL: for ever; zero: do
 * not wait (-EAGAIN instead of -ETIMEDOUT). Documentation/ipc.md.
 *
 *	semaphore_create(unsigned initial, flags)			a descriptor
 *	semaphore_wait(descriptor, timeout)
 *	semaphore_post(descriptor)
 *	semaphore_exchange(post, wait, timeout)				post one, wait for the other
 *	semaphore_value(descriptor, int *value)				free units, or minus the waiters
 *	message_box_create(unsigned slots, size_t size, flags)		a descriptor
 *	message_box_send(descriptor, const void *bytes, size_t n, timeout)
 *	message_box_receive(descriptor, void *bytes, size_t n, struct message_request *)  the length
 *	message_box_info(descriptor, struct message_box_state *)
 *	event_send(pid, unsigned long word, timeout)
 *	event_receive(struct event_message *, timeout)
 *	event_exchange(pid, unsigned long word, struct event_message *, timeout)
 */
#ifndef UAPI_TESSERA_IPC_H
#define UAPI_TESSERA_IPC_H

#include <tessera/time.h>

/* Flags of both create calls: O_CLOEXEC, or 0. */

/* For message_box_receive; NULL in its place: for ever, and the sender does not matter. */
struct message_request {
	const struct timespec *timeout;
	int sender; /* a result: the sender's pid */
};

struct message_box_state {
	unsigned slots;		     /* messages that it holds at most */
	unsigned size;		     /* bytes in a message at most */
	unsigned messages;	     /* held now */
	unsigned senders, receivers; /* that wait now */
};

struct event_message {
	int sender; /* pid; 0: it has ended since */
	unsigned long word;
};

#endif

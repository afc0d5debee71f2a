/* SPDX-License-Identifier: MIT */
/* Tessera's own calls: tessera/ipc.h says what each does. -1 with errno on failure. */
#ifndef USER_IPC_H
#define USER_IPC_H

#include <stddef.h>
#include <sys/types.h>
#include <tessera/fcntl.h>
#include <tessera/ipc.h>

int semaphore_create(unsigned initial, int flags);
int semaphore_wait(int semaphore, const struct timespec *timeout);
int semaphore_post(int semaphore);
int semaphore_exchange(int post, int wait, const struct timespec *timeout);
int semaphore_value(int semaphore, int *value);

int message_box_create(unsigned slots, size_t size, int flags);
int message_box_send(int box, const void *bytes, size_t n, const struct timespec *timeout);
ssize_t message_box_receive(int box, void *bytes, size_t n, struct message_request *request);
int message_box_info(int box, struct message_box_state *state);

int event_send(pid_t pid, unsigned long word, const struct timespec *timeout);
int event_receive(struct event_message *event, const struct timespec *timeout);
int event_exchange(pid_t pid, unsigned long word, struct event_message *event,
		   const struct timespec *timeout);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef USER_POLL_H
#define USER_POLL_H

#include <tessera/poll.h>

/* timeout in ms, -1: for ever. The number of entries with an event. */
int poll(struct pollfd *entries, unsigned long count, int timeout);

#endif

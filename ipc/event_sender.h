/* SPDX-License-Identifier: MIT */
/* Who sent an event: the thread, and for user programs the number of its task, which must be noted
 * while it certainly lives. */
#ifndef IPC_EVENT_SENDER_H
#define IPC_EVENT_SENDER_H

#include <tessera/event.h>

#ifdef CONFIG_USER_MODE

#include <tessera/process.h>

static __always_inline void event_set_sender(struct event *event, struct thread *sender)
{
	event->sender = sender;
	event->sender_tid = sender->task ? sender->task->tid : 0;
}

#else

static __always_inline void event_set_sender(struct event *event, struct thread *sender)
{
	event->sender = sender;
}

#endif
#endif

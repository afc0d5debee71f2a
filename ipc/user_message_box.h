/* SPDX-License-Identifier: MIT */
/* Message boxes as descriptors: the object (user_message_box.c has it explained). */
#ifndef IPC_USER_MESSAGE_BOX_H
#define IPC_USER_MESSAGE_BOX_H

#include <tessera/file.h>
#include <tessera/wait.h>

struct slot {
	struct slot *next;
	unsigned size;
	int sender;
	unsigned long bytes[];
};

struct user_message_box {
	struct file file;
	struct wait_queue receivers, senders;
	struct slot *free;
	struct slot *first, **last; /* messages; *last is the end of their chain */
	unsigned held;		    /* of them there are */
	unsigned slots;
	unsigned size; /* bytes in a message at most */
	struct poll_source watchers;
	unsigned long memory[]; /* all slots */
};

static inline struct user_message_box *user_message_box_of(struct file *file)
{
	return container_of(file, struct user_message_box, file);
}

/* ipc_get for a message box. */
int user_message_box_get(unsigned long descriptor, struct user_message_box **box);

#endif

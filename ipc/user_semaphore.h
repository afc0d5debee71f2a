/* SPDX-License-Identifier: MIT */
/* Semaphores as descriptors, and who owes them units (IPC_SEMAPHORE_UNDO, ipc/semaphore_undo.c). */
#ifndef IPC_USER_SEMAPHORE_H
#define IPC_USER_SEMAPHORE_H

#include <tessera/file.h>
#include <tessera/semaphore.h>

struct user_semaphore {
	struct file file;
	struct semaphore semaphore;
	struct poll_source watchers;
#ifdef CONFIG_IPC_SEMAPHORE_UNDO
	struct list_node accounts; /* semaphore_undo.c */
#endif
};

static inline struct user_semaphore *user_semaphore_of(struct file *file)
{
	return container_of(file, struct user_semaphore, file);
}

/* ipc_get for a semaphore. */
int user_semaphore_get(unsigned long descriptor, struct user_semaphore **object);

#ifdef CONFIG_IPC_SEMAPHORE_UNDO

static inline void undo_init(struct user_semaphore *object)
{
	list_init(&object->accounts);
}

/* The last descriptor is gone. */
void undo_close(struct user_semaphore *object);

/* Before a wait: makes sure that the unit can be put on the process's account. 0; -ENOMEM. */
int undo_prepare(struct user_semaphore *object);

/* After it; after a post. */
void undo_taken(struct user_semaphore *object);
void undo_posted(struct user_semaphore *object);

#else

static inline void undo_init(struct user_semaphore *object)
{
	(void)object;
}

static inline void undo_close(struct user_semaphore *object)
{
	(void)object;
}

static inline int undo_prepare(struct user_semaphore *object)
{
	(void)object;
	return 0;
}

static inline void undo_taken(struct user_semaphore *object)
{
	(void)object;
}

static inline void undo_posted(struct user_semaphore *object)
{
	(void)object;
}

#endif
#endif

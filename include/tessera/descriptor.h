/* SPDX-License-Identifier: MIT */
/*
 * The short way from a descriptor to its file.
 *
 * Counting a file for as long as a call uses it is needed only when somebody else could close it
 * meanwhile. A table that one task alone has changes through that task's own calls and nothing
 * else, and nobody else gets at it (clone, which would share it, is a call of that task, too): so
 * the table's own count holds the file. `quick` says how many descriptors can be used in this way:
 * all, or none when the table is shared. So one comparison tells a bad descriptor, a shared table
 * and a good descriptor apart, and there is nothing to be undone at the end.
 *
 * A descriptor without a file has file_none, which allows nothing: so there is no NULL to look for.
 */
#ifndef TESSERA_DESCRIPTOR_H
#define TESSERA_DESCRIPTOR_H

#include <tessera/file.h>
#include <tessera/process.h>

/* Made by fs/descriptor.c, which alone knows for how many descriptors. */
struct file_table {
	unsigned long quick; /* `end` while one task has the table, else 0 */
	unsigned end;	     /* descriptors from here on were never used, and files[] not written */
	unsigned users;	     /* tasks */
	struct node *directory;	   /* the working directory */
	struct node *executable;   /* NULL: none yet */
	struct list_node accounts; /* IPC_SEMAPHORE_UNDO: ipc/semaphore_undo.c */
	struct file *files[];	   /* thread->files points here */
};

extern struct file file_none;

static __always_inline struct file_table *current_files(void)
{
	return container_of(current_thread()->files, struct file_table, files[0]);
}

/* Before the thread runs, or in the thread itself. */
static inline void thread_set_files(struct thread *thread, struct file_table *table)
{
	thread->files = table->files;
}

/* The running thread's file, without a count, or file_none: go the long way then (descriptor_get), as
 * do numbers that have more bits than an int. */
static __always_inline struct file *descriptor_quick(const struct thread *self,
						     unsigned long descriptor)
{
	const struct file_table *table = container_of(self->files, struct file_table, files[0]);

	return likely(descriptor < table->quick) ? self->files[descriptor] : &file_none;
}

/* Puts a new file at the lowest free descriptor of the running process; its count goes to the
 * table, or away when there is no room. The descriptor, or -EMFILE. flags: O_CLOEXEC counts. */
int descriptor_open(struct file *file, unsigned flags);

/* A new pipe in the running process: the descriptors to read and to write. flags: O_CLOEXEC,
 * O_NONBLOCK. 0 or -errno. (MIPS has a call that gives them in registers.) */
int pipe_open(int pair[2], unsigned flags);

#endif

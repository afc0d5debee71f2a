/* SPDX-License-Identifier: MIT */
/* What the files of fs/ know of descriptors and openings beyond the contract headers. */
#ifndef FS_DESCRIPTOR_H
#define FS_DESCRIPTOR_H

#include <tessera/descriptor.h>
#include <tessera/lock.h>

/* Counts of files, and tables that several tasks have. */
extern struct spinlock file_lock;

/* What of open()'s flags belongs to the opening, and what F_SETFL changes. */
#define FILE_CHANGEABLE_FLAGS (O_APPEND | O_NONBLOCK)
#define FILE_STATUS_FLAGS     (O_ACCMODE | FILE_CHANGEABLE_FLAGS | O_DIRECTORY | O_PATH)

/* Undoes file_init, as long as nobody knows of the file. */
void file_forget(struct file *file);

/* Takes a descriptor and its count from a file: the end of close(). */
void file_close(struct file *file);

/* The running process's file that allows `access` (FILE_...), with a count; else NULL: -EBADF. */
struct file *descriptor_get_for(unsigned descriptor, unsigned access);

/* Somebody polls a file: its calls go the long way, which tells them of changes. Nobody does any
 * more. */
static inline void file_watched(struct file *file)
{
	file->shortcut = SHORTCUT_NONE;
}

static inline void file_unwatched(struct file *file)
{
	file->shortcut = file->operations->shortcut;
}

#endif

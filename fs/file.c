// SPDX-License-Identifier: MIT
/*
 * Openings (file.h). Two counts: `users` keeps the memory, `descriptors` says whether anybody can
 * still get at it by number. The difference are calls at work in tasks that share their table:
 * when another task closes the last descriptor under them, the object is told at once (it may wake
 * them), and freed when the last of them has left.
 */
#include <tessera/errno.h>
#include <tessera/fcntl.h>
#include <tessera/kmalloc.h>
#include <tessera/lock.h>

#include "descriptor.h"

struct spinlock file_lock = SPINLOCK_INIT(LOCK_FILE);

static unsigned files_open; /* file_lock */

struct file file_none = {
	.operations = &(const struct file_operations){ .kind = "none" },
};

int file_init(struct file *file, const struct file_operations *operations, unsigned flags,
	      void *data)
{
	bool room;

	spin_lock(&file_lock);
	room = files_open < CONFIG_FILES_MAX;
	files_open += room;
	spin_unlock(&file_lock);
	if (!room)
		return -ENFILE;
	*file = (struct file){ .operations = operations,
			       .access = flags & O_PATH ? 0 : (flags + 1) & O_ACCMODE,
			       .shortcut = operations->shortcut,
			       .flags = flags & FILE_STATUS_FLAGS,
			       .users = 1,
			       .data = data };
	return 0;
}

int file_create(struct file **result, const struct file_operations *operations, unsigned flags,
		void *data)
{
	struct file *file = kmalloc(sizeof(*file));
	int error;

	if (!file)
		return -ENOMEM;
	error = file_init(file, operations, flags, data);
	if (error)
		kfree(file);
	else
		*result = file;
	return error;
}

struct file *file_get(struct file *file)
{
	spin_lock(&file_lock);
	file->users++;
	spin_unlock(&file_lock);
	return file;
}

void file_forget(struct file *file)
{
	spin_lock(&file_lock);
	files_open--;
	spin_unlock(&file_lock);
}

static void file_release(struct file *file)
{
	file_forget(file);
	if (file->operations->release)
		file->operations->release(file);
	else
		kfree(file);
}

void file_put(struct file *file)
{
	bool last;

	spin_lock(&file_lock);
	last = !--file->users;
	spin_unlock(&file_lock);
	if (last)
		file_release(file);
}

void file_close(struct file *file)
{
	bool closed;

	spin_lock(&file_lock);
	closed = !--file->descriptors;
	spin_unlock(&file_lock);
	if (closed && file->operations->close)
		file->operations->close(file);
	file_put(file);
}

unsigned file_count(void)
{
	return files_open;
}

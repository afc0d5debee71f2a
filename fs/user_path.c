// SPDX-License-Identifier: MIT
/*
 * Paths as system calls get them: copied in first, so that they cannot change while they are
 * walked; short ones onto the stack, which most are.
 */
#include <tessera/errno.h>
#include <tessera/fcntl.h>
#include <tessera/kmalloc.h>
#include <tessera/user_copy.h>

#include "descriptor.h"
#include "user_path.h"

#define SHORT_PATH 128

void current_path_context(struct path_context *context)
{
	const struct file_table *table = current_files();

	context->root = tree_root;
	context->start = table->directory;
	context->executable = table->executable;
}

/* The directory that *at calls start from. */
static int find_start(unsigned long descriptor, struct node **start)
{
	struct file *file;

	if ((int)descriptor == AT_FDCWD)
		return 0;
	file = descriptor_get((int)descriptor);
	if (!file)
		return -EBADF;
	*start = file_directory(file);
	file_put(file);
	return *start ? 0 : -ENOTDIR;
}

static int find(unsigned long descriptor, const char *path, size_t length, unsigned flags,
		struct node **node)
{
	struct path_context context;
	int error = 0;

	if (!*path)
		return -ENOENT;
	current_path_context(&context);
	if (*path != '/')
		error = find_start(descriptor, &context.start);
	return error ? error : path_find(&context, path, length, flags, node);
}

int user_path_find(unsigned long descriptor, uintptr_t user, unsigned flags, struct node **node)
{
	char path[SHORT_PATH], *longer = NULL;
	ssize_t length = copy_string_from_user(path, user, sizeof(path));
	int error;

	*node = NULL;
	if (length == -ENAMETOOLONG) {
		longer = kmalloc(PATH_MAX);
		if (!longer)
			return -ENOMEM;
		length = copy_string_from_user(longer, user, PATH_MAX);
	}
	error = length < 0 ? (int)length
			   : find(descriptor, longer ? longer : path, (size_t)length, flags, node);
	kfree(longer);
	return error;
}

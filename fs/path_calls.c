// SPDX-License-Identifier: MIT
/* System calls that take a path, and what goes with them. */
#include <tessera/address_space.h>
#include <tessera/errno.h>
#include <tessera/fcntl.h>
#include <tessera/kmalloc.h>
#include <tessera/string.h>
#include <tessera/system_calls.h>
#include <tessera/user_copy.h>

#include "descriptor.h"
#include "user_path.h"

/* ---- open ---- */

/* What the flags want of a node that is there. */
static int check_open(const struct node *node, unsigned flags)
{
	if ((flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL))
		return -EEXIST;
	if ((flags & O_DIRECTORY) && !node_is(node, S_IFDIR))
		return -ENOTDIR;
	return 0;
}

long sys_openat(unsigned long directory, unsigned long path, unsigned long flags,
		unsigned long mode)
{
	bool exclusive = (flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL);
	struct file *file = NULL;
	struct node *node;
	int error;

	if (flags & O_PATH)
		flags &= O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	error = user_path_find_at(directory, path, exclusive || (flags & O_NOFOLLOW), &node);
	if (error == -ENOENT && node && (flags & O_CREAT))
		return -EROFS;
	if (!error)
		error = check_open(node, (unsigned)flags);
	if (!error)
		error = node_open(node, (unsigned)flags, &file);
	return error ? error : descriptor_open(file, (unsigned)flags);
}

long sys_open(unsigned long path, unsigned long flags, unsigned long mode)
{
	return sys_openat((unsigned long)AT_FDCWD, path, flags, mode);
}

long sys_creat(unsigned long path, unsigned long mode)
{
	return sys_open(path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

/* ---- access: everybody is root, whom only what cannot be at all is refused ---- */

static int check_access(const struct node *node, unsigned mode)
{
	uint32_t permissions = node->inode->mode;

	if ((mode & W_OK) && (node_is(node, S_IFREG) || node_is(node, S_IFDIR)))
		return -EROFS;
	if ((mode & X_OK) && !node_is(node, S_IFDIR) &&
	    !(permissions & (S_IXUSR | S_IXGRP | S_IXOTH)))
		return -EACCES;
	return 0;
}

long sys_faccessat2(unsigned long directory, unsigned long path, unsigned long mode,
		    unsigned long flags)
{
	struct node *node;
	int error;

	if ((mode & ~(unsigned long)(R_OK | W_OK | X_OK)) ||
	    (flags & ~(unsigned long)(AT_EACCESS | AT_SYMLINK_NOFOLLOW)))
		return -EINVAL;
	error = user_path_find_at(directory, path, flags & AT_SYMLINK_NOFOLLOW, &node);
	return error ? error : check_access(node, (unsigned)mode);
}

long sys_faccessat(unsigned long directory, unsigned long path, unsigned long mode)
{
	return sys_faccessat2(directory, path, mode, 0);
}

long sys_access(unsigned long path, unsigned long mode)
{
	return sys_faccessat2((unsigned long)AT_FDCWD, path, mode, 0);
}

/* ---- Links ---- */

/* The text of /proc/self/exe is made when it is read. */
static long read_executable_link(uintptr_t user, size_t n)
{
	const struct node *executable = current_files()->executable;
	char *path;
	ssize_t length;
	long result;

	if (!executable)
		return -ENOENT;
	path = kmalloc(PATH_MAX);
	if (!path)
		return -ENOMEM;
	length = node_path(executable, path, PATH_MAX);
	result = length < 0 ? -ENAMETOOLONG : (long)MIN((size_t)length - 1, n);
	if (result > 0 && copy_to_user(user, path, (size_t)result))
		result = -EFAULT;
	kfree(path);
	return result;
}

long sys_readlinkat(unsigned long directory, unsigned long path, unsigned long buffer,
		    unsigned long n)
{
	const struct inode *inode;
	struct node *node;
	int error;

	if ((int)n <= 0)
		return -EINVAL;
	error = user_path_find(directory, path, PATH_NOFOLLOW, &node);
	if (error)
		return error;
	inode = node->inode;
	if (!node_is(node, S_IFLNK))
		return -EINVAL;
	if (inode == &executable_link)
		return read_executable_link(buffer, n);
	n = MIN(n, inode->size);
	return copy_to_user(buffer, inode->bytes, n) ? -EFAULT : (long)n;
}

long sys_readlink(unsigned long path, unsigned long buffer, unsigned long n)
{
	return sys_readlinkat((unsigned long)AT_FDCWD, path, buffer, n);
}

/* ---- The working directory ---- */

long sys_chdir(unsigned long path)
{
	struct node *node;
	int error = user_path_find((unsigned long)AT_FDCWD, path, 0, &node);

	if (error)
		return error;
	if (!node_is(node, S_IFDIR))
		return -ENOTDIR;
	current_files()->directory = node;
	return 0;
}

long sys_fchdir(unsigned long descriptor)
{
	struct file *file = descriptor_get((int)descriptor);
	struct node *directory;

	if (!file)
		return -EBADF;
	directory = file_directory(file);
	file_put(file);
	if (!directory)
		return -ENOTDIR;
	current_files()->directory = directory;
	return 0;
}

long sys_getcwd(unsigned long buffer, unsigned long n)
{
	char *path = kmalloc(PATH_MAX);
	ssize_t result;

	if (!path)
		return -ENOMEM;
	result = node_path(current_files()->directory, path, PATH_MAX);
	if (result < 0)
		result = -ENAMETOOLONG;
	else if ((size_t)result > n)
		result = -ERANGE;
	else if (copy_to_user(buffer, path, (size_t)result))
		result = -EFAULT;
	kfree(path);
	return result;
}

/* ---- For exec ---- */

int executable_find(const char *path, struct executable *executable)
{
	struct path_context context;
	struct node *node;
	int error;

	if (current_thread()->task)
		current_path_context(&context);
	else /* the kernel, looking for init */
		context = (struct path_context){ .root = tree_root, .start = tree_root };
	error = path_find(&context, path, strlen(path), 0, &node);
	if (error)
		return error;
	if (!node_is(node, S_IFREG) || !(node->inode->mode & (S_IXUSR | S_IXGRP | S_IXOTH)))
		return -EACCES;
	executable->source = inode_source(node->inode);
	if (!executable->source)
		return -ENOMEM;
	executable->bytes = node->inode->bytes;
	executable->size = node->inode->size;
	executable->node = node;
	executable->name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	return 0;
}

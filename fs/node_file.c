// SPDX-License-Identifier: MIT
/*
 * Openings of what lies in the archives: regular files, whose bytes are read where they are, and
 * directories. An offset into a directory counts its entries: 0 is ".", 1 "..", 2 the first child;
 * the children of the initramfs never change.
 */
#include <tessera/address_space.h>
#include <tessera/dirent.h>
#include <tessera/errno.h>
#include <tessera/fcntl.h>
#include <tessera/string.h>
#include <tessera/system_calls.h>
#include <tessera/user_copy.h>

#include "descriptor.h"
#include "device.h"
#include "tree.h"

void node_stat(const struct node *node, struct file_stat *stat)
{
	const struct inode *inode = node->inode;

	*stat = (struct file_stat){
		.device = FILE_DEVICE_TREE,
		.number = inode->number,
		.mode = inode->mode,
		.links = inode->links,
		.uid = inode->uid,
		.gid = inode->gid,
		.major = inode->major,
		.minor = inode->minor,
		.time = inode->time,
		.size = inode->size,
	};
}

void node_file_stat(struct file *file, struct file_stat *stat)
{
	node_stat(file->data, stat);
}

/* ---- Regular files ---- */

static ssize_t regular_read(struct file *file, uintptr_t user, size_t n, uint64_t *offset)
{
	const struct inode *inode = ((struct node *)file->data)->inode;

	if (*offset >= inode->size)
		return 0;
	n = MIN(n, inode->size - (size_t)*offset);
	if (copy_to_user(user, inode->bytes + *offset, n))
		return -EFAULT;
	*offset += n;
	return (ssize_t)n;
}

static size_t regular_bytes(struct file *file, const char **bytes)
{
	const struct inode *inode = ((struct node *)file->data)->inode;

	*bytes = inode->bytes;
	return inode->size;
}

static int64_t regular_size(struct file *file)
{
	return (int64_t)((struct node *)file->data)->inode->size;
}

/* Nobody maps it any more. */
static void forget_source(struct area_source *source)
{
	((struct inode *)source->owner)->source = NULL;
}

struct area_source *inode_source(struct inode *inode)
{
	if (inode->source)
		return source_get(inode->source);
	inode->source = source_create(inode->bytes, inode->size);
	if (inode->source) {
		inode->source->owner = inode;
		inode->source->release = forget_source;
	}
	return inode->source;
}

static struct area_source *regular_map(struct file *file)
{
	return inode_source(((struct node *)file->data)->inode);
}

static const struct file_operations regular_operations = {
	.kind = "file",
	.read = regular_read,
	.bytes = regular_bytes,
	.size = regular_size,
	.stat = node_file_stat,
	.map = regular_map,
};

/* ---- Directories ---- */

static ssize_t directory_read(struct file *file, uintptr_t user, size_t n, uint64_t *offset)
{
	return -EISDIR;
}

static int64_t directory_size(struct file *file)
{
	int64_t entries = 2;

	for (struct node *node = ((struct node *)file->data)->children; node; node = node->next)
		entries++;
	return entries;
}

/* Where the records of one getdents64 go. */
struct directory_sink {
	uintptr_t user;
	size_t left;
	size_t written;
};

static uint8_t entry_type(uint32_t mode)
{
	return (mode & S_IFMT) >> 12; /* DT_... was made that way */
}

/* Writes a record. 0; -EINVAL: no room; -EFAULT. */
static int emit(struct directory_sink *sink, const char *name, size_t length,
		const struct inode *inode, uint64_t next)
{
	union {
		struct dirent64 entry;
		char bytes[ALIGN_UP(offsetof(struct dirent64, d_name) + NAME_MAX + 1, 8)];
	} record;
	size_t size = ALIGN_UP(offsetof(struct dirent64, d_name) + length + 1, (size_t)8);

	if (size > sink->left)
		return -EINVAL;
	memset(record.bytes + size - 8, 0, 8); /* the NUL, and what stands behind it */
	record.entry.d_ino = inode->number;
	record.entry.d_off = (int64_t)next;
	record.entry.d_reclen = (uint16_t)size;
	record.entry.d_type = entry_type(inode->mode);
	memcpy(record.entry.d_name, name, length);
	if (copy_to_user(sink->user + sink->written, &record, size))
		return -EFAULT;
	sink->written += size;
	sink->left -= size;
	return 0;
}

static int directory_list(struct file *file, struct directory_sink *sink, uint64_t *offset)
{
	const struct node *directory = file->data, *child = directory->children;
	int error = 0;

	for (uint64_t at = 2; child && at < *offset; at++)
		child = child->next;
	if (*offset == 0 && !(error = emit(sink, ".", 1, directory->inode, 1)))
		*offset = 1;
	if (*offset == 1 && !(error = emit(sink, "..", 2, directory->parent->inode, 2)))
		*offset = 2;
	for (; !error && child; child = child->next) {
		error = emit(sink, child->name, child->length, child->inode, *offset + 1);
		if (!error)
			++*offset;
	}
	return sink->written ? 0 : error;
}

static const struct file_operations directory_operations = {
	.kind = "directory",
	.read = directory_read,
	.size = directory_size,
	.stat = node_file_stat,
	.list = directory_list,
};

long sys_getdents64(unsigned long descriptor, unsigned long buffer, unsigned long n)
{
	struct file *file = descriptor_get_for((unsigned)descriptor, FILE_READ);
	struct directory_sink sink = { .user = buffer, .left = (unsigned)n };
	int error;

	if (!file)
		return -EBADF;
	error = file->operations->list ? file->operations->list(file, &sink, &file->offset)
				       : -ENOTDIR;
	file_put(file);
	return error ? error : (long)sink.written;
}

/* ---- Opening ---- */

/* O_PATH: it can be named by its descriptor, and no more. */
static const struct file_operations name_operations = {
	.kind = "name",
	.stat = node_file_stat,
};

struct node *file_directory(const struct file *file)
{
	struct node *node = file->data;
	bool named =
		file->operations == &directory_operations || file->operations == &name_operations;

	return named && node_is(node, S_IFDIR) ? node : NULL;
}

static int open_special(struct node *node, unsigned flags, struct file **file)
{
	const struct device *device = device_find(node->inode->major, node->inode->minor);
	int error;

	if (!node_is(node, S_IFCHR) || !device)
		return -ENXIO;
	error = file_create(file, device->operations, flags, node);
	if (!error && device->opened)
		device->opened(flags);
	return error;
}

int node_open(struct node *node, unsigned flags, struct file **file)
{
	bool writes = (flags & O_ACCMODE) != O_RDONLY || (flags & O_TRUNC);

	if (flags & O_PATH)
		return file_create(file, &name_operations, flags, node);
	switch (node->inode->mode & S_IFMT) {
	case S_IFREG:
		if (writes)
			return -EROFS;
		return node->inode->open ? node->inode->open(node, flags, file)
					 : file_create(file, &regular_operations, flags, node);
	case S_IFDIR:
		return writes || (flags & O_CREAT)
			       ? -EISDIR
			       : file_create(file, &directory_operations, flags, node);
	case S_IFLNK:
		return -ELOOP; /* O_NOFOLLOW */
	}
	return open_special(node, flags, file);
}

// SPDX-License-Identifier: MIT
/* What is known of a file, in each of the shapes in which programs ask for it. */
#include <tessera/errno.h>
#include <tessera/fcntl.h>
#include <tessera/system_calls.h>

#include "descriptor.h"
#include "stat_fill.h"
#include "user_path.h"

/* Files without a name, unless they know better. */
static const struct file_stat nameless = {
	.device = FILE_DEVICE_NAMELESS,
	.mode = S_IRUSR | S_IWUSR,
	.links = 1,
};

int stat_descriptor(unsigned descriptor, struct file_stat *stat)
{
	struct file *file = descriptor_get((int)descriptor);

	if (!file)
		return -EBADF;
	*stat = nameless;
	if (file->operations->stat)
		file->operations->stat(file, stat);
	file_put(file);
	return 0;
}

int stat_path(unsigned long directory, uintptr_t path, unsigned flags, struct file_stat *stat)
{
	struct node *node;
	int error;

	if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH | AT_NO_AUTOMOUNT))
		return -EINVAL;
	if (flags & AT_EMPTY_PATH) {
		char first;

		if (copy_from_user(&first, path, 1))
			return -EFAULT;
		if (!first && (int)directory != AT_FDCWD)
			return stat_descriptor((unsigned)directory, stat);
		if (!first) {
			node_stat(current_files()->directory, stat);
			return 0;
		}
	}
	error = user_path_find_at(directory, path, flags & AT_SYMLINK_NOFOLLOW, &node);
	if (!error)
		node_stat(node, stat);
	return error;
}

static long give_stat(int error, const struct file_stat *from, uintptr_t user)
{
	struct stat stat;

	if (error)
		return error;
	STAT_FILL(&stat, from);
	return copy_to_user(user, &stat, sizeof(stat));
}

long sys_newfstatat(unsigned long directory, unsigned long path, unsigned long buffer,
		    unsigned long flags)
{
	struct file_stat stat;
	int error = stat_path(directory, path, (unsigned)flags, &stat);

	return give_stat(error, &stat, buffer);
}

long sys_stat(unsigned long path, unsigned long buffer)
{
	return sys_newfstatat((unsigned long)AT_FDCWD, path, buffer, 0);
}

long sys_lstat(unsigned long path, unsigned long buffer)
{
	return sys_newfstatat((unsigned long)AT_FDCWD, path, buffer, AT_SYMLINK_NOFOLLOW);
}

long sys_fstat(unsigned long descriptor, unsigned long buffer)
{
	struct file_stat stat;
	int error = stat_descriptor((unsigned)descriptor, &stat);

	return give_stat(error, &stat, buffer);
}

_Static_assert(sizeof(struct statx) == 256, "Linux's");

static struct statx_timestamp timestamp(uint32_t seconds)
{
	return (struct statx_timestamp){ .tv_sec = seconds };
}

long sys_statx(unsigned long directory, unsigned long path, unsigned long flags, unsigned long mask,
	       unsigned long buffer)
{
	struct file_stat stat;
	struct statx result;
	int error;

	if ((flags & AT_STATX_SYNC_TYPE) == AT_STATX_SYNC_TYPE || (mask & STATX_RESERVED))
		return -EINVAL;
	error = stat_path(directory, path, (unsigned)flags & ~AT_STATX_SYNC_TYPE, &stat);
	if (error)
		return error;
	result = (struct statx){
		.stx_mask = STATX_BASIC_STATS,
		.stx_blksize = STAT_BLOCK_SIZE,
		.stx_nlink = stat.links,
		.stx_uid = stat.uid,
		.stx_gid = stat.gid,
		.stx_mode = (uint16_t)stat.mode,
		.stx_ino = stat.number,
		.stx_size = stat.size,
		.stx_blocks = STAT_BLOCKS(stat.size),
		.stx_atime = timestamp(stat.time),
		.stx_ctime = timestamp(stat.time),
		.stx_mtime = timestamp(stat.time),
		.stx_rdev_major = stat.major,
		.stx_rdev_minor = stat.minor,
		.stx_dev_minor = stat.device,
	};
	return copy_to_user(buffer, &result, sizeof(result));
}

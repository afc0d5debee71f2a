/* SPDX-License-Identifier: MIT */
/* Paths as system calls get them. */
#ifndef FS_USER_PATH_H
#define FS_USER_PATH_H

#include "tree.h"

/* Where the running process is: for path_find. */
void current_path_context(struct path_context *context);

/*
 * What a user's path means, from the directory `descriptor` (AT_FDCWD: the working directory) on;
 * flags: PATH_.... 0; -EFAULT; -ENAMETOOLONG; -ENOMEM; -EBADF; -ENOTDIR; what path_find gives,
 * *node too.
 */
int user_path_find(unsigned long descriptor, uintptr_t user, unsigned flags, struct node **node);

/* ... and what only asks: AT_SYMLINK_NOFOLLOW among `at_flags`. */
static inline int user_path_find_at(unsigned long descriptor, uintptr_t user, bool nofollow,
				    struct node **node)
{
	return user_path_find(descriptor, user, nofollow ? PATH_NOFOLLOW : 0, node);
}

#endif

/* SPDX-License-Identifier: MIT */
/* From an archive into a tree. */
#ifndef FS_ARCHIVE_H
#define FS_ARCHIVE_H

#include "tree.h"

struct archive_report {
	unsigned entries; /* that are in the tree now */
	unsigned skipped; /* that could not be: the first of them is this: */
	size_t skipped_offset;
	const char *skipped_problem;
	const char *problem; /* why reading ended before the end; NULL: it did not */
	size_t offset;	     /* where */
};

/* Puts what an archive holds under `root`, up to its end or to where it is corrupt. The bytes must
 * stay. O(size of the headers). */
void archive_read(struct node *root, const void *bytes, size_t size, struct archive_report *report);

#endif

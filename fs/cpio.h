/* SPDX-License-Identifier: MIT */
/*
 * Archives in cpio's format newc, read in place and never believed: whatever the bytes say, nothing
 * outside them is touched.
 */
#ifndef FS_CPIO_H
#define FS_CPIO_H

#include <tessera/types.h>

struct cpio_reader {
	const char *bytes;
	size_t size;
	size_t offset;	     /* of the next header; after an error: of what is wrong */
	const char *problem; /* after an error: what is wrong, for people */
};

struct cpio_entry {
	size_t offset;	  /* of its header */
	const char *name; /* ends in NUL */
	size_t name_length;
	const char *data;
	size_t size;
	uint32_t inode, mode, uid, gid, links, time;
	uint32_t device_major, device_minor; /* where it was */
	uint32_t major, minor;		     /* what it is, if it is a device */
};

static inline void cpio_begin(struct cpio_reader *reader, const void *bytes, size_t size)
{
	*reader = (struct cpio_reader){ .bytes = bytes, .size = size };
}

/*
 * The next entry, trailers left out: several archives may stand one behind the other, with zeros in
 * between. 1; 0: the end; -EINVAL: the archive is corrupt, see offset and problem. O(1), with a
 * checksum (format 070702) O(size).
 */
int cpio_next(struct cpio_reader *reader, struct cpio_entry *entry);

#endif

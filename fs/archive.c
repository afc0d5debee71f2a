// SPDX-License-Identifier: MIT
/*
 * From an archive into a tree (archive.h). Nothing is unpacked: names and contents stay where they
 * are, and nodes point at them. An entry that makes no sense by itself (its name leads upwards, a
 * file stands where it needs a directory) is skipped and counted; a header that makes none ends
 * the reading, because nothing says where the next one begins.
 *
 * Hard links are entries of the same inode number, of which the last one carries the data (cpio
 * writes them so). They find each other through a table that lives as long as the reading.
 */
#include <tessera/errno.h>
#include <tessera/kmalloc.h>
#include <tessera/string.h>

#include "archive.h"
#include "cpio.h"

#define LINK_BUCKETS 64u

#define TWO_OF_ONE_NAME "a directory and something else have one name"

/* An inode that other entries may name, too. */
struct link {
	struct link *next;
	uint32_t device_major, device_minor, number;
	struct inode *inode;
};

struct reading {
	struct node *root;
	struct link *links[LINK_BUCKETS];
};

static struct link **link_place(struct reading *reading, const struct cpio_entry *entry)
{
	struct link **place = &reading->links[entry->inode % LINK_BUCKETS];

	while (*place &&
	       ((*place)->number != entry->inode || (*place)->device_major != entry->device_major ||
		(*place)->device_minor != entry->device_minor))
		place = &(*place)->next;
	return place;
}

static void forget_links(struct reading *reading)
{
	for (unsigned i = 0; i < LINK_BUCKETS; i++) {
		while (reading->links[i]) {
			struct link *link = reading->links[i];

			reading->links[i] = link->next;
			link->inode->links--;
			inode_release(link->inode);
			kfree(link);
		}
	}
}

/* The inode of an entry, a new one or (hard links) one that is there. */
static struct inode *inode_of(struct reading *reading, const struct cpio_entry *entry)
{
	bool shared = entry->links > 1 && S_ISREG(entry->mode);
	struct link **place = shared ? link_place(reading, entry) : NULL;
	struct inode *inode = shared && *place ? (*place)->inode : inode_create(entry->mode);

	if (!inode)
		return NULL;
	if (shared && !*place) {
		struct link *link = kmalloc(sizeof(*link));

		if (!link) {
			kfree(inode);
			return NULL;
		}
		*link = (struct link){ .device_major = entry->device_major,
				       .device_minor = entry->device_minor,
				       .number = entry->inode,
				       .inode = inode };
		*place = link;
		inode->links++; /* while the table has it */
	}
	inode->uid = entry->uid;
	inode->gid = entry->gid;
	inode->time = entry->time;
	inode->major = entry->major;
	inode->minor = entry->minor;
	if (entry->size || !inode->bytes) {
		inode->size = entry->size;
		inode->bytes = entry->data;
	}
	return inode;
}

/* What is wrong with an entry by itself; NULL: nothing. */
static const char *check(const struct cpio_entry *entry)
{
	switch (entry->mode & S_IFMT) {
	case S_IFREG:
	case S_IFDIR:
	case S_IFCHR:
	case S_IFBLK:
	case S_IFIFO:
	case S_IFSOCK:
		return NULL;
	case S_IFLNK:
		if (!entry->size || entry->size >= PATH_MAX ||
		    memchr(entry->data, '\0', entry->size))
			return "a symbolic link without a sensible target";
		return NULL;
	}
	return "a file of no known type";
}

/* The next name of a path, "." left out. */
static size_t next_plain_name(const char **path, const char *end, const char **name)
{
	size_t length;

	do
		length = path_next(path, end, name);
	while (length == 1 && **name == '.');
	return length;
}

/* The directory of that name in a directory; made when it is not there. */
static const char *enter(struct node **directory, const char *name, size_t length)
{
	struct node *child = node_find(*directory, name, length);
	struct inode *inode;

	if (!child) {
		inode = inode_create(S_IFDIR | 0755);
		if (!inode || node_add(*directory, name, length, inode, &child)) {
			inode_release(inode);
			return "no memory";
		}
	}
	*directory = child;
	return node_is(child, S_IFDIR) ? NULL : "it stands in something that is no directory";
}

/* Gives the inode its name in the tree. NULL, or what is wrong. */
static const char *place(struct node *directory, const struct cpio_entry *entry,
			 struct inode *inode)
{
	const char *path = entry->name, *end = path + entry->name_length, *name, *next;
	size_t length = next_plain_name(&path, end, &name), next_length;
	const char *problem = NULL;
	struct node *node;

	if (!length)
		return node_merge(directory, inode) ? TWO_OF_ONE_NAME : NULL;
	for (; !problem; name = next, length = next_length) {
		if (length > NAME_MAX)
			return "a name is too long";
		if (length == 2 && name[0] == '.' && name[1] == '.')
			return "its name leads upwards (..)";
		next_length = next_plain_name(&path, end, &next);
		if (!next_length)
			break;
		problem = enter(&directory, name, length);
	}
	if (problem)
		return problem;
	switch (node_add(directory, name, length, inode, &node)) {
	case 0:
		return NULL;
	case -EEXIST:
		return TWO_OF_ONE_NAME;
	}
	return "no memory";
}

static const char *add(struct reading *reading, const struct cpio_entry *entry)
{
	const char *problem = check(entry);
	struct inode *inode;

	if (problem)
		return problem;
	inode = inode_of(reading, entry);
	if (!inode)
		return "no memory";
	problem = place(reading->root, entry, inode);
	if (problem)
		inode_release(inode);
	return problem;
}

void archive_read(struct node *root, const void *bytes, size_t size, struct archive_report *report)
{
	struct reading reading = { .root = root };
	struct cpio_reader reader;
	struct cpio_entry entry;
	int result;

	*report = (struct archive_report){ 0 };
	cpio_begin(&reader, bytes, size);
	while ((result = cpio_next(&reader, &entry)) > 0) {
		const char *problem = add(&reading, &entry);

		if (!problem) {
			report->entries++;
		} else if (!report->skipped++) {
			report->skipped_problem = problem;
			report->skipped_offset = entry.offset;
		}
	}
	if (result) {
		report->problem = reader.problem;
		report->offset = reader.offset;
	}
	forget_links(&reading);
}

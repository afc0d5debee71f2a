/* SPDX-License-Identifier: MIT */
/*
 * Gives the reader of archives whatever the bytes say, at the very end of memory that may be read:
 * one byte too far is a segmentation fault. Then every node is looked up by its own path, names of
 * the input are resolved, and all memory must come back.
 *
 *	byte 0		bit 0: the headers are repaired, so that most inputs get beyond the first;
 *			bit 1: an entry of it may claim to be one of several links;
 *			the others: how many bytes are cut off the end of that
 *	then		the archive
 */
#include <tessera/errno.h>
#include <tessera/kmalloc.h>
#include <tessera/page.h>
#include <tessera/string.h>

#include "../../fs/archive.h"
#include "../host/machine.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define AREA   (64u << 10)
#define HEADER 110u

/* Memory that ends where its last byte does. */
static char *area;

/* Makes the header at every place where one would be expected one that can be read: the digits
 * of the input, sizes below 4096, and links below 4. */
static void repair(char *bytes, size_t size, bool links)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t at = 0; at + HEADER <= size;) {
		unsigned name = (unsigned char)bytes[at + 6 + 11 * 8 + 7] % 24 + 1;
		unsigned content = (unsigned char)bytes[at + 6 + 6 * 8 + 7] % 64;

		for (size_t i = 0; i < HEADER - 6; i++)
			bytes[at + 6 + i] = digits[(unsigned char)bytes[at + 6 + i] % 16];
		memcpy(bytes + at, "070701", 6);
		memset(bytes + at + 6 + 6 * 8, '0', 6); /* its size */
		bytes[at + 6 + 6 * 8 + 6] = digits[content / 16];
		bytes[at + 6 + 6 * 8 + 7] = digits[content % 16];
		memset(bytes + at + 6 + 11 * 8, '0', 6); /* the length of its name */
		bytes[at + 6 + 11 * 8 + 6] = digits[name / 16];
		bytes[at + 6 + 11 * 8 + 7] = digits[name % 16];
		memcpy(bytes + at + 6 + 8, "0000", 4); /* its mode: a type that there is, mostly */
		bytes[at + 6 + 8 + 4] = digits[2 * ((unsigned char)bytes[at + 6 + 8 + 4] % 8)];
		memset(bytes + at + 6 + 4 * 8, '0', 7);
		bytes[at + 6 + 4 * 8 + 7] = links ? '2' : '1';
		memset(bytes + at + 6, '0', 7); /* few numbers, so that some are equal */
		at += HEADER;
		if (at + name > size)
			break;
		for (unsigned i = 0; i + 1 < name; i++)
			bytes[at + i] = "/.abcdAB"[(unsigned char)bytes[at + i] % 8];
		bytes[at + name - 1] = '\0';
		at = ALIGN_UP(ALIGN_UP(at + name, 4) + content, 4);
	}
}

/* Reads what a program could: the first and the last byte. */
static void touch(const struct inode *inode)
{
	if (inode->size) {
		(void)*(const volatile char *)inode->bytes;
		(void)*(const volatile char *)(inode->bytes + inode->size - 1);
	}
}

/* Every name leads back to its node, and every link ends somewhere. */
static void walk_tree(struct node *root)
{
	struct path_context context = { .root = root, .start = root };
	static char path[AREA];
	struct node *node = root, *found;
	ssize_t length;

	for (;;) {
		length = node_path(node, path, sizeof(path));
		if (length <= 0 ||
		    path_find(&context, path, (size_t)length - 1, PATH_NOFOLLOW, &found) ||
		    found != node)
			host_abort();
		path_find(&context, path, (size_t)length - 1, 0, &found);
		touch(node->inode);
		if (node->children) {
			node = node->children;
			continue;
		}
		while (node != root && !node->next)
			node = node->parent;
		if (node == root)
			return;
		node = node->next;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct archive_report report;
	struct object_stats before, after;
	struct node *root;
	char *bytes;

	if (size < 2)
		return 0;
	if (!area) {
		host_start(64 << 20);
		area = host_reserve(2 * AREA);
		host_allow(area, AREA);
	}
	object_stats(&before);
	root = tree_create();
	bytes = area + AREA - (size - 1);
	size--;
	memcpy(bytes, data + 1, size);
	if (data[0] & 1) {
		size_t cut = MIN((size_t)data[0] >> 2, size - 1);

		repair(bytes, size, data[0] & 2);
		size -= cut;
		memmove(bytes + cut, bytes, size);
		bytes += cut;
	}
	archive_read(root, bytes, size, &report);
	if (report.offset > size || (report.skipped && report.skipped_offset >= size))
		host_abort();
	walk_tree(root);
	tree_free(root);
	object_stats(&after);
	if (after.in_use != before.in_use)
		host_abort();
	return 0;
}

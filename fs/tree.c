// SPDX-License-Identifier: MIT
/*
 * The tree of files (tree.h). A directory keeps its children in a list, in order of coming; names
 * are looked up through one hash table over (directory, name) for the whole tree, so that a
 * directory of three hundred tools costs no more than one of three. The table has a fixed size:
 * beyond some thousand files lookups get slower in proportion.
 */
#include <tessera/errno.h>
#include <tessera/kmalloc.h>
#include <tessera/string.h>

#include "tree.h"

#define BUCKETS 256u

static struct node *buckets[BUCKETS];
static uint32_t last_number;

/* FNV-1a (Fowler, Noll, Vo), begun with the directory instead of a constant. */
static struct node **bucket_of(const struct node *directory, const char *name, size_t length)
{
	uint32_t hash = (uint32_t)((uintptr_t)directory >> 4) ^ 2166136261u;

	for (size_t i = 0; i < length; i++)
		hash = (hash ^ (unsigned char)name[i]) * 16777619u;
	return &buckets[(hash ^ hash >> 16) % BUCKETS];
}

struct node *node_find(const struct node *directory, const char *name, size_t length)
{
	struct node *node = *bucket_of(directory, name, length);

	while (node && (node->parent != directory || node->length != length ||
			memcmp(node->name, name, length) != 0))
		node = node->same_hash;
	return node;
}

struct inode *inode_create(uint32_t mode)
{
	struct inode *inode = kzalloc(sizeof(*inode));

	if (!inode)
		return NULL;
	inode->number = ++last_number;
	inode->mode = mode;
	return inode;
}

static struct node *node_create(const char *name, size_t length, struct inode *inode)
{
	struct node *node = kzalloc(sizeof(*node));

	if (!node)
		return NULL;
	node->name = name;
	node->length = length;
	node->inode = inode;
	inode->links++;
	return node;
}

struct node *tree_create(void)
{
	struct inode *inode = inode_create(S_IFDIR | 0755);
	struct node *root = inode ? node_create("", 0, inode) : NULL;

	if (!root) {
		kfree(inode);
		return NULL;
	}
	root->parent = root;
	inode->links++; /* its own ".." */
	return root;
}

void inode_release(struct inode *inode)
{
	if (inode && !inode->links && inode != &executable_link)
		kfree(inode);
}

static void inode_unlink(struct inode *inode)
{
	inode->links--;
	inode_release(inode);
}

int node_merge(struct node *node, struct inode *inode)
{
	bool directory = (inode->mode & S_IFMT) == S_IFDIR;

	if (node_is(node, S_IFDIR) != directory)
		return -EEXIST;
	if (directory) {
		node->inode->mode = inode->mode;
		node->inode->uid = inode->uid;
		node->inode->gid = inode->gid;
		node->inode->time = inode->time;
		kfree(inode);
		return 0;
	}
	inode->links++;
	inode_unlink(node->inode);
	node->inode = inode;
	return 0;
}

int node_add(struct node *directory, const char *name, size_t length, struct inode *inode,
	     struct node **result)
{
	struct node *node = node_find(directory, name, length);
	struct node **bucket;

	if (node) {
		*result = node;
		return node_merge(node, inode);
	}
	node = node_create(name, length, inode);
	if (!node)
		return -ENOMEM;
	node->parent = directory;
	if (directory->youngest)
		directory->youngest->next = node;
	else
		directory->children = node;
	directory->youngest = node;
	if (node_is(node, S_IFDIR)) {
		inode->links++;
		directory->inode->links++; /* its ".." */
	}
	bucket = bucket_of(directory, name, length);
	node->same_hash = *bucket;
	*bucket = node;
	*result = node;
	return 0;
}

static void node_free(struct node *node)
{
	struct node **place;

	if (node->parent != node) {
		place = bucket_of(node->parent, node->name, node->length);
		while (*place != node)
			place = &(*place)->same_hash;
		*place = node->same_hash;
	}
	if (node_is(node, S_IFDIR))
		kfree(node->inode);
	else
		inode_unlink(node->inode);
	kfree(node);
}

/* From the leaves up: no recursion, whatever the depth of the tree. */
void tree_free(struct node *root)
{
	struct node *node = root, *parent;

	for (;;) {
		while (node->children)
			node = node->children;
		parent = node->parent;
		if (node == root)
			break;
		parent->children = node->next;
		node_free(node);
		node = parent;
	}
	node_free(root);
}

// SPDX-License-Identifier: MIT
/*
 * Resolving paths. Names are taken off the path one by one. A symbolic link on the way is not
 * copied in front of the rest: what is left of the path waits on a small stack while the link's
 * target is walked (as in Linux's namei.c). LINKS_MAX bounds both the stack and the time.
 */
#include <tessera/errno.h>
#include <tessera/string.h>

#include "tree.h"

/* What stands for the running program in /proc/self/exe: a link without a text. */
struct inode executable_link = { .mode = S_IFLNK | 0777 };

size_t path_next(const char **path, const char *end, const char **name)
{
	const char *at = *path;

	while (at < end && *at == '/')
		at++;
	*name = at;
	while (at < end && *at != '/')
		at++;
	*path = at;
	return (size_t)(at - *name);
}

/* Paths that are being walked: the innermost one, and what waits for it. */
struct walk {
	const struct path_context *context;
	struct node *node; /* how far it has come */
	const char *path, *end;
	unsigned links; /* followed so far */
	unsigned depth;
	struct {
		const char *path, *end;
	} waiting[LINKS_MAX];
};

/* Takes the next name, going back to a path that waits when one is at its end. 0: all are. */
static size_t next_name(struct walk *walk, const char **name)
{
	for (;;) {
		size_t length = path_next(&walk->path, walk->end, name);

		if (length || !walk->depth)
			return length;
		walk->depth--;
		walk->path = walk->waiting[walk->depth].path;
		walk->end = walk->waiting[walk->depth].end;
	}
}

/* Whether a name follows, in this path or in one that waits. */
static bool is_last(const struct walk *walk)
{
	const char *path = walk->path, *name;

	if (path_next(&path, walk->end, &name))
		return false;
	for (unsigned i = 0; i < walk->depth; i++) {
		path = walk->waiting[i].path;
		if (path_next(&path, walk->waiting[i].end, &name))
			return false;
	}
	return true;
}

/* Whether a slash follows the last name, in this path or in one that waits. */
static bool slash_follows(const struct walk *walk)
{
	if (walk->path < walk->end)
		return true;
	for (unsigned i = 0; i < walk->depth; i++)
		if (walk->waiting[i].path < walk->waiting[i].end)
			return true;
	return false;
}

/* What a slash follows is a directory. */
static int arrive(struct walk *walk, struct node *node)
{
	walk->node = node;
	return slash_follows(walk) && !node_is(node, S_IFDIR) ? -ENOTDIR : 0;
}

static int follow(struct walk *walk, struct node *link)
{
	if (++walk->links > LINKS_MAX)
		return -ELOOP;
	if (link->inode == &executable_link)
		return walk->context->executable ? arrive(walk, walk->context->executable)
						 : -ENOENT;
	/* A path of which nothing is left does not wait. */
	if (walk->path < walk->end) {
		walk->waiting[walk->depth].path = walk->path;
		walk->waiting[walk->depth].end = walk->end;
		walk->depth++;
	}
	walk->path = link->inode->bytes;
	walk->end = walk->path + link->inode->size;
	if (walk->path < walk->end && *walk->path == '/')
		walk->node = walk->context->root;
	return walk->path < walk->end ? 0 : -ENOENT;
}

static int step(struct walk *walk, const char *name, size_t length, unsigned flags)
{
	struct node *child;

	if (length > NAME_MAX)
		return -ENAMETOOLONG;
	if (length == 1 && name[0] == '.')
		return 0;
	if (length == 2 && name[0] == '.' && name[1] == '.') {
		if (walk->node != walk->context->root)
			walk->node = walk->node->parent;
		return 0;
	}
	child = node_find(walk->node, name, length);
	if (!child)
		return -ENOENT;
	if (node_is(child, S_IFLNK) &&
	    !((flags & PATH_NOFOLLOW) && is_last(walk) && !slash_follows(walk)))
		return follow(walk, child);
	return arrive(walk, child);
}

int path_find(const struct path_context *context, const char *path, size_t length, unsigned flags,
	      struct node **node)
{
	struct walk walk = { .context = context, .path = path, .end = path + length };
	const char *name;
	int error = 0;

	*node = NULL;
	if (!length)
		return -ENOENT;
	walk.node = *path == '/' ? context->root : context->start;
	while (!error && (length = next_name(&walk, &name)))
		error = step(&walk, name, length, flags);
	if (!error || (error == -ENOENT && is_last(&walk)))
		*node = walk.node;
	return error;
}

ssize_t node_path(const struct node *node, char *path, size_t size)
{
	const struct node *at;
	size_t length = 0;
	char *end;

	for (at = node; at->parent != at; at = at->parent)
		length += at->length + 1;
	if (!length)
		length = 1; /* the root's slash */
	if (length >= size)
		return -ERANGE;
	path[0] = '/';
	path[length] = '\0';
	end = path + length;
	for (at = node; at->parent != at; at = at->parent) {
		end -= at->length;
		memcpy(end, at->name, at->length);
		*--end = '/';
	}
	return (ssize_t)length + 1;
}

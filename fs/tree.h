/* SPDX-License-Identifier: MIT */
/*
 * The tree of files: nodes are names, inodes are what they name. Both stay for ever once the
 * archives are read, so nobody counts them and looking up needs no lock; a file tree that can be
 * written to will have to.
 */
#ifndef FS_TREE_H
#define FS_TREE_H

#include <tessera/file.h>
#include <tessera/stat.h>
#include <tessera/types.h>

#define PATH_MAX  4096 /* bytes of a path, its NUL included */
#define NAME_MAX  255  /* bytes of one name in it */
#define LINKS_MAX 40   /* symbolic links in one resolution */

struct inode {
	uint32_t number;
	uint32_t mode; /* S_IF... and permissions */
	uint32_t links;
	uint32_t uid, gid;
	uint32_t time;		    /* of the last modification: seconds since 1970 */
	uint32_t major, minor;	    /* of a device */
	size_t size;		    /* bytes: of a file, of a symbolic link's target */
	const char *bytes;	    /* where they are; not ended by NUL */
	struct area_source *source; /* while somebody maps or executes the file */
	/* How it is opened for reading, if it has no bytes of its own. */
	int (*open)(struct node *node, unsigned flags, struct file **file);
};

struct node {
	const char *name; /* `length` bytes in the archive */
	size_t length;
	struct inode *inode;
	struct node *parent; /* a root's is itself */
	struct node *same_hash;
	struct node *next;		  /* in the same directory, in order of coming */
	struct node *children, *youngest; /* of a directory */
};

/* The root of what programs see; fs/initramfs.c. */
extern struct node *tree_root;

static inline bool node_is(const struct node *node, uint32_t type)
{
	return (node->inode->mode & S_IFMT) == type;
}

/* ---- Making a tree (start-up, tests) ---- */

/* An inode without a name, and a root directory; NULL: no memory. */
struct inode *inode_create(uint32_t mode);
void inode_release(struct inode *inode); /* frees it if it has no name; NULL is allowed */
struct node *tree_create(void);

/* Frees a whole tree: every node, and the inodes whose last name it was (tests). */
void tree_free(struct node *root);

/*
 * Gives a name that is there a new inode, unless one of the two is a directory: two directories
 * become one with the new one's attributes (the inode is freed then). 0; -EEXIST: a directory and
 * something else; the inode is then the caller's.
 */
int node_merge(struct node *node, struct inode *inode);

/*
 * Gives an inode a name in a directory; when the name is there already, by node_merge. The name's
 * bytes must stay. 0; -ENOMEM; -EEXIST. After an error the inode is the caller's.
 */
int node_add(struct node *directory, const char *name, size_t length, struct inode *inode,
	     struct node **node);

/* The node of that name, or NULL. O(length), whatever the size of the directory. */
struct node *node_find(const struct node *directory, const char *name, size_t length);

/* Cuts the first name off a path: its length, and *path behind it and its slashes. 0: no more. */
size_t path_next(const char **path, const char *end, const char **name);

/* Puts what the kernel tells as text into /proc. 0; -ENOMEM. fs/proc.c */
int proc_create(struct node *directory);

/* ---- Resolving paths ---- */

#define PATH_NOFOLLOW 0x1 /* a symbolic link at the end is what is meant */

/*
 * What a path of `length` bytes means from `start` (a directory) on, under `root`; `executable`
 * (or NULL) is what /proc/self/exe stands for. 0; -ENOENT, -ENOTDIR, -ELOOP, -ENAMETOOLONG. After
 * -ENOENT *node is the directory in which only the last name is missing, or NULL. A slash at the
 * end wants a directory. O(length of the path and of the links on it).
 */
struct path_context {
	struct node *root, *start, *executable;
};
int path_find(const struct path_context *context, const char *path, size_t length, unsigned flags,
	      struct node **node);

/* Writes the absolute path of a node, with its NUL, at most `size` bytes. Its length with the
 * NUL, or -ERANGE. */
ssize_t node_path(const struct node *node, char *path, size_t size);

/* The inode of /proc/self/exe, which changes with the process. */
extern struct inode executable_link;

/* ---- Opening: fs/node_file.c ---- */

/* A new opening of what a node is. -errno: -EROFS, -EISDIR, -ELOOP, -ENXIO (no such device),
 * -ENOMEM, -ENFILE. */
int node_open(struct node *node, unsigned flags, struct file **file);

void node_stat(const struct node *node, struct file_stat *stat);

/* For openings whose data is a node. */
void node_file_stat(struct file *file, struct file_stat *stat);

/* The directory that an opening stands for, or NULL: -ENOTDIR. */
struct node *file_directory(const struct file *file);

/* What maps and executes a regular file, with a count for the caller. NULL: no memory. */
struct area_source *inode_source(struct inode *inode);

#endif

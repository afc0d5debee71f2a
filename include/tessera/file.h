/* SPDX-License-Identifier: MIT */
/*
 * Open files: what a descriptor stands for. A struct file is one opening (offset and flags shared by
 * dup and fork), counted; a file_table maps the descriptors of a process to files, and is itself
 * counted (CLONE_FILES). Kinds of files (initramfs, console, pipe, semaphore, message box) each are a
 * struct file_operations.
 */
#ifndef TESSERA_FILE_H
#define TESSERA_FILE_H

#include <tessera/types.h>

struct file;
struct file_stat; /* fs/stat.h: one form for all, from which the calls fill the user's */
struct area_source;
struct directory_sink;

/*
 * NULL: not supported; the calls then give the error of the ABI (-EINVAL, -ESPIPE, -ENOTTY, -ENOTDIR).
 * `user` is a user address, to be reached by user_copy.h. All in thread context; may block, and then
 * give -ERESTART on a signal.
 */
struct file_operations {
	const char *kind; /* "pipe", for people */
	ssize_t (*read)(struct file *file, uintptr_t user, size_t n, uint64_t *offset);
	ssize_t (*write)(struct file *file, uintptr_t user, size_t n, uint64_t *offset);
	int64_t (*size)(struct file *file); /* for lseek(SEEK_END) */
	int (*stat)(struct file *file, struct file_stat *stat);
	int (*list)(struct file *file, struct directory_sink *sink, uint64_t *offset); /* getdents64 */
	long (*control)(struct file *file, unsigned request, uintptr_t user);	       /* ioctl */
	/* POLL... bits that hold now; and the queue that a change wakes, in *queue. */
	unsigned (*poll)(struct file *file, struct wait_queue **queue);
	/* What mmap maps privately; NULL result: cannot be mapped. A count is the caller's. */
	struct area_source *(*map)(struct file *file);
	void (*release)(struct file *file); /* the last count has gone */
};

struct file {
	const struct file_operations *operations;
	unsigned users;
	unsigned flags; /* O_ACCMODE, O_APPEND, O_NONBLOCK of the architecture's ABI */
	uint64_t offset;
	void *data; /* the kind's */
};

/* A new opening with one count; NULL: no memory (FILES_MAX in all). */
struct file *file_create(const struct file_operations *operations, unsigned flags, void *data);
struct file *file_get(struct file *file);
void file_put(struct file *file);

/* ---- Descriptors ---- */

struct file_table; /* fs/descriptor.c; at most FILE_DESCRIPTORS_MAX */

struct file_table *file_table_create(void);
/* For fork: the same files at the same descriptors. NULL: no memory. */
struct file_table *file_table_copy(struct file_table *table);
struct file_table *file_table_get(struct file_table *table);
void file_table_put(struct file_table *table); /* the last closes all */
/* For exec: closes what is close-on-exec. */
void file_table_exec(struct file_table *table);

/* Puts a file at the lowest free descriptor >= first; the caller's count goes to the table on success.
 * The descriptor, or -EMFILE. */
int descriptor_add(struct file_table *table, struct file *file, int first, bool close_on_exec);

/* The running process's file, or NULL (-EBADF); a count is the caller's: end with file_put. */
struct file *descriptor_get(int descriptor);

/* ---- The tree of files ---- */

/*
 * The bytes of a regular file in the initramfs, for exec: they stay where they are for ever. The
 * `source` has no count yet. 0; -ENOENT; -ENOTDIR; -EISDIR; -EACCES: not executable.
 */
struct executable {
	const void *bytes;
	size_t size;
	struct area_source *source; /* maps the file; counted: area_source users */
	const char *name;	    /* the last part of the path */
};
int executable_find(const char *path, struct executable *executable);

/* Makes descriptors 0, 1, 2 of a new table the console. 0 or -errno. */
int console_open_standard(struct file_table *table);

/* Start-up: unpacks nothing, indexes the archives (the loader's and CONFIG_INITRAMFS_SOURCE's);
 * says in the log what is corrupt, and at which offset. */
void initramfs_init(void);

#endif

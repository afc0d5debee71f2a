/* SPDX-License-Identifier: MIT */
/*
 * Open files: what a descriptor stands for. A struct file is one opening (offset and flags shared
 * by dup and fork), counted; a file_table maps the descriptors of a process to files, and is
 * itself counted (CLONE_FILES). Kinds of files (initramfs, console, pipe, semaphore, message box)
 * each are a struct file_operations. The short way from a number to a file is in descriptor.h.
 */
#ifndef TESSERA_FILE_H
#define TESSERA_FILE_H

#include <tessera/list.h>
#include <tessera/types.h>

struct area_source;
struct directory_sink; /* fs/directory.h */
struct file;
struct inode;
struct node; /* fs/tree.h */

/* Who polls a file: empty nearly always. The object behind the file has it. */
struct poll_source {
	struct list_node watchers; /* interrupts masked */
};

#define FILE_DEVICE_TREE     1
#define FILE_DEVICE_NAMELESS 2 /* pipes and the like */

/* What stat() and its kin are filled from. */
struct file_stat {
	uint32_t device; /* FILE_DEVICE_...: numbers are unique in each */
	uint32_t number;
	uint32_t mode;
	uint32_t links;
	uint32_t uid, gid;
	uint32_t major, minor; /* of a device */
	uint32_t time;
	uint64_t size;
};

/*
 * NULL: not supported; the calls then give the error of the ABI (-EINVAL, -ESPIPE, -ENOTTY,
 * -ENOTDIR), and poll finds the file ready. `user` is a user address, to be reached by
 * user_copy.h. All in thread context; may block, and then give -ERESTART on a signal.
 */
struct file_operations {
	const char *kind; /* "pipe", for people */
	int8_t shortcut;  /* SHORTCUT_... of a file that nobody polls */
	/* Never NULL where the file's access allows them. */
	ssize_t (*read)(struct file *file, uintptr_t user, size_t n, uint64_t *offset);
	ssize_t (*write)(struct file *file, uintptr_t user, size_t n, uint64_t *offset);
	/* The same from kernel memory, and where a file's bytes are there for ever: for
	 * sendfile. */
	ssize_t (*send)(struct file *file, const char *bytes, size_t n);
	size_t (*bytes)(struct file *file, const char **bytes);
	int64_t (*size)(struct file *file); /* it has offsets: for lseek(SEEK_END) */
	void (*stat)(struct file *file, struct file_stat *stat);
	int (*list)(struct file *file, struct directory_sink *sink,
		    uint64_t *offset);					      /* getdents64 */
	long (*control)(struct file *file, unsigned request, uintptr_t user); /* ioctl */
	/* POLL... bits that hold now; and who is to be told of changes (poll_changed), in
	 * *source. */
	unsigned (*poll)(struct file *file, struct poll_source **source);
	/* What mmap maps privately, with a count that is the caller's. NULL result: no memory. */
	struct area_source *(*map)(struct file *file);
	/* The last descriptor of it has gone; calls that use it may still be at it. */
	void (*close)(struct file *file);
	/* The last count has gone: frees the object that it lies in. NULL: kfree(file) is all. */
	void (*release)(struct file *file);
};

/* The kinds whose calls have a short way (ipc/user_*.c), by sign: that takes one instruction to tell
 * even where the CPU compares registers only. */
#define SHORTCUT_NONE	     0
#define SHORTCUT_SEMAPHORE   (-1)
#define SHORTCUT_MESSAGE_BOX 1

#define FILE_READ  0x1u
#define FILE_WRITE 0x2u

struct file {
	const struct file_operations *operations;
	uint8_t access;	 /* FILE_...: from O_ACCMODE */
	int8_t shortcut; /* SHORTCUT_...: what calls may take the short way now */
	unsigned flags;	 /* as F_GETFL gives them */
	unsigned users;	 /* descriptors and calls at work */
	unsigned descriptors;
	uint64_t offset;
	void *data; /* the kind's */
};

/*
 * A new opening with one count, in memory of the caller's (file_init: which `release` frees) or in
 * kmalloc's. flags: as open() takes them. 0; -ENFILE: FILES_MAX are open; -ENOMEM.
 */
int file_init(struct file *file, const struct file_operations *operations, unsigned flags,
	      void *data);
int file_create(struct file **file, const struct file_operations *operations, unsigned flags,
		void *data);

struct file *file_get(struct file *file);
void file_put(struct file *file);

/* Openings that exist now. */
unsigned file_count(void);

/* ---- Polling ---- */

static inline void poll_source_init(struct poll_source *source)
{
	list_init(&source->watchers);
}

/* Somebody polls: poll_changed is due after changes. */
static inline bool poll_watched(const struct poll_source *source)
{
	return !list_empty(&source->watchers);
}

/* Tells them that something may have changed. Any context. O(watchers). */
void poll_changed(struct poll_source *source);

/* ---- Descriptors ---- */

struct file_table; /* descriptor.h */

/* One for the first process: the working directory is the root. NULL: no memory. */
struct file_table *file_table_create(void);
/* For fork: the same files at the same descriptors. NULL: no memory. */
struct file_table *file_table_copy(struct file_table *table);
struct file_table *file_table_get(struct file_table *table);
void file_table_put(struct file_table *table); /* the last closes all */
/* For exec: closes what is close-on-exec; `executable` is what /proc/self/exe shows from now on.
 * The table is the caller's alone. */
void file_table_exec(struct file_table *table, struct node *executable);

/* Puts a file at the lowest free descriptor >= first; the caller's count goes to the table on
 * success. The descriptor, or -EMFILE. */
int descriptor_add(struct file_table *table, struct file *file, int first, bool close_on_exec);

/* The running process's file, or NULL (-EBADF); a count is the caller's: end with file_put. */
struct file *descriptor_get(int descriptor);

/* ---- The tree of files ---- */

/*
 * The bytes of a regular file in the initramfs, for exec: they stay where they are for ever. The
 * `source` has a count for the caller: source_put when it is mapped, or not. `path` is the
 * kernel's. 0; -ENOENT; -ENOTDIR; -ELOOP; -EACCES: not executable, or no regular file; -ENOMEM.
 */
struct executable {
	const void *bytes;
	size_t size;
	struct area_source *source;
	const char *name;  /* the last part of the path as it was given */
	struct node *node; /* for file_table_exec */
};
int executable_find(const char *path, struct executable *executable);

/* Makes descriptors 0, 1, 2 of a new table the console. 0 or -errno. */
int console_open_standard(struct file_table *table);

/* Start-up: unpacks nothing, indexes the archives (the loader's and CONFIG_INITRAMFS_SOURCE's);
 * says in the log what is corrupt, and at which offset. */
void initramfs_init(void);

#endif

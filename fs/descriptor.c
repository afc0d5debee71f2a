// SPDX-License-Identifier: MIT
/*
 * Tables of descriptors (descriptor.h). The lowest free number is the first zero bit of `used`. A
 * fork copies the part of the table that was ever used, which is short.
 *
 * A table changes under file_lock; whoever has it alone needs the lock no more than anybody else,
 * and it costs nothing without PREEMPT_KERNEL.
 */
#include <tessera/bitops.h>
#include <tessera/errno.h>
#include <tessera/fcntl.h>
#include <tessera/kmalloc.h>
#include <tessera/semaphore_undo.h>
#include <tessera/string.h>
#include <tessera/system_calls.h>

#include "descriptor.h"
#include "tree.h"

#define MAX_DESCRIPTORS CONFIG_FILE_DESCRIPTORS_MAX
#define WORDS		((MAX_DESCRIPTORS + BITS_PER_LONG - 1) / BITS_PER_LONG)

#define WORD(descriptor) ((descriptor) / BITS_PER_LONG)
#define MASK(descriptor) (1ul << (descriptor) % BITS_PER_LONG)

/* A table with what only this file uses in front of it, and room for all its files behind. */
struct whole_table {
	unsigned long used[WORDS];
	unsigned long close_on_exec[WORDS];
	struct file_table table;
};

#define TABLE_SIZE(n) (offsetof(struct whole_table, table.files) + (n) * sizeof(struct file *))

static struct whole_table *whole(struct file_table *table)
{
	return container_of(table, struct whole_table, table);
}

/* ---- Tables ---- */

static void set_quick(struct file_table *table)
{
	table->quick = table->users == 1 ? table->end : 0;
}

struct file_table *file_table_create(void)
{
	struct whole_table *new = kmalloc(TABLE_SIZE(MAX_DESCRIPTORS));

	if (!new)
		return NULL;
	memset(new, 0, TABLE_SIZE(0));
	new->table.users = 1;
	new->table.directory = tree_root;
	undo_begin(&new->table);
	return &new->table;
}

struct file_table *file_table_copy(struct file_table *old)
{
	struct whole_table *new = kmalloc(TABLE_SIZE(MAX_DESCRIPTORS));
	struct file_table *table;

	if (!new)
		return NULL;
	table = &new->table;
	spin_lock(&file_lock);
	memcpy(new, whole(old), TABLE_SIZE(old->end));
	for (unsigned word = 0; word < WORDS; word++) {
		for (unsigned long used = new->used[word]; used; used &= used - 1) {
			struct file *file = table->files[word * BITS_PER_LONG + bit_first(used)];

			file->users++;
			file->descriptors++;
		}
	}
	spin_unlock(&file_lock);
	table->users = 1;
	undo_begin(table);
	set_quick(table);
	return table;
}

struct file_table *file_table_get(struct file_table *table)
{
	spin_lock(&file_lock);
	table->users++;
	set_quick(table);
	spin_unlock(&file_lock);
	return table;
}

/* Closes the descriptors of a table whose bits are set; the table is nobody else's. */
static void close_all(struct file_table *table, const unsigned long *which)
{
	for (unsigned word = 0; word < WORDS; word++) {
		for (unsigned long left = which[word]; left; left &= left - 1) {
			unsigned bit = bit_first(left);
			struct file **file = &table->files[word * BITS_PER_LONG + bit];
			struct file *closed = *file;

			*file = &file_none;
			whole(table)->used[word] &= ~(1ul << bit);
			whole(table)->close_on_exec[word] &= ~(1ul << bit);
			file_close(closed);
		}
	}
}

void file_table_put(struct file_table *table)
{
	bool last;

	spin_lock(&file_lock);
	last = !--table->users;
	set_quick(table);
	spin_unlock(&file_lock);
	if (!last)
		return;
	undo_pay(table);
	close_all(table, whole(table)->used);
	kfree(whole(table));
}

void file_table_exec(struct file_table *table, struct node *executable)
{
	table->executable = executable;
	close_all(table, whole(table)->close_on_exec);
}

/* ---- Descriptors. file_lock is held ---- */

/* Makes files[] of a table reach up to a descriptor. */
static void extend(struct file_table *table, unsigned descriptor)
{
	while (table->end <= descriptor)
		table->files[table->end++] = &file_none;
	set_quick(table);
}

static void set_close_on_exec(struct file_table *table, unsigned descriptor, bool on)
{
	if (on)
		whole(table)->close_on_exec[WORD(descriptor)] |= MASK(descriptor);
	else
		whole(table)->close_on_exec[WORD(descriptor)] &= ~MASK(descriptor);
}

/* Puts a file into a free place, or in the place of another. */
static void put_at(struct file_table *table, unsigned descriptor, struct file *file,
		   bool close_on_exec)
{
	extend(table, descriptor);
	table->files[descriptor] = file;
	whole(table)->used[WORD(descriptor)] |= MASK(descriptor);
	set_close_on_exec(table, descriptor, close_on_exec);
	file->descriptors++;
}

/* The lowest free descriptor >= first; MAX_DESCRIPTORS or more: there is none. */
static unsigned find_free(struct file_table *table, unsigned first)
{
	unsigned long skip = MASK(first) - 1;

	for (unsigned word = WORD(first); word < WORDS; word++, skip = 0) {
		unsigned long free = ~(whole(table)->used[word] | skip);

		if (free)
			return word * BITS_PER_LONG + bit_first(free);
	}
	return MAX_DESCRIPTORS;
}

static struct file *file_at(const struct file_table *table, unsigned descriptor)
{
	return descriptor < table->end ? table->files[descriptor] : &file_none;
}

/* ---- The same for callers ---- */

int descriptor_add(struct file_table *table, struct file *file, int first, bool close_on_exec)
{
	unsigned descriptor;

	spin_lock(&file_lock);
	descriptor = find_free(table, (unsigned)first);
	if (descriptor < MAX_DESCRIPTORS)
		put_at(table, descriptor, file, close_on_exec);
	spin_unlock(&file_lock);
	return descriptor < MAX_DESCRIPTORS ? (int)descriptor : -EMFILE;
}

int descriptor_open(struct file *file, unsigned flags)
{
	int descriptor = descriptor_add(current_files(), file, 0, flags & O_CLOEXEC);

	if (descriptor < 0)
		file_put(file);
	return descriptor;
}

struct file *descriptor_get_for(unsigned descriptor, unsigned access)
{
	struct file *file;

	spin_lock(&file_lock);
	file = file_at(current_files(), descriptor);
	if ((file->access & access) == access && file != &file_none)
		file->users++;
	else
		file = NULL;
	spin_unlock(&file_lock);
	return file;
}

struct file *descriptor_get(int descriptor)
{
	return descriptor_get_for((unsigned)descriptor, 0);
}

/* ---- System calls ---- */

long sys_close(unsigned long number)
{
	struct file_table *table = current_files();
	unsigned descriptor = (unsigned)number;
	struct file *file;

	spin_lock(&file_lock);
	file = file_at(table, descriptor);
	if (file != &file_none) {
		table->files[descriptor] = &file_none;
		whole(table)->used[WORD(descriptor)] &= ~MASK(descriptor);
		whole(table)->close_on_exec[WORD(descriptor)] &= ~MASK(descriptor);
	}
	spin_unlock(&file_lock);
	if (file == &file_none)
		return -EBADF;
	file_close(file);
	return 0;
}

/* dup and F_DUPFD. */
static long duplicate(unsigned descriptor, unsigned long first, bool close_on_exec)
{
	struct file *file = descriptor_get((int)descriptor);
	long result;

	if (!file)
		return -EBADF;
	result = first < MAX_DESCRIPTORS
			 ? descriptor_add(current_files(), file, (int)first, close_on_exec)
			 : -EINVAL;
	if (result < 0)
		file_put(file);
	return result;
}

long sys_dup(unsigned long descriptor)
{
	return duplicate((unsigned)descriptor, 0, false);
}

/* The file that was there is closed as silently as by close(). */
static long duplicate_to(unsigned descriptor, unsigned wanted, bool close_on_exec)
{
	struct file_table *table = current_files();
	struct file *file, *old;

	if (wanted >= MAX_DESCRIPTORS)
		return -EBADF;
	file = descriptor_get((int)descriptor);
	if (!file)
		return -EBADF;
	spin_lock(&file_lock);
	old = file_at(table, wanted);
	put_at(table, wanted, file, close_on_exec);
	spin_unlock(&file_lock);
	if (old != &file_none)
		file_close(old);
	return (long)wanted;
}

long sys_dup2(unsigned long descriptor, unsigned long wanted)
{
	struct file *file;

	if ((unsigned)descriptor != (unsigned)wanted)
		return duplicate_to((unsigned)descriptor, (unsigned)wanted, false);
	file = descriptor_get((int)descriptor);
	if (!file)
		return -EBADF;
	file_put(file);
	return (long)(unsigned)wanted;
}

long sys_dup3(unsigned long descriptor, unsigned long wanted, unsigned long flags)
{
	if ((unsigned)descriptor == (unsigned)wanted || (flags & ~(unsigned long)O_CLOEXEC))
		return -EINVAL;
	return duplicate_to((unsigned)descriptor, (unsigned)wanted, flags & O_CLOEXEC);
}

/* FD_CLOEXEC, or (change) sets it to `on`. */
static long close_on_exec(unsigned descriptor, bool change, bool on)
{
	struct file_table *table = current_files();
	long result = -EBADF;

	spin_lock(&file_lock);
	if (file_at(table, descriptor) != &file_none) {
		result = change || !(whole(table)->close_on_exec[WORD(descriptor)] &
				     MASK(descriptor))
				 ? 0
				 : FD_CLOEXEC;
		if (change)
			set_close_on_exec(table, descriptor, on);
	}
	spin_unlock(&file_lock);
	return result;
}

/* The flags, or (change) sets those that can be changed. */
static long status_flags(unsigned descriptor, bool change, unsigned flags)
{
	struct file *file = descriptor_get((int)descriptor);
	long result;

	if (!file)
		return -EBADF;
	result = change ? 0 : (long)(file->flags | O_LARGEFILE);
	if (change)
		file->flags = (file->flags & ~(unsigned)FILE_CHANGEABLE_FLAGS) |
			      (flags & FILE_CHANGEABLE_FLAGS);
	file_put(file);
	return result;
}

long sys_fcntl(unsigned long number, unsigned long command, unsigned long argument)
{
	unsigned descriptor = (unsigned)number;

	switch (command) {
	case F_DUPFD:
	case F_DUPFD_CLOEXEC:
		return duplicate(descriptor, argument, command == F_DUPFD_CLOEXEC);
	case F_GETFD:
	case F_SETFD:
		return close_on_exec(descriptor, command == F_SETFD, argument & FD_CLOEXEC);
	case F_GETFL:
	case F_SETFL:
		return status_flags(descriptor, command == F_SETFL, (unsigned)argument);
	}
	return close_on_exec(descriptor, false, false) < 0 ? -EBADF : -EINVAL;
}

/* Record locks, which the two differ in, are what neither has. */
long sys_fcntl64(unsigned long descriptor, unsigned long command, unsigned long argument)
{
	return sys_fcntl(descriptor, command, argument);
}

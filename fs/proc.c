// SPDX-License-Identifier: MIT
/*
 * /proc: what the kernel tells as text. The text of /proc/processes is made when the file is
 * opened, so it is of one moment however it is read. /proc/self/exe is in path.c.
 */
#include <stdarg.h>
#include <tessera/errno.h>
#include <tessera/format.h>
#include <tessera/kmalloc.h>
#include <tessera/process.h>
#include <tessera/string.h>
#include <tessera/user_copy.h>

#include "descriptor.h"
#include "tree.h"

#define LINE_MAX 80 /* bytes that one process takes at most */
#define HEADING	 "  PID  PPID  PGRP   SID S TASKS NAME\n"

/* The text of one opening. */
struct text {
	size_t size, room;
	char bytes[];
};

static void add(struct text *text, const char *format, ...) __printf(2, 3);

static void add(struct text *text, const char *format, ...)
{
	size_t left = text->room - text->size;
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(text->bytes + text->size, left, format, args);
	va_end(args);
	text->size += MIN((size_t)n, left - 1);
}

/* Z: ended, nobody has waited for it; T: stopped; R: one of its tasks can run; S: all wait. */
static char state(const struct process *process)
{
	if (process->ended)
		return 'Z';
	if (process->stopped)
		return 'T';
	list_for_each(node, &process->tasks) {
		if (!thread_is_blocked(list_entry(node, struct task, link)->thread))
			return 'R';
	}
	return 'S';
}

static bool add_process(struct process *process, void *arg)
{
	struct text *text = arg;

	if (text->room - text->size <= LINE_MAX)
		return false; /* more of them than a moment ago */
	add(text, "%5d %5d %5d %5d %c %5u %s\n", process->pid, process->parent_pid, process->group,
	    process->session, state(process), process->task_count, process->name);
	return true;
}

static ssize_t text_read(struct file *file, uintptr_t user, size_t n, uint64_t *offset)
{
	const struct text *text = file->data;

	if (*offset >= text->size)
		return 0;
	n = MIN(n, text->size - (size_t)*offset);
	if (copy_to_user(user, text->bytes + *offset, n))
		return -EFAULT;
	*offset += n;
	return (ssize_t)n;
}

static int64_t text_size(struct file *file)
{
	return (int64_t)((struct text *)file->data)->size;
}

static void text_stat(struct file *file, struct file_stat *stat)
{
	stat->mode = S_IFREG | S_IRUSR | S_IRGRP | S_IROTH;
}

static void text_release(struct file *file)
{
	kfree(file->data);
	kfree(file);
}

static const struct file_operations text_operations = {
	.kind = "text",
	.read = text_read,
	.size = text_size,
	.stat = text_stat,
	.release = text_release,
};

static int open_processes(struct node *node, unsigned flags, struct file **file)
{
	struct process_totals totals;
	struct text *text;
	size_t room;
	int error;

	process_totals(&totals);
	room = sizeof(HEADING) + (totals.processes + 1) * LINE_MAX;
	text = kmalloc(sizeof(*text) + room);
	if (!text)
		return -ENOMEM;
	text->size = 0;
	text->room = room;
	add(text, "%s", HEADING);
	process_each(add_process, text);
	error = file_create(file, &text_operations, flags, text);
	if (error)
		kfree(text);
	return error;
}

int proc_create(struct node *directory)
{
	struct inode *inode = inode_create(S_IFREG | S_IRUSR | S_IRGRP | S_IROTH);
	struct node *node;
	int error = -ENOMEM;

	if (inode) {
		inode->open = open_processes;
		error = node_add(directory, "processes", strlen("processes"), inode, &node);
	}
	if (error)
		inode_release(inode);
	return error;
}

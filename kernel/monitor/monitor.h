/* SPDX-License-Identifier: MIT */
/* Between the parts of the monitor. */
#ifndef KERNEL_MONITOR_H
#define KERNEL_MONITOR_H

#include <tessera/compiler.h>

#define PROMPT "tessera> "

/* A line and its NUL. With the prompt in front it stays within 80 columns, so it never wraps, and
 * moving the cursor needs nothing but backspaces: any terminal will do. */
#define LINE_SIZE 71

/* Reads a line with editing, history and completion; without its newline. The prompt stands
 * already. */
void line_read(char line[LINE_SIZE]);

/* The line typed `age` lines ago (1: the last), or NULL. */
#if CONFIG_MONITOR_HISTORY
void history_add(const char *line);
const char *history_get(unsigned age);
#else
static inline void history_add(const char *line)
{
}

static inline const char *history_get(unsigned age)
{
	return NULL;
}
#endif

/*
 * Completes the n characters of a command's name: puts what all commands that begin with them have in
 * common behind it into `more` (at most size - 1 characters and NUL). Gives their number.
 */
unsigned command_complete(const char *text, size_t n, char *more, size_t size);

/* Prints the names that begin with the n characters, on one line. */
void command_list(const char *text, size_t n);

#endif

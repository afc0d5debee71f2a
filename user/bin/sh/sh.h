/* SPDX-License-Identifier: MIT */
/*
 * The shell: a subset of the POSIX shell's language. A line is parsed into lists (parse.c), whose words are
 * expanded when their turn comes (expand.c) and executed (run.c). All that belongs to one line is taken from one
 * piece of memory (memory.c) and forgotten with it.
 */
#ifndef SH_H
#define SH_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define LINE_MAX 1024

/* ---- What a line means ---- */

enum redirection_kind { READ_FROM, WRITE_TO, APPEND_TO, DUPLICATE };

struct redirection {
	enum redirection_kind kind;
	int descriptor;
	const char *word; /* the file, or the other descriptor */
	struct redirection *next;
};

/* Words as they were typed: quotes and variables are still in them. */
struct command {
	const char **words; /* the last is NULL */
	size_t count;
	struct redirection *redirections;
	struct command *next; /* in the pipeline */
};

struct pipeline {
	struct command *commands;
	bool inverted; /* ! */
	enum { ALWAYS, IF_GOOD, IF_BAD } when;
	struct pipeline *next; /* joined by && or || */
};

struct list {
	struct pipeline *pipelines;
	bool background;
	struct list *next;
};

/* The lists of a line; NULL: nothing in it, or not well formed (said, and *bad set). */
struct list *parse(const char *line, bool *bad);

/* ---- Memory of a line (memory.c) ---- */

void *take(size_t size); /* never NULL: ends the shell */
char *take_text(const char *text, size_t n);
void forget_all(void);

/* ---- Words (expand.c) ---- */

/* One word with its variables replaced and its quotes taken away. */
char *expand_word(const char *word);
/* All words of a command; a variable outside quotes may become several, or none. The last is NULL. */
char **expand_words(const char *const *words, size_t *count);
/* NAME=value, and where its value begins; NULL: it is no assignment. */
const char *assignment_value(const char *word);

/* ---- Execution ---- */

extern int last_status;	      /* $? */
extern pid_t shell_pid;	      /* $$, in children of the shell too */
extern pid_t last_background; /* $! */
extern bool interactive;      /* a person types */
extern char **arguments;      /* $0, $1, ... */
extern int argument_count;

/* Executes the lists of a line. */
void run_lists(const struct list *list);
/* Waits for a process of a job in the foreground. */
int wait_for_group(pid_t group, pid_t last);
/* Tells what has become of jobs in the background. */
void report_background(void);

/* A command that the shell does itself; NULL: no such one. It gives the status. */
typedef int builtin(int argc, char **argv);
builtin *find_builtin(const char *name);

/* ---- Lines from a person (line_editor.c) ---- */

/* Reads and edits one line. Its length without the end; -1: there are no more. */
int read_line(const char *prompt, char *line, size_t size);

#endif

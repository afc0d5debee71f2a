// SPDX-License-Identifier: MIT
/*
 * Execution. Each pipeline is a process group of its own; while it is in the foreground, what the terminal sends
 * (^C, ^Z) goes to it. A builtin alone in its pipeline runs in the shell itself, elsewhere in a child like any
 * other command.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sh.h"

int last_status;
pid_t last_background;

/* ---- Redirections ---- */

static int open_redirection(const struct redirection *redirection, const char *word)
{
	switch (redirection->kind) {
	case READ_FROM:
		return open(word, O_RDONLY);
	case WRITE_TO:
		return open(word, O_WRONLY | O_CREAT | O_TRUNC, 0666);
	case APPEND_TO:
		return open(word, O_WRONLY | O_CREAT | O_APPEND, 0666);
	default:
		return dup(atoi(word));
	}
}

static bool redirect(const struct redirection *redirection)
{
	for (; redirection; redirection = redirection->next) {
		const char *word = expand_word(redirection->word);
		int descriptor = open_redirection(redirection, word);

		if (descriptor < 0) {
			fprintf(stderr, "sh: %s: %s\n", word, strerror(errno));
			return false;
		}
		if (descriptor != redirection->descriptor) {
			dup2(descriptor, redirection->descriptor);
			close(descriptor);
		}
	}
	return true;
}

/* For a builtin: does what it does with other files, and then has the old ones again. */
static int run_redirected(builtin *command, int argc, char **argv,
			  const struct redirection *redirections)
{
	int saved[3], status;

	for (int i = 0; i < 3 && redirections; i++)
		saved[i] = fcntl(i, F_DUPFD_CLOEXEC, 10);
	status = redirect(redirections) ? command(argc, argv) : 1;
	fflush(NULL);
	for (int i = 0; i < 3 && redirections; i++) {
		dup2(saved[i], i);
		close(saved[i]);
	}
	return status;
}

/* ---- Commands ---- */

/* Assignments in front of a command, or instead of one. The number of them. */
static size_t assign(const struct command *command)
{
	size_t n = 0;

	for (; n < command->count; n++) {
		const char *value = assignment_value(command->words[n]);

		if (!value)
			break;
		setenv(take_text(command->words[n], (size_t)(value - 1 - command->words[n])),
		       expand_word(value), 1);
	}
	return n;
}

/* In a child, whatever the command is. */
static void __attribute__((noreturn)) execute(const struct command *command)
{
	size_t argc, first = assign(command);
	char **argv = expand_words(command->words + first, &argc);
	builtin *own;

	if (!redirect(command->redirections))
		exit(1);
	if (!argc)
		exit(0);
	own = find_builtin(argv[0]);
	if (own)
		exit(own((int)argc, argv));
	execvp(argv[0], argv);
	fprintf(stderr, "sh: %s: %s\n", argv[0], strerror(errno));
	exit(errno == ENOENT ? 127 : 126);
}

/* What a shell keeps from itself comes back to its children. */
static void become_child(pid_t group, bool foreground)
{
	/* Before it is the one that ^C goes to. */
	signal(SIGINT, SIG_DFL);
	signal(SIGQUIT, SIG_DFL);
	signal(SIGTSTP, SIG_DFL);
	if (interactive) {
		setpgid(0, group);
		if (foreground)
			tcsetpgrp(STDIN_FILENO, getpgrp());
	}
	signal(SIGTTIN, SIG_DFL);
	signal(SIGTTOU, SIG_DFL);
}

static int status_of(int status)
{
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	if (WIFSIGNALED(status) && WTERMSIG(status) != SIGINT && WTERMSIG(status) != SIGPIPE)
		fprintf(stderr, "sh: %s\n", strsignal(WTERMSIG(status)));
	return 128 + (WIFSTOPPED(status) ? WSTOPSIG(status) : WTERMSIG(status));
}

int wait_for_group(pid_t group, pid_t last)
{
	pid_t self = getpgrp(), ended;
	int status, result = 0;

	while ((ended = waitpid(interactive ? -group : last, &status, WUNTRACED)) > 0 ||
	       (ended < 0 && errno == EINTR)) {
		if (ended == last)
			result = status_of(status);
		if (ended > 0 && WIFSTOPPED(status)) {
			fprintf(stderr, "sh: %d stopped; `fg` goes on with it\n", group);
			last_background = group;
			break;
		}
		if (ended == last && !interactive)
			break;
	}
	if (interactive)
		tcsetpgrp(STDIN_FILENO, self);
	return result;
}

/* Starts all commands of a pipeline; gives the last one's pid, or -1. */
static pid_t start(const struct command *command, bool foreground, pid_t *group)
{
	int input = -1, ends[2];
	pid_t pid = -1;

	*group = 0;
	for (; command; command = command->next) {
		bool more = command->next;

		if (more && pipe(ends) != 0) {
			perror("sh: pipe");
			break;
		}
		pid = fork();
		if (pid == 0) {
			become_child(*group, foreground);
			if (input >= 0) {
				dup2(input, STDIN_FILENO);
				close(input);
			}
			if (more) {
				dup2(ends[1], STDOUT_FILENO);
				close(ends[0]);
				close(ends[1]);
			}
			execute(command);
		}
		if (input >= 0)
			close(input);
		input = -1;
		if (more) {
			close(ends[1]);
			input = ends[0];
		}
		if (pid < 0) {
			perror("sh: fork");
			break;
		}
		if (!*group)
			*group = pid;
		if (interactive)
			setpgid(pid, *group); /* the child does so too: who comes first */
	}
	if (input >= 0)
		close(input);
	return pid;
}

static int run_pipeline(const struct pipeline *pipeline)
{
	const struct command *command = pipeline->commands;
	pid_t group, last;
	int status;

	if (!command->next) {
		size_t argc, first = assign(command);
		char **argv = expand_words(command->words + first, &argc);
		builtin *own = argc ? find_builtin(argv[0]) : NULL;

		if (own || !argc) {
			status = own ? run_redirected(own, (int)argc, argv, command->redirections)
				     : 0;
			return pipeline->inverted ? !status : status;
		}
	}
	fflush(NULL);
	last = start(command, true, &group);
	if (last < 0)
		return 1;
	if (interactive)
		tcsetpgrp(STDIN_FILENO, group);
	status = wait_for_group(group, last);
	return pipeline->inverted ? !status : status;
}

static void run_pipelines(const struct pipeline *pipeline)
{
	for (; pipeline; pipeline = pipeline->next)
		if (pipeline->when == ALWAYS || (pipeline->when == IF_GOOD) == (last_status == 0))
			last_status = run_pipeline(pipeline);
}

/* In the background: a shell of its own for the list. */
static void run_background(const struct list *list)
{
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		become_child(0, false);
		interactive = false;
		run_pipelines(list->pipelines);
		exit(last_status);
	}
	if (pid < 0) {
		perror("sh: fork");
		last_status = 1;
		return;
	}
	if (interactive) {
		setpgid(pid, pid);
		fprintf(stderr, "[%d]\n", pid);
	}
	last_background = pid;
	last_status = 0;
}

void run_lists(const struct list *list)
{
	for (; list; list = list->next) {
		if (list->background)
			run_background(list);
		else
			run_pipelines(list->pipelines);
	}
}

void report_background(void)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (WIFEXITED(status))
			fprintf(stderr, "[%d] done, status %d\n", pid, WEXITSTATUS(status));
		else
			fprintf(stderr, "[%d] %s\n", pid, strsignal(WTERMSIG(status)));
	}
}

// SPDX-License-Identifier: MIT
/* Commands that change the shell itself. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sh.h"

static int complain(const char *command, const char *what)
{
	fprintf(stderr, "%s: %s: %s\n", command, what, strerror(errno));
	return 1;
}

static int cd(int argc, char **argv)
{
	const char *home = getenv("HOME");
	const char *folder = argc > 1 ? argv[1] : home ? home : "/";

	return chdir(folder) == 0 ? 0 : complain("cd", folder);
}

static int exit_shell(int argc, char **argv)
{
	exit(argc > 1 ? atoi(argv[1]) : last_status);
}

/* Every variable of this shell is in the environment: `export` differs from `NAME=value` in nothing. */
static int export(int argc, char **argv)
{
	if (argc == 1)
		for (char **entry = environ; *entry; entry++)
			puts(*entry);
	for (int i = 1; i < argc; i++) {
		const char *value = assignment_value(argv[i]);

		if (value)
			setenv(take_text(argv[i], (size_t)(value - 1 - argv[i])), value, 1);
	}
	return 0;
}

static int unset(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		unsetenv(argv[i]);
	return 0;
}

static int exec(int argc, char **argv)
{
	if (argc < 2)
		return 0;
	execvp(argv[1], argv + 1);
	return complain("exec", argv[1]);
}

/* For one process, or for all. */
static int wait_children(int argc, char **argv)
{
	pid_t pid = argc > 1 ? atoi(argv[1]) : -1;
	int status = 0;

	while (waitpid(pid, &status, 0) > 0 && pid < 0)
		;
	return argc < 2 ? 0 : WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int foreground(int argc, char **argv)
{
	pid_t group = argc > 1 ? atoi(argv[1]) : last_background;

	if (group <= 0 || kill(-group, SIGCONT) != 0)
		return complain("fg", argc > 1 ? argv[1] : "which process?");
	tcsetpgrp(STDIN_FILENO, group);
	return wait_for_group(group, group);
}

static int help(int argc, char **argv);

static const struct {
	const char *name;
	builtin *run;
	const char *help;
} builtins[] = {
	{ "cd", cd, "[FOLDER]: changes the working folder" },
	{ "exec", exec, "PROGRAM [ARGUMENT]...: puts a program in the shell's place" },
	{ "exit", exit_shell, "[STATUS]: ends the shell" },
	{ "export", export, "[NAME=VALUE]...: sets variables, or shows all" },
	{ "fg", foreground, "[PID]: goes on with a stopped job, or waits for one" },
	{ "help", help, "shows this" },
	{ "unset", unset, "NAME...: forgets variables" },
	{ "wait", wait_children, "[PID]: waits for jobs in the background" },
};

static int help(int argc, char **argv)
{
	puts("Commands of the shell; all others are programs, most of them in /bin:");
	for (size_t i = 0; i < sizeof(builtins) / sizeof(builtins[0]); i++)
		printf("  %-8s%s\n", builtins[i].name, builtins[i].help);
	puts("Also: a | b, a > FILE, a < FILE, a && b, a || b, a ; b, a &, NAME=VALUE, $NAME, $?,\n"
	     "'quotes' and \"quotes\". The arrow keys bring back and edit earlier lines.");
	return 0;
}

builtin *find_builtin(const char *name)
{
	for (size_t i = 0; i < sizeof(builtins) / sizeof(builtins[0]); i++)
		if (strcmp(builtins[i].name, name) == 0)
			return builtins[i].run;
	return NULL;
}

// SPDX-License-Identifier: MIT
/*
 * sh [-l]			commands from the terminal, or from the standard input
 * sh -c COMMANDS [NAME [ARGUMENT]...]
 * sh FILE [ARGUMENT]...
 *
 * -l: this is the first shell of a session; it sets PATH and HOME where they are not.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sh.h"

bool interactive;
pid_t shell_pid;
char **arguments;
int argument_count;

static void run_line(const char *line)
{
	bool bad;
	struct list *list = parse(line, &bad);

	if (bad)
		last_status = 2;
	run_lists(list);
	forget_all();
}

static void talk(void)
{
	char line[LINE_MAX], folder[256], prompt[264];

	for (;;) {
		report_background();
		if (!getcwd(folder, sizeof(folder)))
			strlcpy(folder, "?", sizeof(folder));
		snprintf(prompt, sizeof(prompt), "%s $ ", folder);
		if (read_line(prompt, line, sizeof(line)) < 0)
			break;
		run_line(line);
	}
}

/* Byte by byte: what stands behind the line may be for a command in it. 0: there is no more. */
static int read_script_line(int descriptor, char *line, size_t size)
{
	size_t n = 0;
	ssize_t got;
	char c;

	while ((got = read(descriptor, &c, 1)) == 1 && c != '\n')
		if (n < size - 1)
			line[n++] = c;
	line[n] = '\0';
	return got == 1 || n;
}

static void run_script(int descriptor)
{
	char line[LINE_MAX];

	while (read_script_line(descriptor, line, sizeof(line)))
		run_line(line);
}

/* Keys that are meant for the job in the foreground do nothing to the shell. */
static void become_interactive(void)
{
	interactive = true;
	signal(SIGINT, SIG_IGN);
	signal(SIGQUIT, SIG_IGN);
	signal(SIGTSTP, SIG_IGN);
	signal(SIGTTIN, SIG_IGN);
	signal(SIGTTOU, SIG_IGN);
	setpgid(0, 0);
	tcsetpgrp(STDIN_FILENO, getpgrp());
}

int main(int argc, char **argv)
{
	int script = STDIN_FILENO, first = 1;

	shell_pid = getpid();
	arguments = argv;
	argument_count = 1;
	if (argc > 1 && strcmp(argv[1], "-l") == 0) {
		setenv("PATH", "/bin", 0);
		setenv("HOME", "/", 0);
		first = 2;
	}
	if (first < argc && strcmp(argv[first], "-c") == 0) {
		if (first + 1 == argc) {
			fputs("sh: -c needs commands\n", stderr);
			return 2;
		}
		if (first + 2 < argc) {
			arguments = argv + first + 2;
			argument_count = argc - first - 2;
		}
		run_line(argv[first + 1]);
		return last_status;
	}
	if (first < argc) {
		arguments = argv + first;
		argument_count = argc - first;
		script = open(argv[first], O_RDONLY | O_CLOEXEC);
		if (script < 0) {
			fprintf(stderr, "sh: %s: %s\n", argv[first], strerror(errno));
			return 127;
		}
	} else if (isatty(STDIN_FILENO)) {
		become_interactive();
		talk();
		return last_status;
	}
	run_script(script);
	return last_status;
}

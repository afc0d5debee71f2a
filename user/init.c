// SPDX-License-Identifier: MIT
/*
 * init, the first process. It keeps a shell on the console, and takes in every process whose parent has
 * ended, until it ends itself.
 *
 * A word `run=PROGRAM,ARGUMENT,...` on the kernel's command line takes the place of the shell: when that program
 * has ended, so does the machine, with the program's verdict as status. Tests and benchmarks start so.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/reboot.h>
#include <sys/wait.h>
#include <unistd.h>

#define SHELL	      "/bin/sh"
#define RUN	      "run="
#define ARGUMENTS_MAX 16

/* Starts a program as the leader of a session of its own, on the console. */
static pid_t start(char *const argv[])
{
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	setsid();
	ioctl(STDIN_FILENO, TIOCSCTTY, 0);
	execv(argv[0], argv);
	fprintf(stderr, "init: %s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

/* Waits until this process has ended, and for all others that end before. Its status. */
static int wait_for(pid_t pid)
{
	int status;
	pid_t ended;

	do
		ended = wait(&status);
	while (ended != pid && (ended > 0 || errno == EINTR));
	return ended == pid ? status : W_EXITED(127);
}

/* Program and arguments, between commas. Does not come back. */
static void run(char *words)
{
	char *argv[ARGUMENTS_MAX + 1];
	int n = 0, status;
	pid_t pid;

	do {
		argv[n++] = words;
		words = strchr(words, ',');
		if (words)
			*words++ = '\0';
	} while (words && n < ARGUMENTS_MAX);
	argv[n] = NULL;

	pid = start(argv);
	if (pid < 0)
		perror("init: fork");
	status = pid < 0 ? W_EXITED(127) : wait_for(pid);
	if (WIFSIGNALED(status))
		fprintf(stderr, "init: %s: %s\n", argv[0], strsignal(WTERMSIG(status)));
	machine_reboot(REBOOT_EXIT, status != 0);
	perror("init: reboot");
	_exit(1);
}

int main(int argc, char **argv)
{
	static char *const shell[] = { SHELL, "-l", NULL };

	for (int i = 1; i < argc; i++)
		if (strncmp(argv[i], RUN, strlen(RUN)) == 0)
			run(argv[i] + strlen(RUN));

	puts("Welcome to Tessera. `help` says what the shell can do, `ls /bin` what else is here.");
	for (;;) {
		pid_t pid = start(shell);

		if (pid < 0)
			perror("init: fork");
		/* A shell that cannot start must not keep the processor busy. */
		if (pid < 0 || WEXITSTATUS(wait_for(pid)) == 127)
			sleep(1);
	}
}

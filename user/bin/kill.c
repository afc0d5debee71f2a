// SPDX-License-Identifier: MIT
/* kill [-SIGNAL] PID...: sends a signal (TERM), by number or name; to a group where PID is negative. */
#include <ctype.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int signal_number(const char *name)
{
	static const struct {
		const char *name;
		int number;
	} signals[] = {
		{ "HUP", SIGHUP },   { "INT", SIGINT },	  { "QUIT", SIGQUIT }, { "ILL", SIGILL },
		{ "ABRT", SIGABRT }, { "FPE", SIGFPE },	  { "KILL", SIGKILL }, { "SEGV", SIGSEGV },
		{ "PIPE", SIGPIPE }, { "ALRM", SIGALRM }, { "TERM", SIGTERM }, { "USR1", SIGUSR1 },
		{ "USR2", SIGUSR2 }, { "CHLD", SIGCHLD }, { "CONT", SIGCONT }, { "STOP", SIGSTOP },
	};

	if (isdigit(*name))
		return atoi(name);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		if (strcmp(signals[i].name, name) == 0)
			return signals[i].number;
	return -1;
}

int main(int argc, char **argv)
{
	int signal = SIGTERM, first = 1, bad = 0;

	if (argc > 2 && argv[1][0] == '-') {
		signal = signal_number(argv[1] + 1);
		first = 2;
	}
	if (first >= argc || signal < 0) {
		fputs("usage: kill [-SIGNAL] PID...\n", stderr);
		return 2;
	}
	for (int i = first; i < argc; i++) {
		if (kill(atoi(argv[i]), signal) != 0) {
			perror(argv[i]);
			bad = 1;
		}
	}
	return bad;
}

// SPDX-License-Identifier: MIT
/*
 * All system calls with arguments of every kind, good ones among them, from fixed seeds: whatever comes of it may
 * harm the process that calls, and nobody else. The ledger of the test frame must balance afterwards.
 *
 * Not called are those whose effect on others is their purpose: reboot, signals to others, the log, the
 * tests' own switches, and what would make more of these processes.
 */
#include <arch/system_call.h>
#include <fcntl.h>
#include <ipc.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "test.h"

#define CALLS_EACH 80 /* of one process, if it lives so long */
#define PATIENCE   4  /* ms: it may wait for something that never comes */

static const struct {
	const char *name;
	long number;
} calls[] = {
#define SYSTEM_CALL(number, name)	 { #name, number },
#define SYSTEM_CALL_FULL(number, name)	 { #name, number },
#define SYSTEM_CALL_MASKED(number, name) { #name, number },
#include <asm/system_calls.h>
#undef SYSTEM_CALL
#undef SYSTEM_CALL_FULL
#undef SYSTEM_CALL_MASKED
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static bool excluded(const char *name)
{
	static const char *const names[] = { "reboot",
					     "kill",
					     "tkill",
					     "tgkill",
					     "syslog",
					     "prctl",
					     "fork",
					     "vfork",
					     "clone",
					     "clone_tls_first",
					     "clone3",
					     "setpriority",
					     "sched_setscheduler",
					     "sched_setparam",
					     "sethostname" };

	for (size_t i = 0; i < COUNT(names); i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

static uint32_t state;
static char *buffer, *edge, *nowhere, *read_only;

static unsigned long random_argument(void)
{
	static const char *const paths[] = { "/bin/true",
					     "/bin",
					     "/tests/malformed/ENOEXEC-text",
					     "",
					     "/no/such",
					     "/dev/null",
					     "/proc/self/exe",
					     "." };
	uint32_t number = random_next(&state), kind = random_next(&state) % 22;

	switch (kind) {
	case 0:
		return 0;
	case 1:
		return ~0ul;
	case 2:
		return number;
	case 3:
		return number & 0xff;
	case 4:
		return 1ul << number % (8 * sizeof(long));
	case 5:
		return -(1ul << number % (8 * sizeof(long)));
	case 6:
	case 7:
		return 3 + number % 9; /* descriptors, perhaps */
	case 8:
	case 9:
	case 10:
		return (unsigned long)(buffer + (number % PAGE & ~7u));
	case 11:
		return (unsigned long)(buffer + number % PAGE);
	case 12:
		return (unsigned long)(edge - number % 16);
	case 13:
		return (unsigned long)nowhere + number % PAGE;
	case 14:
		return (unsigned long)KERNEL_ADDRESS + number % (1 << 20);
	case 15:
		return (unsigned long)read_only;
	case 16:
		return (unsigned long)paths[number % COUNT(paths)];
	case 17:
		return (unsigned long)&number; /* the stack */
	case 18:
		return PAGE << number % 8;
	case 19:
		return (unsigned long)random_argument;
	default:
		return number % 8;
	}
}

static void prepare(void)
{
	int null = open("/dev/null", O_RDWR), ends[2];

	test_leave();
	for (int i = 0; i < 3; i++)
		dup2(null, i);
	pipe2(ends, O_NONBLOCK);
	open("/bin/sh", O_RDONLY);
	open("/bin", O_RDONLY);
	semaphore_create(1, 0);
	message_box_create(4, 64, 0);
	buffer = pages(4);
	edge = pages(2) + PAGE;
	munmap(edge, PAGE);
	nowhere = unmapped();
	read_only = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	for (size_t i = 0; i < 4 * PAGE / 4; i++)
		((uint32_t *)buffer)[i] = random_next(&state) >> random_next(&state) % 32;
}

static void fuzz(uint32_t seed)
{
	state = seed;
	prepare();
	for (int i = 0; i < CALLS_EACH; i++) {
		size_t which = random_next(&state) % (COUNT(calls) + 2);
		/* Some numbers that are nobody's, too. */
		long number = which < COUNT(calls) ? calls[which].number : (long)random_argument();
		unsigned long a[6];

		for (int n = 0; n < 6; n++)
			a[n] = random_argument();
		if (which < COUNT(calls) ? excluded(calls[which].name) : number < 8000)
			continue;
		system_call6(number, (long)a[0], (long)a[1], (long)a[2], (long)a[3], (long)a[4],
			     (long)a[5]);
	}
}

static void run_seeds(uint32_t first, unsigned count)
{
	struct timespec patience = { .tv_nsec = PATIENCE * 1000000 };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	for (uint32_t seed = first; seed < first + count; seed++) {
		pid_t child = fork();

		if (child == 0) {
			sigprocmask(SIG_UNBLOCK, &set, NULL);
			fuzz(seed * 2654435761u + 1);
			_exit(0);
		}
		ASSERT(child > 0);
		sigtimedwait(&set, NULL, &patience);
		kill(child, SIGKILL);
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
		waitpid(child, NULL, 0);
	}
}

TEST_WITHIN(120, first_seeds)
{
	run_seeds(1, (unsigned)TIMES(120, 20000));
}

TEST_WITHIN(120, other_seeds)
{
	run_seeds(1000000, (unsigned)TIMES(120, 20000));
}

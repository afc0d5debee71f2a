// SPDX-License-Identifier: MIT
/*
 * What all test programs share, main() included:
 *
 *	PROGRAM [FILTER]...			runs the cases whose names begin with one of the words, with a plan
 *	PROGRAM -c [FILTER]...			how many that are, as exit status
 *	PROGRAM -n NUMBER [FILTER]...		without a plan, counting from NUMBER (for tests/user/run.c)
 *	-L					the long tier
 *
 * Verdicts of a case come from shared memory, so that all processes which it starts can fail it.
 *
 * The ledger: when a case is over the kernel must hold what it held before. The first run may touch memory of
 * this program, and of files, that nobody had touched; so a case after which something differs is run again, and
 * has a leak if that happens every time.
 */
#include "test.h"

#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>
#include <tessera/prctl.h>
#include <time.h>
#include <unistd.h>

#define SECONDS		20 /* for a case */
#define DIAGNOSTICS_MAX 8
#define LEAK_RUNS	4

extern const struct test __start_tests[], __stop_tests[];

/* Of the case that runs; all its processes see it. */
static struct verdict {
	unsigned failures;
	char skipped[32];
} * verdict;

bool test_long;
static const char *suite;

/* ---- Verdicts ---- */

static void say(const char *format, va_list args)
{
	char line[256];
	int n = snprintf(line, sizeof(line), "# ");

	n += vsnprintf(line + n, sizeof(line) - (size_t)n - 1, format, args);
	if (n > (int)sizeof(line) - 2)
		n = sizeof(line) - 2;
	line[n++] = '\n';
	write(STDOUT_FILENO, line, (size_t)n); /* at once: other processes write too */
}

void test_note(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(format, args);
	va_end(args);
}

void test_fail(const char *file, int line, const char *format, ...)
{
	char text[200];
	va_list args;

	if (__atomic_add_fetch(&verdict->failures, 1, __ATOMIC_RELAXED) > DIAGNOSTICS_MAX)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	test_note("%s:%d: %s", file, line, text);
}

void test_equal(const char *file, int line, const char *what, long is, long should)
{
	if (is != should)
		test_fail(file, line, "%s is %ld (%#lx), not %ld (%#lx)", what, is, is, should,
			  should);
}

void test_error(const char *file, int line, const char *call, long result, int error)
{
	int found = errno;

	if (result != -1)
		test_fail(file, line, "%s gives %ld, not error %d", call, result, error);
	else if (found != error)
		test_fail(file, line, "%s fails with error %d (%s), not %d (%s)", call, found,
			  strerror(found), error, strerror(error));
}

void test_ended(const char *file, int line, const char *what, pid_t child, int signal, int status)
{
	int found;

	if (child < 0) {
		test_fail(file, line, "no child for: %s (errno %d)", what, errno);
		return;
	}
	found = status_of(child);
	if (signal ? !WIFSIGNALED(found) || WTERMSIG(found) != signal
		   : !WIFEXITED(found) || WEXITSTATUS(found) != status)
		test_fail(file, line, "status %#x instead of %s %d: %s", found,
			  signal ? "signal" : "exit", signal ? signal : status, what);
}

void test_leave(void)
{
	munmap(verdict, PAGE);
}

void test_skip(const char *option)
{
	strlcpy(verdict->skipped, option, sizeof(verdict->skipped));
}

unsigned long test_space(void)
{
	struct rlimit limit;

	return getrlimit(RLIMIT_AS, &limit) ? 0 : limit.rlim_cur;
}

/* ---- Helpers ---- */

void *pages(size_t count)
{
	return mmap(NULL, count * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

void *shared_pages(size_t count)
{
	return mmap(NULL, count * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
}

void *unmapped(void)
{
	char *memory = pages(3);

	munmap(memory, 3 * PAGE);
	return memory + PAGE;
}

int status_of(pid_t child)
{
	int status = -1;

	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

void sleep_ms(unsigned ms)
{
	struct timespec request = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };

	while (nanosleep(&request, &request) != 0 && errno == EINTR)
		;
}

int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000 + now.tv_nsec;
}

size_t free_pages(void)
{
	struct sysinfo info;

	sysinfo(&info);
	return (size_t)((unsigned long long)info.freeram * info.mem_unit / PAGE);
}

bool ledger_read(struct ledger *ledger)
{
	memset(ledger, 0, sizeof(*ledger));
	return syscall(SYS_prctl, PR_LEDGER, (long)ledger, 0, 0, 0) == 0;
}

bool ledger_same(const struct ledger *before, const struct ledger *after, char *text, size_t size)
{
	static const char *const names[] = {
		"free pages", "objects", "processes", "tasks",	  "pids",  "threads",
		"spaces",     "areas",	 "tables",    "mappings", "files", "pages of files",
	};
	const uint64_t *old = (const uint64_t *)before, *new = (const uint64_t *)after;
	size_t length = 0;

	_Static_assert(sizeof(*before) == sizeof(names) / sizeof(names[0]) * sizeof(uint64_t),
		       "a name for each number of the ledger");
	*text = '\0';
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (old[i] != new[i] && length < size)
			length += (size_t)snprintf(text + length, size - length, "%s%s %+ld",
						   length ? ", " : "", names[i],
						   (long)(new[i] - old[i]));
	return length == 0;
}

uint32_t random_next(uint32_t *state)
{
	uint32_t x = *state;

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	return *state = x;
}

/* ---- Running ---- */

/* Ends what is left of a case, and waits until it has gone: its orphans are init's to wait for. */
static void clean_up(pid_t group, const struct ledger *before, struct ledger *after)
{
	kill(-group, SIGKILL);
	for (int i = 0; i < 200; i++) {
		ledger_read(after);
		if (after->processes <= before->processes)
			return;
		sleep_ms(5);
	}
	test_fail(__FILE__, __LINE__, "processes are left");
}

/* One run of a case. False: what exists in the kernel differs, as the text says. */
static bool run_once(const struct test *test, char *difference, size_t size)
{
	unsigned seconds = test->seconds ? test->seconds : SECONDS;
	struct timespec limit = { .tv_sec = test_long ? seconds * 100 : seconds };
	struct ledger before, after;
	sigset_t child_ended;
	pid_t child;
	int status;

	*verdict = (struct verdict){ 0 };
	sigemptyset(&child_ended);
	sigaddset(&child_ended, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child_ended, NULL);
	ledger_read(&before);
	child = fork();
	if (child == 0) {
		sigprocmask(SIG_UNBLOCK, &child_ended, NULL);
		setpgid(0, 0);
		test->run();
		exit(0);
	}
	if (child < 0) {
		test_fail(__FILE__, __LINE__, "no process for the case (errno %d)", errno);
		return true;
	}
	setpgid(child, child);
	if (sigtimedwait(&child_ended, NULL, &limit) != SIGCHLD) {
		test_fail(__FILE__, __LINE__, "not over after %u s", (unsigned)limit.tv_sec);
		kill(-child, SIGKILL);
	}
	status = status_of(child);
	if (status != 0)
		test_fail(__FILE__, __LINE__, "the case ended with status %#x", status);
	clean_up(child, &before, &after);
	return ledger_same(&before, &after, difference, size);
}

/* Whether the case is good. */
static bool run(const struct test *test)
{
	char difference[160];
	int runs = 1;

	while (!run_once(test, difference, sizeof(difference)) && !verdict->failures)
		if (runs++ == LEAK_RUNS)
			test_fail(__FILE__, __LINE__, "each of %d times something is left: %s",
				  LEAK_RUNS, difference);
	return verdict->failures == 0;
}

static bool selected(const struct test *test, char **filter)
{
	char name[96];

	if (!*filter)
		return true;
	snprintf(name, sizeof(name), "%s.%s", suite, test->name);
	for (; *filter; filter++)
		if (strncmp(name, *filter, strlen(*filter)) == 0)
			return true;
	return false;
}

int main(int argc, char **argv)
{
	unsigned count = 0, number = 0, failed = 0;
	bool plan = true, only_count = false;

	suite = strrchr(argv[0], '/') ? strrchr(argv[0], '/') + 1 : argv[0];
	for (argv++; *argv && **argv == '-'; argv++) {
		if (strcmp(*argv, "-c") == 0) {
			only_count = true;
		} else if (strcmp(*argv, "-L") == 0) {
			test_long = true;
		} else if (strcmp(*argv, "-n") == 0 && argv[1]) {
			number = (unsigned)atoi(*++argv);
			plan = false;
		}
	}
	for (const struct test *test = __start_tests; test < __stop_tests; test++)
		count += selected(test, argv);
	if (only_count)
		return (int)count;
	verdict = shared_pages(1);
	if (verdict == MAP_FAILED) {
		puts("Bail out! no shared memory for verdicts");
		return 1;
	}
	if (plan)
		printf("TAP version 13\n1..%u\n", count);
	for (const struct test *test = __start_tests; test < __stop_tests; test++) {
		bool good;

		if (!selected(test, argv))
			continue;
		good = run(test);
		failed += !good;
		printf("%sok %u - user.%s.%s", good ? "" : "not ", ++number, suite, test->name);
		if (*verdict->skipped)
			printf(" # SKIP needs %s", verdict->skipped);
		putchar('\n');
	}
	return failed ? 1 : 0;
}

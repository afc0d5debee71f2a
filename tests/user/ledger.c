// SPDX-License-Identifier: MIT
/*
 * The ledger: whatever a program does, the kernel holds afterwards what it held before. Each operation
 * here is done many times; and once for each allocation that the kernel makes on the way, with that
 * allocation failing: then the operation fails as a whole, in a way that a program can go on from, and
 * leaves nothing behind either. (PR_LEDGER and PR_FAIL_ALLOCATION are calls of Tessera's for
 * tests; without them the cases are skipped.)
 */
#include <fcntl.h>
#include <ipc.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <tessera/prctl.h>
#include <unistd.h>

#include "test.h"

/* Does it once. 0, or an error number. */
typedef int operation(void);

static int wait_for(pid_t child)
{
	int status = status_of(child);

	return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

static int do_fork(void)
{
	pid_t child = fork();

	if (child == 0)
		_exit(0);
	return child < 0 ? errno : wait_for(child);
}

static int do_vfork(void)
{
	pid_t child = vfork();

	if (child == 0)
		_exit(0);
	return child < 0 ? errno : wait_for(child);
}

static char *const true_argv[] = { "true", "an argument", NULL };
static char *const true_envp[] = { "NAME=value", NULL };

static int do_exec(void)
{
	pid_t child = vfork();

	if (child == 0) {
		execve("/bin/true", true_argv, true_envp);
		_exit(errno);
	}
	return child < 0 ? errno : wait_for(child);
}

/* What is to fail is the child's own. */
static unsigned fail_in_child;

static void arm_in_child(void)
{
	if (fail_in_child)
		syscall(SYS_prctl, PR_FAIL_ALLOCATION, fail_in_child, 0, 0, 0);
}

static int do_exec_only(void)
{
	pid_t child = fork();

	if (child == 0) {
		arm_in_child();
		execve("/bin/true", true_argv, true_envp);
		_exit(errno);
	}
	return child < 0 ? errno : wait_for(child);
}

static int do_exec_of_nothing(void)
{
	execve("/nothing", true_argv, true_envp);
	return errno == ENOENT ? 0 : errno;
}

static void *thread_main(void *tid)
{
	*(pid_t *)tid = gettid();
	return NULL;
}

static int do_thread(void)
{
	pthread_t thread;
	pid_t tid;
	int error = pthread_create(&thread, NULL, thread_main, &tid);

	if (!error)
		error = pthread_join(thread, NULL);
	/* It is joined a moment before it has gone. */
	while (!error && syscall(SYS_tgkill, getpid(), tid, 0) == 0)
		sched_yield();
	return error;
}

static int do_mmap(void)
{
	char *memory =
		mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return errno;
	return munmap(memory, 4 * PAGE) ? errno : 0;
}

static int do_split(void)
{
	char *memory =
		mmap(NULL, 8 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int error = 0;

	if (memory == MAP_FAILED)
		return errno;
	if (mprotect(memory + 2 * PAGE, PAGE, PROT_READ) || munmap(memory + 5 * PAGE, PAGE))
		error = errno;
	return munmap(memory, 8 * PAGE) ? errno : error;
}

static int do_shared(void)
{
	int *memory = shared_pages(2);
	pid_t child;
	int error;

	if (memory == MAP_FAILED)
		return errno;
	child = fork();
	if (child == 0)
		_exit(0);
	error = child < 0 ? errno : wait_for(child);
	munmap(memory, 2 * PAGE);
	return error;
}

static int do_open(void)
{
	int descriptor = open("/bin/true", O_RDONLY);

	if (descriptor < 0)
		return errno;
	return close(descriptor) ? errno : 0;
}

static int do_pipe(void)
{
	int ends[2];

	if (pipe(ends))
		return errno;
	return close(ends[0]) | close(ends[1]) ? errno : 0;
}

/* A descriptor that came of a call is closed again. */
static int close_it(int descriptor)
{
	return descriptor < 0 || close(descriptor) ? errno : 0;
}

static int do_list_of_processes(void)
{
	return close_it(open("/proc/processes", O_RDONLY));
}

static int do_semaphore(void)
{
	int semaphore = semaphore_create(0, 0);

	if (semaphore < 0)
		return errno;
	/* With IPC_SEMAPHORE_UNDO there is a note of who took what. */
	if (semaphore_post(semaphore) || semaphore_wait(semaphore, NULL)) {
		int error = errno;

		close(semaphore);
		return error;
	}
	return close(semaphore) ? errno : 0;
}

static int do_message_box(void)
{
	int box = message_box_create(1, 1, 0), error = 0;

	if (box < 0)
		return errno;
	if (message_box_send(box, "x", 1, NULL))
		error = errno;
	return close(box) ? errno : error;
}

/* Nothing is created: a task can have events from its beginning to its end. */
static int do_event(void)
{
	struct event_message event;
	pid_t self = getpid(), child = fork();
	int error;

	if (child == 0)
		_exit(event_send(self, 1, NULL) ? errno : 0);
	if (child < 0)
		return errno;
	error = event_receive(&event, NULL) ? errno : 0;
	return wait_for(child) | error;
}

static int do_poll(void)
{
	struct pollfd entries[16]; /* as many as FILE_DESCRIPTORS_MAX allows, however small */

	for (size_t i = 0; i < 16; i++)
		entries[i] = (struct pollfd){ .fd = STDOUT_FILENO, .events = POLLOUT };
	return poll(entries, 16, 0) < 0 ? errno : 0;
}

static int do_paths(void)
{
	static char path[300], name[300];

	memset(path, '/', sizeof(path) - 1);
	if (access(path, X_OK) || !getcwd(name, sizeof(name)) ||
	    syscall(SYS_readlink, "/proc/self/exe", name, sizeof(name)) < 0)
		return errno;
	return 0;
}

static int do_log(void)
{
	static char text[2000];

	return syscall(SYS_syslog, 3, text, sizeof(text)) < 0 ? errno : 0;
}

static int do_write_in_pieces(void)
{
	struct iovec pieces[2] = { { "a", 1 }, { "b", 1 } };
	int ends[2], error;

	if (pipe(ends))
		return errno;
	error = writev(ends[1], pieces, 2) < 0 ? errno : 0;
	close(ends[0]);
	close(ends[1]);
	return error;
}

static int script_arguments = 119;

static int do_script(void)
{
	static char *argv[120];
	pid_t child;

	for (int i = 0; i < script_arguments; i++)
		argv[i] = "an argument of fifty characters, a hundred of them.";
	argv[script_arguments] = NULL;
	child = fork();
	if (child == 0) {
		arm_in_child();
		execve("/tests/malformed/0-true", argv, true_envp);
		_exit(errno);
	}
	return child < 0 ? errno : wait_for(child);
}

/* Fewer where USER_ARGUMENTS_MAX is small. */
static void fit_script(void)
{
	while (script_arguments > 1 && do_script() == E2BIG)
		script_arguments /= 2;
}

static void nothing(int number)
{
	(void)number;
}

/* In a child, which has the table of actions in common with this process at first. */
static int do_sigaction(void)
{
	pid_t child = fork();

	if (child == 0) {
		arm_in_child();
		_exit(signal(SIGUSR1, nothing) == SIG_ERR ? errno : 0);
	}
	return child < 0 ? errno : wait_for(child);
}

static const struct {
	const char *name;
	operation *run;
	bool in_child; /* what is to fail */
} operations[] = {
	{ "fork", do_fork, false },
	{ "vfork", do_vfork, false },
	{ "vfork and exec", do_exec, false },
	{ "exec", do_exec_only, true },
	{ "exec of nothing", do_exec_of_nothing, false },
	{ "thread", do_thread, false },
	{ "mmap", do_mmap, false },
	{ "mprotect and munmap", do_split, false },
	{ "shared memory", do_shared, false },
	{ "open", do_open, false },
	{ "pipe", do_pipe, false },
	{ "sigaction", do_sigaction, true },
	{ "list of processes", do_list_of_processes, false },
	{ "semaphore", do_semaphore, false },
	{ "message box", do_message_box, false },
	{ "event", do_event, false },
	{ "poll", do_poll, false },
	{ "paths", do_paths, false },
	{ "log", do_log, false },
	{ "write in pieces", do_write_in_pieces, false },
	{ "script", do_script, true },
};

static bool same(const char *what, const struct ledger *before, const struct ledger *after)
{
	char difference[160];

	if (ledger_same(before, after, difference, sizeof(difference)))
		return true;
	test_fail(__FILE__, __LINE__, "%s: %s", what, difference);
	return false;
}

TEST_WITHIN(60, balances)
{
	struct ledger before, after;

	if (!ledger_read(&before))
		SKIP("USER_TESTS");
	fit_script();
	for (size_t i = 0; i < sizeof(operations) / sizeof(operations[0]); i++) {
		/* What the first time leaves in user memory, and pages of files, may stay. */
		int error = operations[i].run();

		if (error == ENOSYS)
			continue; /* an option that is not there */
		EXPECT_EQ(error, 0);
		ledger_read(&before);
		for (int n = 0; n < TIMES(100, 2000); n++)
			EXPECT_EQ(operations[i].run(), 0);
		ledger_read(&after);
		same(operations[i].name, &before, &after);
	}
}

/* Does it once with the n-th allocation failing. Whether that was asked for. */
static bool fail_one(size_t i, unsigned n, int *error)
{
	fail_in_child = operations[i].in_child ? n : 0;
	if (!fail_in_child)
		syscall(SYS_prctl, PR_FAIL_ALLOCATION, n, 0, 0, 0);
	*error = operations[i].run();
	fail_in_child = 0;
	return syscall(SYS_prctl, PR_FAIL_ALLOCATION, 0, 0, 0, 0) == 1;
}

/* Lets each allocation of an operation fail, one after the other. */
static void fail_each(size_t i)
{
	struct ledger before, after;
	bool failed = true;
	unsigned n;
	int error;

	for (n = 1; failed && n < 1000; n++) {
		/* The first time may touch memory of this program that it had not before. */
		fail_one(i, n, &error);
		ledger_read(&before);
		failed = fail_one(i, n, &error);
		ledger_read(&after);
		if (!same(operations[i].name, &before, &after))
			test_note("that was with allocation %u failing, and error %d", n, error);
		/* EFAULT: there was no page for what the call was to write. */
		if (error == ENOSYS)
			return;
		if (error && (!failed || (error != ENOMEM && error != EAGAIN && error != EFAULT)))
			test_fail(__FILE__, __LINE__, "%s: error %d with allocation %u failing",
				  operations[i].name, error, n);
	}
	test_note("%s: %u allocations", operations[i].name, n - 2);
}

TEST_WITHIN(60, failing_allocations)
{
	if (syscall(SYS_prctl, PR_FAIL_ALLOCATION, 0, 0, 0, 0) < 0)
		SKIP("FAULT_INJECTION");
	fit_script();
	for (size_t i = 0; i < sizeof(operations) / sizeof(operations[0]); i++)
		fail_each(i);
}

// SPDX-License-Identifier: MIT
/* Processes: fork, vfork, exit, wait, and who is whose child. */
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

TEST(child_sees_zero_and_another_pid)
{
	pid_t parent = getpid(), child = fork();

	if (child == 0)
		_exit(getpid() != parent && getppid() == parent ? 7 : 1);
	ASSERT(child > 0);
	EXPECT_EQ(WEXITSTATUS(status_of(child)), 7);
}

TEST(every_exit_status)
{
	for (int i = 0; i < 256; i += 17)
		EXPECT_EXIT(i, _exit(i));
	EXPECT_EXIT(0x34, _exit(0x1234)); /* the lowest byte counts */
}

TEST(status_names_the_signal)
{
	static const int signals[] = {
		SIGHUP, SIGINT, SIGKILL, SIGTERM, SIGUSR1, SIGPIPE, SIGALRM
	};

	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		EXPECT_SIGNAL(signals[i], kill(getpid(), signals[i]));
}

TEST(wait_without_children)
{
	EXPECT_ERROR(wait(NULL), ECHILD);
	EXPECT_ERROR(waitpid(getpid(), NULL, 0), ECHILD);
	EXPECT_ERROR(waitpid(1, NULL, WNOHANG), ECHILD);
	EXPECT_ERROR(waitpid(-1, NULL, 0x12345670), EINVAL);
}

TEST(wait_for_one_of_many)
{
	pid_t children[10];
	int status;

	for (int i = 0; i < 10; i++) {
		children[i] = fork();
		if (children[i] == 0)
			_exit(i);
	}
	for (int i = 9; i >= 0; i--) {
		EXPECT_EQ(waitpid(children[i], &status, 0), children[i]);
		EXPECT_EQ(WEXITSTATUS(status), i);
		EXPECT_ERROR(waitpid(children[i], &status, 0), ECHILD);
	}
}

TEST(wait_in_any_order)
{
	unsigned seen = 0;

	for (int i = 0; i < 20; i++)
		if (fork() == 0) {
			sched_yield();
			_exit(i);
		}
	for (int i = 0; i < 20; i++) {
		int status;

		ASSERT(wait(&status) > 0);
		seen |= 1u << WEXITSTATUS(status);
	}
	EXPECT_EQ(seen, 0xfffff);
	EXPECT_ERROR(wait(NULL), ECHILD);
}

TEST(wait_that_does_not_wait)
{
	int go[2];
	char byte;
	pid_t child;

	ASSERT(pipe(go) == 0);
	child = fork();
	if (child == 0) {
		close(go[1]);
		read(go[0], &byte, 1);
		_exit(5);
	}
	EXPECT_EQ(waitpid(child, NULL, WNOHANG), 0);
	EXPECT_EQ(waitpid(-1, NULL, WNOHANG), 0);
	close(go[1]);
	EXPECT_EQ(WEXITSTATUS(status_of(child)), 5);
}

TEST(wait_wakes_when_a_child_ends)
{
	pid_t child = fork();
	int64_t start = now_ns();

	if (child == 0) {
		sleep_ms(30);
		_exit(0);
	}
	EXPECT_EQ(wait(NULL), child);
	EXPECT(now_ns() - start >= 25000000);
}

TEST(memory_is_a_copy)
{
	static int data = 1;
	int *heap = malloc(sizeof(*heap)), stack = 3;

	*heap = 2;
	EXPECT_EXIT(6, {
		int sum = data + *heap + stack;

		data = *heap = stack = 100;
		_exit(sum);
	});
	EXPECT_EQ(data + *heap + stack, 6);
	free(heap);
}

/* Each level makes two children; the root counts all that have ended well. */
static int tree(int depth)
{
	int count = 1;
	pid_t children[2];

	if (depth == 0)
		return 1;
	for (int i = 0; i < 2; i++) {
		children[i] = fork();
		if (children[i] == 0)
			_exit(tree(depth - 1));
	}
	for (int i = 0; i < 2; i++)
		count += WEXITSTATUS(status_of(children[i]));
	return count;
}

TEST(tree_of_processes)
{
	EXPECT_EQ(tree(5), 63);
}

static int chain(int depth)
{
	pid_t child;

	if (depth == 0)
		return 0;
	child = fork();
	if (child == 0)
		_exit(chain(depth - 1));
	return WEXITSTATUS(status_of(child)) + 1;
}

TEST(chain_of_processes)
{
	EXPECT_EQ(chain(40), 40);
}

TEST(orphans_go_to_init)
{
	int *parent = shared_pages(1);
	pid_t child;

	ASSERT(parent != MAP_FAILED);
	child = fork();
	if (child == 0) {
		if (fork() == 0) {
			while (getppid() != 1)
				sleep_ms(1);
			__atomic_store_n(parent, getppid(), __ATOMIC_RELEASE);
			_exit(0);
		}
		_exit(0);
	}
	EXPECT_EQ(status_of(child), 0);
	for (int i = 0; i < 1000 && !__atomic_load_n(parent, __ATOMIC_ACQUIRE); i++)
		sleep_ms(1);
	EXPECT_EQ(*parent, 1);
}

TEST(zombie_keeps_its_pid)
{
	pid_t child = fork();

	if (child == 0)
		_exit(0);
	sleep_ms(10);
	EXPECT_EQ(kill(child, 0), 0);
	for (int i = 0; i < 20; i++) {
		pid_t other = fork();

		if (other == 0)
			_exit(0);
		EXPECT(other != child);
		status_of(other);
	}
	EXPECT_EQ(status_of(child), 0);
	EXPECT_ERROR(kill(child, 0), ESRCH);
}

TEST(pids_come_back_late)
{
	pid_t first = fork();

	if (first == 0)
		_exit(0);
	status_of(first);
	for (int i = 0; i < 100; i++) {
		pid_t pid = fork();

		if (pid == 0)
			_exit(0);
		EXPECT(pid != first);
		status_of(pid);
	}
}

TEST(vfork_shares_memory_and_holds_the_parent)
{
	volatile int shared = 1;
	int64_t start = now_ns();
	pid_t child = vfork();

	if (child == 0) {
		struct timespec request = { .tv_nsec = 20000000 };

		shared = 2;
		syscall(SYS_clock_nanosleep, 1, 0, &request, NULL);
		_exit(9);
	}
	ASSERT(child > 0);
	EXPECT_EQ(shared, 2);
	EXPECT(now_ns() - start >= 18000000);
	EXPECT_EQ(WEXITSTATUS(status_of(child)), 9);
}

TEST(vfork_child_is_killed)
{
	pid_t child = vfork();

	if (child == 0) {
		kill(getpid(), SIGKILL);
		_exit(0);
	}
	EXPECT_EQ(WTERMSIG(status_of(child)), SIGKILL);
}

/* A child that is killed at some point of its short life. */
TEST(kill_races_with_exit)
{
	for (int i = 0; i < TIMES(60, 3000); i++) {
		pid_t child = fork();
		int status;

		if (child == 0) {
			for (volatile int spin = 0; spin < i * 50; spin++)
				;
			_exit(3);
		}
		for (volatile int spin = 0; spin < (60 - i) * 50; spin++)
			;
		EXPECT_EQ(kill(child, SIGKILL), 0);
		status = status_of(child);
		EXPECT(status == W_EXITED(3) || WTERMSIG(status) == SIGKILL);
	}
}

TEST(wait_races_with_exit)
{
	for (int i = 0; i < TIMES(60, 3000); i++) {
		pid_t child = fork();

		if (child == 0) {
			if (i % 3 == 0)
				sched_yield();
			_exit(i & 0x7f);
		}
		if (i % 2)
			sched_yield();
		EXPECT_EQ(WEXITSTATUS(status_of(child)), i & 0x7f);
	}
}

/* Two parents' worth of children end while others are made. */
TEST(many_at_once)
{
	int alive = 0, ended = 0;

	for (int i = 0; i < TIMES(200, 5000); i++) {
		pid_t child = fork();

		if (child == 0) {
			for (int turns = i % 7; turns; turns--)
				sched_yield();
			_exit(0);
		}
		ASSERT(child > 0);
		if (++alive > 20 && wait(NULL) > 0) {
			alive--;
			ended++;
		}
	}
	while (wait(NULL) > 0)
		ended++;
	EXPECT_EQ(ended, TIMES(200, 5000));
}

TEST(parent_ends_first)
{
	int done[2];
	char byte;
	pid_t child;

	ASSERT(pipe(done) == 0);
	child = fork();
	if (child == 0) {
		for (int i = 0; i < 5; i++)
			if (fork() == 0) {
				sleep_ms(5);
				_exit(0);
			}
		_exit(0);
	}
	close(done[1]);
	EXPECT_EQ(status_of(child), 0);
	EXPECT_EQ(read(done[0], &byte, 1), 0); /* the last of them has closed its end */
}

TEST(ignored_children_leave_no_zombies)
{
	pid_t child;

	signal(SIGCHLD, SIG_IGN);
	child = fork();
	if (child == 0)
		_exit(1);
	EXPECT_ERROR(waitpid(child, NULL, 0), ECHILD);
}

TEST(stop_and_continue)
{
	pid_t child = fork();
	int status;

	if (child == 0)
		for (;;)
			sched_yield();
	EXPECT_EQ(kill(child, SIGSTOP), 0);
	EXPECT_EQ(waitpid(child, &status, WUNTRACED), child);
	EXPECT(WIFSTOPPED(status) && WSTOPSIG(status) == SIGSTOP);
	EXPECT_EQ(waitpid(child, &status, WNOHANG | WUNTRACED), 0);
	EXPECT_EQ(kill(child, SIGCONT), 0);
	EXPECT_EQ(waitpid(child, &status, WCONTINUED), child);
	EXPECT(WIFCONTINUED(status));
	EXPECT_EQ(kill(child, SIGSTOP), 0);
	EXPECT_EQ(kill(child, SIGKILL), 0); /* a stopped one, too */
	EXPECT_EQ(WTERMSIG(status_of(child)), SIGKILL);
}

TEST(groups)
{
	pid_t a, b;

	a = fork();
	if (a == 0) {
		setpgid(0, 0);
		for (;;)
			pause();
	}
	setpgid(a, a);
	b = fork();
	if (b == 0) {
		setpgid(0, a);
		for (;;)
			pause();
	}
	EXPECT_EQ(setpgid(b, a), 0);
	EXPECT_EQ(waitpid(-a, NULL, WNOHANG), 0);
	EXPECT_EQ(kill(-a, SIGTERM), 0);
	EXPECT(waitpid(-a, NULL, 0) > 0);
	EXPECT(waitpid(-a, NULL, 0) > 0);
	EXPECT_ERROR(waitpid(-a, NULL, 0), ECHILD);
	EXPECT_ERROR(kill(-a, SIGTERM), ESRCH);
}

// SPDX-License-Identifier: MIT
/* clone with flags that neither fork nor the thread library use, and what else is told of children. */
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <tessera/clone.h>
#include <tessera/futex.h>
#include <time.h>
#include <unistd.h>

#include "test.h"

/* The order of the last two arguments differs. */
#ifdef __x86_64__
#define CLONE(flags, child_tid) (pid_t) syscall(SYS_clone, flags, 0, 0, child_tid, 0)
#else
#define CLONE(flags, child_tid) (pid_t) syscall(SYS_clone, flags, 0, 0, 0, child_tid)
#endif

TEST(child_finds_its_number)
{
	volatile pid_t number = 0;
	pid_t child = CLONE(CLONE_CHILD_SETTID | SIGCHLD, &number);

	if (child == 0)
		_exit(number == getpid() ? 5 : 1);
	EXPECT_EQ(WEXITSTATUS(status_of(child)), 5);
	EXPECT_EQ(number, 0); /* in the child's memory, not in ours */
	child = CLONE(CLONE_CHILD_SETTID | SIGCHLD, unmapped());
	if (child == 0)
		_exit(6); /* without the number, as on Linux */
	EXPECT_EQ(WEXITSTATUS(status_of(child)), 6);
}

/* Only for those who share its memory: this child's is its own. */
TEST(end_of_a_child_is_not_written_down)
{
	volatile uint32_t *word = shared_pages(1);
	pid_t child;

	*word = 7;
	child = CLONE(CLONE_CHILD_CLEARTID | SIGCHLD, word);
	if (child == 0)
		_exit(0);
	EXPECT_EQ(status_of(child), 0);
	EXPECT_EQ(*word, 7);
}

/* Who executes a program gets descriptors of his own. */
TEST(exec_leaves_shared_descriptors_alone)
{
	int file = open("/bin/sh", O_RDONLY | O_CLOEXEC), other;
	pid_t child = CLONE(CLONE_FILES | SIGCHLD, 0);

	if (child == 0) {
		if (dup2(file, 12) != 12)
			_exit(1);
		execl("/bin/true", "true", NULL);
		_exit(127);
	}
	EXPECT_EQ(status_of(child), 0);
	EXPECT_EQ(fcntl(file, F_GETFD), FD_CLOEXEC);
	other = fcntl(12, F_GETFD); /* made while they were shared */
	EXPECT_EQ(other, 0);
}

TEST(groups_of_children)
{
	pid_t child = vfork();

	if (child == 0) {
		execl("/bin/sleep", "sleep", "100", NULL);
		_exit(127);
	}
	EXPECT_ERROR(setpgid(child, child), EACCES); /* it has executed a program */
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	child = fork();
	if (child == 0)
		pause();
	EXPECT_ERROR(setpgid(child, 32000), EPERM); /* there is no such group */
	EXPECT_EQ(setpgid(child, 0), 0);
	EXPECT_EQ(syscall(SYS_getpgid, child), child);
	EXPECT_EQ(setpgid(child, getpgrp()), 0);
	kill(child, SIGKILL);
	EXPECT_ERROR(syscall(SYS_wait4, -0x7fffffff - 1, NULL, 0, NULL), ESRCH);
	EXPECT_ERROR(syscall(SYS_wait4, child, unmapped(), 0, NULL), EFAULT);
	child = fork();
	if (child == 0)
		_exit(0);
	EXPECT_ERROR(syscall(SYS_wait4, child, NULL, 0, unmapped()), EFAULT);
}

TEST(futex_until_a_time)
{
	uint32_t word = 3;
	struct timespec until;
	int64_t start = now_ns();

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += 20000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_nsec -= 1000000000;
		until.tv_sec++;
	}
	for (int again = 0; again < 2; again++) /* the second time it has passed */
		EXPECT_ERROR(syscall(SYS_futex, &word, FUTEX_WAIT_BITSET, 3, &until, NULL,
				     FUTEX_BITSET_ALL),
			     ETIMEDOUT);
	EXPECT(now_ns() - start >= 20000000 && now_ns() - start < 60000000);
	EXPECT_ERROR(syscall(SYS_futex, &word, FUTEX_WAIT_BITSET, 3, &until, NULL, 0), EINVAL);
	EXPECT_ERROR(syscall(SYS_futex, &word, FUTEX_WAKE_BITSET, 1, NULL, NULL, 0), EINVAL);
}

static int changed;

static void change_stack(int number)
{
	stack_t other = { .ss_sp = pages(4), .ss_size = 4 * PAGE };

	(void)number;
	errno = 0;
	changed = sigaltstack(&other, NULL) < 0 ? errno : 0;
}

TEST(signals_and_bad_memory)
{
	stack_t stack = { .ss_sp = pages(4), .ss_size = 4 * PAGE };
	struct sigaction action = { .sa_handler = change_stack, .sa_flags = SA_ONSTACK };
	size_t size = sizeof(sigset_t);
	sigset_t set;

	sigemptyset(&set);
	EXPECT_EQ(sigaltstack(&stack, NULL), 0);
	EXPECT_EQ(sigaction(SIGUSR1, &action, NULL), 0);
	raise(SIGUSR1);
	EXPECT_EQ(changed, EPERM); /* not while a handler is on it */
	EXPECT_ERROR(syscall(SYS_rt_sigprocmask, SIG_BLOCK, unmapped(), NULL, size), EFAULT);
	EXPECT_ERROR(syscall(SYS_rt_sigprocmask, SIG_BLOCK, &set, unmapped(), size), EFAULT);
	EXPECT_ERROR(syscall(SYS_rt_sigsuspend, unmapped(), size), EFAULT);
	EXPECT_ERROR(syscall(SYS_rt_sigpending, unmapped(), size), EFAULT);
	EXPECT_ERROR(syscall(SYS_rt_sigaction, SIGUSR1, unmapped(), NULL, size), EFAULT);
	EXPECT_ERROR(syscall(SYS_rt_sigaction, SIGUSR1, NULL, unmapped(), size), EFAULT);
	EXPECT_EQ(syscall(SYS_getrandom, &set, 0, 0), 0);
}

TEST(advice)
{
	char *memory = pages(2);

	memory[0] = 1;
	for (int advice = 0; advice <= 3; advice++) {
		EXPECT_EQ(syscall(SYS_madvise, memory, PAGE, advice), 0);
		EXPECT_ERROR(syscall(SYS_madvise, memory + 1, PAGE, advice), EINVAL);
	}
	EXPECT_EQ(memory[0], 1);
	EXPECT_ERROR(syscall(SYS_madvise, memory, PAGE, 1234), EINVAL);
}

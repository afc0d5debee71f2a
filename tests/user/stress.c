// SPDX-License-Identifier: MIT
/* The same thing very often, and more than there is: the kernel says no, and goes on. */
#include <fcntl.h>
#include <ipc.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

TEST_WITHIN(60, fork_and_exit)
{
	for (int i = 0; i < TIMES(500, 100000); i++) {
		pid_t child = fork();

		if (child == 0)
			_exit(i & 0x7f);
		ASSERT(child > 0);
		EXPECT_EQ(status_of(child), W_EXITED(i & 0x7f));
	}
}

TEST_WITHIN(60, execute)
{
	for (volatile int i = 0; i < TIMES(100, 10000); i++) {
		pid_t child = vfork();

		if (child == 0) {
			execl("/bin/true", "true", NULL);
			_exit(1);
		}
		ASSERT(child > 0);
		EXPECT_EQ(status_of(child), 0);
	}
}

/* ---- Memory ---- */

static void __attribute__((noreturn)) eat_memory(void)
{
	for (;;) {
		char *memory = pages(256);

		if (memory == MAP_FAILED)
			_exit(3);
		for (size_t i = 0; i < 256; i++)
			memory[i * PAGE] = 1;
	}
}

TEST(out_of_memory_ends_who_asked)
{
	NEED_SPACE(free_pages() * PAGE);
	for (int i = 0; i < 2; i++) {
		pid_t child = fork();

		if (child == 0)
			eat_memory();
		EXPECT_EQ(WTERMSIG(status_of(child)), SIGKILL);
	}
	EXPECT_EXIT(0, memset(pages(100), 1, 100 * PAGE));
}

/* Each of several processes wants all of it. */
TEST(out_of_memory_for_many)
{
	NEED_SPACE(free_pages() * PAGE);
	for (int i = 0; i < 4; i++)
		if (fork() == 0)
			eat_memory();
	for (int i = 0; i < 4; i++)
		EXPECT(wait(NULL) > 0);
	EXPECT_EXIT(0, memset(pages(100), 1, 100 * PAGE));
}

TEST(out_of_memory_in_the_kernel)
{
	/* A child that has nearly all of it makes pipes, processes and mappings until nothing goes. */
	pid_t child;

	NEED_SPACE(free_pages() * PAGE);
	child = fork();
	if (child == 0) {
		char buffer[PAGE];
		int ends[2];

		for (;;) {
			char *memory = pages(64);

			if (free_pages() < 200)
				break;
			memset(memory, 1, 64 * PAGE);
		}
		signal(SIGPIPE, SIG_IGN);
		for (int i = 0; i < 50; i++) {
			if (pipe2(ends, O_NONBLOCK) == 0)
				write(ends[1], buffer, sizeof(buffer));
			if (fork() == 0)
				_exit(0);
			pages(1);
		}
		_exit(0);
	}
	status_of(child);
	EXPECT_EXIT(7, _exit(7));
}

/* ---- Processes ---- */

static void *lock_it(void *lock)
{
	pthread_mutex_lock(lock);
	return lock;
}

TEST_WITHIN(60, as_many_processes_as_there_can_be)
{
	int go[2], count = 0, ended = 0;
	char byte;
	pid_t child;

	ASSERT(pipe(go) == 0);
	while ((child = fork()) >= 0 && count < 5000) {
		if (child == 0) {
			close(go[1]);
			read(go[0], &byte, 1);
			_exit(0);
		}
		count++;
	}
	if (child < 0)
		EXPECT(errno == EAGAIN || errno == ENOMEM);
	EXPECT(count > 50);
	close(go[1]); /* all end */
	while (wait(NULL) > 0)
		ended++;
	EXPECT_EQ(ended, count);
	EXPECT_EXIT(5, _exit(5));
}

TEST(as_many_threads_as_there_can_be)
{
	NEED_SPACE(6 << 20); /* for stacks */
	EXPECT_EXIT(0, {
		static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
		pthread_t thread;
		int error, count = 0;

		pthread_mutex_lock(&lock);
		while ((error = pthread_create(&thread, NULL, lock_it, &lock)) == 0 && count < 5000)
			count++;
		_exit(count > 50 && (error == 0 || error == EAGAIN || error == ENOMEM) ? 0 : 1);
	});
}

TEST(fork_bomb)
{
	pid_t child = fork();

	if (child == 0) {
		setpgid(0, 0);
		for (;;) {
			fork();
			sched_yield(); /* so that everybody has a turn soon */
		}
	}
	setpgid(child, child);
	sleep_ms(30);
	EXPECT_EQ(kill(-child, SIGKILL), 0); /* none of them gets away */
	EXPECT_EQ(WTERMSIG(status_of(child)), SIGKILL);
	while (kill(-child, 0) == 0)
		sleep_ms(1);
	EXPECT_EXIT(5, _exit(5));
}

TEST(zombies)
{
	int made = 0, ended = 0;
	pid_t child;

	for (; made < 300 && (child = fork()) >= 0; made++)
		if (child == 0)
			_exit(0);
	sleep_ms(20);
	while (wait(NULL) > 0)
		ended++;
	EXPECT(made > 100);
	EXPECT_EQ(ended, made);
}

/* ---- Descriptors ---- */

/* As many as one process may have, in as many processes as it takes to use up the system's. Where memory is
 * used up sooner, some processes are killed. */
TEST(as_many_files_as_there_can_be)
{
	pid_t children[40];
	int status[40], ends[2], count = 0;

	for (; count < 40; count++) {
		children[count] = fork();
		if (children[count] < 0)
			break;
		if (children[count] == 0) {
			while (pipe(ends) == 0)
				;
			if (errno != EMFILE && errno != ENFILE && errno != ENOMEM)
				test_fail(__FILE__, __LINE__, "pipe: error %d", errno);
			for (;;)
				kill(getpid(), SIGSTOP);
		}
	}
	EXPECT(count > 0);
	for (int i = 0; i < count; i++)
		ASSERT(waitpid(children[i], &status[i], WUNTRACED) == children[i]);
	for (int i = 0; i < count; i++) {
		if (WIFSTOPPED(status[i])) {
			kill(children[i], SIGKILL);
			status[i] = status_of(children[i]);
		}
		EXPECT_EQ(WTERMSIG(status[i]), SIGKILL);
	}
	EXPECT_EQ(pipe(ends), 0);
}

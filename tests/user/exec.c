// SPDX-License-Identifier: MIT
/* execve: what a new program finds, what it keeps, and what cannot be executed. */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

#define MALFORMED "/tests/malformed"

/* What a shell's words print, as far as it fits. Its status. */
static int output_of(const char *commands, char *text, size_t size)
{
	int ends[2];
	size_t n = 0;
	ssize_t part;
	pid_t child;

	if (pipe(ends) != 0)
		return -1;
	child = fork();
	if (child == 0) {
		dup2(ends[1], STDOUT_FILENO);
		close(ends[0]);
		close(ends[1]);
		execl("/bin/sh", "sh", "-c", commands, NULL);
		_exit(127);
	}
	close(ends[1]);
	while ((part = read(ends[0], text + n, size - 1 - n)) > 0)
		n += (size_t)part;
	text[n] = '\0';
	close(ends[0]);
	return WEXITSTATUS(status_of(child));
}

TEST(arguments_and_environment_arrive)
{
	char text[256];
	pid_t child;
	int ends[2];
	ssize_t n;

	ASSERT(pipe(ends) == 0);
	child = fork();
	if (child == 0) {
		char *argv[] = { "sh", "-c", "echo $0,$1,$2 $A$B", "zero", "one", "two", NULL };
		char *envp[] = { "A=x", "B=y z", "PATH=/bin", NULL };

		dup2(ends[1], STDOUT_FILENO);
		execve("/bin/sh", argv, envp);
		_exit(127);
	}
	EXPECT_EQ(status_of(child), 0);
	n = read(ends[0], text, sizeof(text));
	EXPECT_EQ(n, (long)strlen("zero,one,two xy z\n"));
	EXPECT_EQ(strncmp(text, "zero,one,two xy z\n", (size_t)n), 0);
}

/* The status of a program that gets a word so long, and ends with the number of its words. */
static int status_with(size_t length)
{
	char *argv[] = { "sh", "-c", "exit $#", "name", NULL, NULL };
	char *none[] = { NULL }, *word = pages(length / PAGE + 1);
	pid_t child;

	memset(word, 'x', length);
	argv[4] = word;
	child = fork();
	if (child == 0) {
		execve("/bin/sh", argv, none);
		_exit(errno);
	}
	return status_of(child);
}

TEST(long_arguments)
{
	int status = status_with(8 * PAGE - 1);

	EXPECT_EQ(status_with(2000), W_EXITED(1)); /* in every configuration */
	if (status == W_EXITED(E2BIG))
		SKIP("USER_ARGUMENTS_MAX");
	EXPECT_EQ(status, W_EXITED(1));
}

TEST(too_long_arguments)
{
	static char *argv[600];
	char *word = pages(16);

	memset(word, 'x', 16 * PAGE - 1);
	for (int i = 0; i < 599; i++)
		argv[i] = word; /* 38 MiB in all */
	EXPECT_EXIT(0, {
		execv("/bin/true", argv);
		_exit(errno != E2BIG);
	});
}

TEST(bad_arguments)
{
	char *good[] = { "true", NULL };
	char *bad[] = { "true", (char *)1, NULL };
	char *kernel[] = { KERNEL_ADDRESS, NULL };

	EXPECT_ERROR(execve(NULL, good, NULL), EFAULT);
	EXPECT_ERROR(execve(unmapped(), good, NULL), EFAULT);
	EXPECT_ERROR(execve(KERNEL_ADDRESS, good, NULL), EFAULT);
	EXPECT_ERROR(execve("/bin/true", unmapped(), NULL), EFAULT);
	EXPECT_ERROR(execve("/bin/true", bad, NULL), EFAULT);
	EXPECT_ERROR(execve("/bin/true", kernel, NULL), EFAULT);
	EXPECT_ERROR(execve("/bin/true", good, unmapped()), EFAULT);
	EXPECT_ERROR(execve("", good, NULL), ENOENT);
	EXPECT_ERROR(execve("/no/such/file", good, NULL), ENOENT);
	EXPECT_ERROR(execve("/bin/true/x", good, NULL), ENOTDIR);
	EXPECT_ERROR(execve("/bin", good, NULL), EACCES);
}

TEST(no_arguments_at_all)
{
	EXPECT_EXIT(0, execve("/bin/true", NULL, NULL));
}

TEST(descriptors_stay_but_for_those_to_close)
{
	char text[64], commands[64];
	int kept = open("/bin/true", O_RDONLY), closed = open("/bin/true", O_RDONLY | O_CLOEXEC);

	ASSERT(kept >= 0 && closed >= 0 && kept < 10 && closed < 10);
	snprintf(commands, sizeof(commands), "cat <&%d | wc -c; cat <&%d", kept, closed);
	EXPECT_EQ(output_of(commands, text, sizeof(text)), 1);
	EXPECT(atoi(text) > 1000);
}

TEST(handlers_do_not_survive_ignoring_does)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	/* The shell kills itself; what is ignored or blocked does not end it. */
	EXPECT_EXIT(0, {
		signal(SIGUSR1, SIG_IGN);
		sigprocmask(SIG_BLOCK, &set, NULL);
		execl("/bin/sh", "sh", "-c", "kill -USR1 $$; kill -USR2 $$", NULL);
	});
	EXPECT_SIGNAL(SIGTERM, {
		signal(SIGTERM, (sighandler_t)abort);
		execl("/bin/sh", "sh", "-c", "kill -TERM $$; sleep 1", NULL);
	});
}

TEST(memory_is_given_back)
{
	size_t before = 0;

	NEED_SPACE(600 * PAGE);
	for (int i = 0; i < 2; i++) { /* the first time leaves what is kept for reuse */
		before = free_pages();
		EXPECT_EXIT(0, {
			memset(pages(512), 1, 512 * PAGE);
			execl("/bin/true", "true", NULL);
		});
	}
	EXPECT(before - free_pages() < 30);
}

TEST(auxiliary_vector)
{
	const unsigned char *random = (void *)getauxval(AT_RANDOM);
	unsigned sum = 0;

	EXPECT_EQ(getauxval(AT_PAGESZ), PAGE);
	EXPECT(getauxval(AT_PHDR) != 0);
	EXPECT(getauxval(AT_PHNUM) >= 2);
	EXPECT(getauxval(AT_ENTRY) != 0);
	EXPECT_EQ(getauxval(AT_SECURE), 0);
	ASSERT(random != NULL);
	for (int i = 0; i < 16; i++)
		sum |= random[i];
	EXPECT(sum != 0);
	EXPECT(getauxval(AT_EXECFN) != 0 &&
	       strcmp(strrchr((char *)getauxval(AT_EXECFN), '/'), "/exec") == 0);
}

TEST(after_vfork)
{
	pid_t child = vfork();

	if (child == 0) {
		execl("/bin/false", "false", NULL);
		_exit(99);
	}
	EXPECT_EQ(WEXITSTATUS(status_of(child)), 1);
}

static int error_named(const char *name, size_t n)
{
	static const struct {
		const char *name;
		int number;
	} errors[] = { { "ENOEXEC", ENOEXEC }, { "ENOENT", ENOENT }, { "EACCES", EACCES } };

	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		if (strlen(errors[i].name) == n && strncmp(errors[i].name, name, n) == 0)
			return errors[i].number;
	return 0;
}

/* In a child: 200 + error if it cannot be executed. */
static int execute(const char *path)
{
	pid_t child = fork();

	if (child == 0) {
		execl(path, "malformed", NULL);
		_exit(200 + errno);
	}
	return status_of(child);
}

TEST(malformed_programs)
{
	DIR *folder = opendir(MALFORMED);
	struct dirent *entry;
	char path[128];
	int count = 0;

	ASSERT(folder != NULL);
	while ((entry = readdir(folder))) {
		const char *dash = strchr(entry->d_name, '-');
		int status, error;

		if (entry->d_name[0] == '.' || !dash)
			continue;
		snprintf(path, sizeof(path), MALFORMED "/%s", entry->d_name);
		status = execute(path);
		error = error_named(entry->d_name, (size_t)(dash - entry->d_name));
		if (status != W_EXITED(error ? 200 + error : atoi(entry->d_name)))
			test_fail(__FILE__, __LINE__, "%s: status %#x", entry->d_name, status);
		count++;
	}
	closedir(folder);
	EXPECT(count > 40);
}

TEST(many_times)
{
	for (volatile int i = 0; i < TIMES(30, 10000); i++) {
		pid_t child = vfork();

		if (child == 0) {
			execl("/bin/true", "true", NULL);
			_exit(1);
		}
		ASSERT(child > 0);
		EXPECT_EQ(status_of(child), 0);
	}
}

/* A program that executes itself again and again, with a number that goes down. */
TEST(chain_of_programs)
{
	char text[16];

	EXPECT_EQ(output_of("sh -c 'sh -c \"exec sh -c \\\"echo deep\\\"\"'", text, sizeof(text)),
		  0);
	EXPECT_EQ(strcmp(text, "deep\n"), 0);
}

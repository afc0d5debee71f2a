// SPDX-License-Identifier: MIT
/* The shell and the tools, as a person would use them. */
#include <ipc.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

/* Runs a line; what it prints and its status must be these. */
static void expect(const char *line, const char *output, int status)
{
	char text[512];
	size_t n = 0;
	ssize_t part;
	int ends[2], found;
	pid_t child;

	if (pipe(ends) != 0 || (child = fork()) < 0) {
		test_fail(__FILE__, __LINE__, "no process for: %s", line);
		return;
	}
	if (child == 0) {
		dup2(ends[1], STDOUT_FILENO);
		dup2(ends[1], STDERR_FILENO);
		close(ends[0]);
		close(ends[1]);
		execl("/bin/sh", "sh", "-c", line, NULL);
		_exit(127);
	}
	close(ends[1]);
	while ((part = read(ends[0], text + n, sizeof(text) - 1 - n)) > 0)
		n += (size_t)part;
	text[n] = '\0';
	close(ends[0]);
	found = WEXITSTATUS(status_of(child));
	if (found != status || strcmp(text, output) != 0)
		test_fail(__FILE__, __LINE__, "`%s` prints \"%s\" with status %d", line, text,
			  found);
}

TEST(words)
{
	expect("echo a  b", "a b\n", 0);
	expect("echo 'a  b' \"c  d\" e\\ f", "a  b c  d e f\n", 0);
	expect("echo a # and nothing else", "a\n", 0);
	expect("echo ''x\"\"", "x\n", 0);
	expect("echo \"it's\"", "it's\n", 0);
	expect("", "", 0);
}

TEST(variables)
{
	expect("A=1; B=\"$A 2\"; echo $B ${A}b '$A' \"$A\"", "1 2 1b $A 1\n", 0);
	expect("A='x y'; echo $A z", "x y z\n", 0);
	expect("false; echo $?", "1\n", 0);
	expect("export A=5; sh -c 'echo $A'", "5\n", 0);
	expect("A=5; unset A; echo [$A]", "[]\n", 0);
	expect("echo $NOTHING end", "end\n", 0);
}

TEST(lists)
{
	expect("true && echo yes || echo no", "yes\n", 0);
	expect("false && echo yes || echo no", "no\n", 0);
	expect("! false && echo inverted", "inverted\n", 0);
	expect("echo a; echo b", "a\nb\n", 0);
	expect("exit 7", "", 7);
	expect("false", "", 1);
	expect("sleep 0.01 & wait; echo done", "done\n", 0);
	expect("sh -c 'exit 5' & wait $!; echo $?", "5\n", 0);
}

TEST(pipes_and_redirections)
{
	expect("echo hello | cat | cat", "hello\n", 0);
	expect("echo a b c | wc -w", "3\n", 0);
	expect("cat < /bin/true | wc -c > /dev/null", "", 0);
	expect("echo lost > /dev/null", "", 0);
	expect("ls /nowhere 2> /dev/null || echo bad", "bad\n", 0);
	expect("echo x | false", "", 1);
	expect("ls /bin | head -n 1 | wc -l", "1\n", 0);
	expect("nosuchprogram", "sh: nosuchprogram: no such file or folder\n", 127);
	expect("cat < /nosuchfile", "sh: /nosuchfile: no such file or folder\n", 1);
}

TEST(mistakes)
{
	expect("echo 'a", "sh: a quote is not closed: 'a\n", 2);
	expect("| cat", "sh: a command is missing: | cat\n", 2);
	expect("cat <", "sh: a redirection has no file: end of line\n", 2);
	expect("kill -9 $$", "", 0); /* by a signal */
}

TEST(folders)
{
	expect("cd /bin; cd ..; cd /tests/malformed/..; pwd=1; sh -c 'ls run'", "run\n", 0);
	expect("cd /nowhere", "cd: /nowhere: no such file or folder\n", 1);
	expect("ls /bin/sh", "/bin/sh\n", 0);
}

TEST(tools)
{
	expect("kill 99999", "99999: no such process\n", 1);
	expect("sleep x", "usage: sleep SECONDS\n", 2);
	expect("ps | head -n 1 | wc -l", "1\n", 0);
	expect("ps | wc -l > /dev/null && free > /dev/null && uptime > /dev/null", "", 0);
	expect("uname | wc -l", "1\n", 0);
	expect("dmesg | head -n 1 | wc -l", "1\n", 0);
}

/* The demonstrators, where the kernel has what they show. */
TEST(ping_pong)
{
	if (access("/bin/ping_pong", X_OK) != 0)
		SKIP("IPC_EVENT");
	expect("ping_pong 100 | wc -l", "100\n", 0);
}

TEST(producer_consumer)
{
	if (access("/bin/producer_consumer", X_OK) != 0)
		SKIP("IPC_SEMAPHORE");
	if (semaphore_create(4, 0) < 0)
		SKIP("SEMAPHORE_MAX_COUNT");
	expect("producer_consumer 50 | wc -l", "50\n", 0);
}

TEST(mailbox)
{
	if (access("/bin/mailbox", X_OK) != 0)
		SKIP("IPC_MESSAGE_BOX");
	if (message_box_create(4, 1, 0) < 0)
		SKIP("MESSAGE_BOX_MAX_SLOTS");
	if (message_box_create(1, 36, 0) < 0)
		SKIP("MESSAGE_BOX_MAX_SIZE");
	expect("mailbox a bc def | wc -l", "6\n", 0);
}

// SPDX-License-Identifier: MIT
/* Pipes. */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

static int ends[2];

TEST(bytes_come_in_order)
{
	char buffer[16] = "";

	ASSERT(pipe(ends) == 0);
	EXPECT_EQ(write(ends[1], "hello ", 6), 6);
	EXPECT_EQ(write(ends[1], "world", 6), 6);
	EXPECT_EQ(read(ends[0], buffer, 4), 4);
	EXPECT_EQ(read(ends[0], buffer + 4, 12), 8);
	EXPECT_EQ(strcmp(buffer, "hello world"), 0);
}

TEST(end_of_file)
{
	char byte;

	ASSERT(pipe(ends) == 0);
	write(ends[1], "x", 1);
	close(ends[1]);
	EXPECT_EQ(read(ends[0], &byte, 1), 1);
	EXPECT_EQ(read(ends[0], &byte, 1), 0);
	EXPECT_EQ(read(ends[0], &byte, 1), 0);
}

TEST(nobody_reads)
{
	ASSERT(pipe(ends) == 0);
	close(ends[0]);
	EXPECT_SIGNAL(SIGPIPE, write(ends[1], "x", 1));
	signal(SIGPIPE, SIG_IGN);
	EXPECT_ERROR(write(ends[1], "x", 1), EPIPE);
}

TEST(wrong_ends)
{
	char byte;

	ASSERT(pipe(ends) == 0);
	EXPECT_ERROR(read(ends[1], &byte, 1), EBADF);
	EXPECT_ERROR(write(ends[0], "x", 1), EBADF);
	EXPECT_ERROR(lseek(ends[0], 0, SEEK_SET), ESPIPE);
	EXPECT_ERROR(pipe2(ends, 0x40000000), EINVAL);
	EXPECT_ERROR(pipe2(unmapped(), 0), EFAULT);
}

TEST(a_reader_waits_for_a_writer)
{
	char byte = 0;
	pid_t child;

	ASSERT(pipe(ends) == 0);
	child = fork();
	if (child == 0) {
		sleep_ms(5);
		write(ends[1], "z", 1);
		_exit(0);
	}
	EXPECT_EQ(read(ends[0], &byte, 1), 1);
	EXPECT_EQ(byte, 'z');
	EXPECT_EQ(status_of(child), 0);
}

TEST(more_than_fits)
{
	static unsigned char sent[300000], got[300000];
	size_t n = 0;
	ssize_t part;
	pid_t child;

	for (size_t i = 0; i < sizeof(sent); i++)
		sent[i] = (unsigned char)(i * 7 + (i >> 8));
	ASSERT(pipe(ends) == 0);
	child = fork();
	if (child == 0) {
		close(ends[0]);
		_exit(write(ends[1], sent, sizeof(sent)) == sizeof(sent) ? 0 : 1);
	}
	close(ends[1]);
	while ((part = read(ends[0], got + n, 4097)) > 0)
		n += (size_t)part;
	EXPECT_EQ(n, sizeof(sent));
	EXPECT_EQ(memcmp(sent, got, sizeof(sent)), 0);
	EXPECT_EQ(status_of(child), 0);
}

/* Writes of up to 4096 bytes are not torn apart. */
TEST(small_writes_stay_whole)
{
	static char buffer[1000];
	int seen[4] = { 0 };
	char got[1000];
	size_t n = 0;
	ssize_t part;

	ASSERT(pipe(ends) == 0);
	for (int writer = 0; writer < 4; writer++) {
		if (fork() == 0) {
			memset(buffer, 'a' + writer, sizeof(buffer));
			for (int i = 0; i < 30; i++)
				if (write(ends[1], buffer, sizeof(buffer)) != sizeof(buffer))
					_exit(1);
			_exit(0);
		}
	}
	close(ends[1]);
	for (;;) {
		for (n = 0; n < sizeof(got); n += (size_t)part) {
			part = read(ends[0], got + n, sizeof(got) - n);
			if (part <= 0)
				break;
		}
		if (n < sizeof(got))
			break;
		for (size_t i = 1; i < sizeof(got); i++)
			EXPECT_EQ(got[i], got[0]);
		seen[got[0] - 'a']++;
	}
	for (int writer = 0; writer < 4; writer++) {
		EXPECT_EQ(seen[writer], 30);
		EXPECT_EQ(wait(NULL) > 0, 1);
	}
}

TEST(without_waiting)
{
	char buffer[PAGE];
	size_t total = 0;
	ssize_t n;

	ASSERT(pipe2(ends, O_NONBLOCK) == 0);
	EXPECT_ERROR(read(ends[0], buffer, 1), EAGAIN);
	while ((n = write(ends[1], buffer, sizeof(buffer))) > 0)
		total += (size_t)n;
	EXPECT_EQ(errno, EAGAIN);
	EXPECT(total >= PAGE);
	while (total) {
		n = read(ends[0], buffer, sizeof(buffer));
		ASSERT(n > 0);
		total -= (size_t)n;
	}
	EXPECT_ERROR(read(ends[0], buffer, 1), EAGAIN);
}

TEST(a_killed_writer_leaves_the_pipe_usable)
{
	char buffer[PAGE];
	pid_t child;

	ASSERT(pipe(ends) == 0);
	child = fork();
	if (child == 0)
		for (;;)
			write(ends[1], buffer, sizeof(buffer));
	sleep_ms(3);
	kill(child, SIGKILL);
	status_of(child);
	close(ends[1]);
	while (read(ends[0], buffer, sizeof(buffer)) > 0)
		;
	EXPECT_EQ(read(ends[0], buffer, 1), 0);
}

TEST(bad_buffers)
{
	char *memory = pages(2);

	munmap(memory + PAGE, PAGE);
	ASSERT(pipe(ends) == 0);
	EXPECT_ERROR(write(ends[1], unmapped(), 10), EFAULT);
	EXPECT_EQ(write(ends[1], "abc", 3), 3);
	EXPECT_ERROR(read(ends[0], unmapped(), 3), EFAULT);
	EXPECT_ERROR(read(ends[0], KERNEL_ADDRESS, 3), EFAULT);
	EXPECT_EQ(read(ends[0], memory, 3), 3); /* nothing is lost */
	EXPECT_EQ(memcmp(memory, "abc", 3), 0);
}

TEST(pieces)
{
	char a[3] = "", b[5] = "";
	struct iovec out[] = { { "ab", 2 }, { "", 0 }, { "cdef", 4 } };
	struct iovec in[] = { { a, 2 }, { b, 4 } };

	ASSERT(pipe(ends) == 0);
	EXPECT_EQ(writev(ends[1], out, 3), 6);
	EXPECT_EQ(readv(ends[0], in, 2), 6);
	EXPECT_EQ(strcmp(a, "ab"), 0);
	EXPECT_EQ(strcmp(b, "cdef"), 0);
	EXPECT_ERROR(writev(ends[1], out, -1), EINVAL);
	EXPECT_ERROR(writev(ends[1], out, 2000), EINVAL);
	EXPECT_EQ(writev(ends[1], out, 0), 0);
}

TEST(poll_tells)
{
	struct pollfd entries[2];
	int64_t start = now_ns();

	ASSERT(pipe(ends) == 0);
	entries[0] = (struct pollfd){ .fd = ends[0], .events = POLLIN };
	entries[1] = (struct pollfd){ .fd = ends[1], .events = POLLOUT };
	EXPECT_EQ(poll(entries, 2, 1000), 1);
	EXPECT_EQ(entries[0].revents, 0);
	EXPECT_EQ(entries[1].revents, POLLOUT);
	EXPECT_EQ(poll(entries, 1, 5), 0);
	EXPECT(now_ns() - start >= 4500000);
	write(ends[1], "x", 1);
	EXPECT_EQ(poll(entries, 1, -1), 1);
	EXPECT_EQ(entries[0].revents, POLLIN);
	close(ends[1]);
	EXPECT_EQ(poll(entries, 1, -1), 1);
	EXPECT_EQ(entries[0].revents, POLLIN | POLLHUP);
	EXPECT_EQ(poll(entries + 1, 1, 0), 1);
	EXPECT_EQ(entries[1].revents, POLLNVAL);
}

TEST(poll_waits)
{
	struct pollfd entry;
	pid_t child;

	ASSERT(pipe(ends) == 0);
	child = fork();
	if (child == 0) {
		sleep_ms(5);
		write(ends[1], "x", 1);
		_exit(0);
	}
	entry = (struct pollfd){ .fd = ends[0], .events = POLLIN };
	EXPECT_EQ(poll(&entry, 1, 10000), 1);
	EXPECT_EQ(entry.revents, POLLIN);
	status_of(child);
}

/* The sieve of primes: a process and a pipe for each. */
static void __attribute__((noreturn)) sieve(int input)
{
	int prime, number, next[2], more = 0;

	if (read(input, &prime, sizeof(prime)) != sizeof(prime))
		_exit(0);
	while (read(input, &number, sizeof(number)) == sizeof(number)) {
		if (number % prime == 0)
			continue;
		if (!more) {
			more = 1;
			if (pipe(next) != 0)
				_exit(100);
			if (fork() == 0) {
				close(next[1]);
				close(input);
				sieve(next[0]);
			}
			close(next[0]);
		}
		write(next[1], &number, sizeof(number));
	}
	if (more) {
		int status;

		close(next[1]);
		wait(&status);
		_exit(WEXITSTATUS(status) + 1);
	}
	_exit(1);
}

TEST(sieve_of_primes)
{
	pid_t child;

	ASSERT(pipe(ends) == 0);
	child = fork();
	if (child == 0) {
		close(ends[1]);
		sieve(ends[0]);
	}
	close(ends[0]);
	for (int i = 2; i < 120; i++)
		write(ends[1], &i, sizeof(i));
	close(ends[1]);
	EXPECT_EQ(WEXITSTATUS(status_of(child)), 30);
}

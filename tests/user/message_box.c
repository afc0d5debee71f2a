// SPDX-License-Identifier: MIT
/* Message boxes between processes. */
#include <fcntl.h>
#include <ipc.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

static const struct timespec no_time, soon = { .tv_nsec = 5000000 };

/* Why there is no such box, if it is an option's doing. */
static const char *lacking(unsigned slots)
{
	if (errno == ENOSYS)
		return "IPC_MESSAGE_BOX";
	if (errno != EINVAL)
		return NULL;
	return message_box_create(slots, 1, 0) < 0 ? "MESSAGE_BOX_MAX_SLOTS"
						   : "MESSAGE_BOX_MAX_SIZE";
}

#define CREATE(name, slots, size)                      \
	int name = message_box_create(slots, size, 0); \
	if (name < 0) {                                \
		const char *option = lacking(slots);   \
		if (option)                            \
			SKIP(option);                  \
	}                                              \
	ASSERT(name >= 0)

TEST(first_in_first_out)
{
	char text[16];

	CREATE(box, 4, 16);
	EXPECT_EQ(message_box_send(box, "one", 4, NULL), 0);
	EXPECT_EQ(message_box_send(box, "two", 4, NULL), 0);
	EXPECT_EQ(message_box_send(box, "", 0, NULL), 0);
	EXPECT_EQ(message_box_receive(box, text, sizeof(text), NULL), 4);
	EXPECT_EQ(strcmp(text, "one"), 0);
	EXPECT_EQ(message_box_receive(box, text, sizeof(text), NULL), 4);
	EXPECT_EQ(strcmp(text, "two"), 0);
	EXPECT_EQ(message_box_receive(box, text, sizeof(text), NULL), 0);
}

/* The most that a box may be made with, between what may and what may not be; one of both at 1. */
static unsigned most(bool slots)
{
	unsigned good = 1, bad = 1 << 20;

	while (bad - good > 1) {
		unsigned middle = (good + bad) / 2;
		int box = message_box_create(slots ? middle : 1, slots ? 1 : middle, 0);

		if (box < 0) {
			EXPECT_EQ(errno, EINVAL);
			bad = middle;
		} else {
			EXPECT_EQ(close(box), 0);
			good = middle;
		}
	}
	return good;
}

TEST(largest_message)
{
	char *out, *in;
	unsigned size;

	CREATE(smallest, 1, 1);
	size = most(false);
	out = malloc(size + 1);
	in = malloc(size);
	ASSERT(out && in);
	for (unsigned i = 0; i < size; i++)
		out[i] = (char)(i * 7 + 1);

	CREATE(box, 1, size);
	EXPECT_ERROR(message_box_send(box, out, size + 1, NULL), EMSGSIZE);
	EXPECT_EQ(message_box_send(box, out, size, NULL), 0);
	EXPECT_ERROR(message_box_receive(box, in, size - 1, NULL), EMSGSIZE);
	EXPECT_EQ(message_box_receive(box, in, size, NULL), size);
	EXPECT_EQ(memcmp(in, out, size), 0);
}

TEST(most_messages)
{
	struct message_request request = { .timeout = &no_time };
	unsigned char byte = 0;
	unsigned slots, n = 0;

	CREATE(smallest, 1, 1);
	slots = most(true);
	CREATE(box, slots, 1);
	while (message_box_send(box, &byte, 1, &no_time) == 0)
		byte = (unsigned char)++n;
	EXPECT_EQ(errno, EAGAIN);
	EXPECT_EQ(n, slots);
	for (unsigned i = 0; i < n; i++) {
		EXPECT_EQ(message_box_receive(box, &byte, 1, &request), 1);
		EXPECT_EQ(byte, i & 0xff);
	}
	EXPECT_ERROR(message_box_receive(box, &byte, 1, &request), EAGAIN);
}

TEST(bounded)
{
	struct message_request request = { .timeout = &no_time };
	char byte = 0;

	CREATE(box, 3, 8);
	for (int i = 0; i < 3; i++)
		EXPECT_EQ(message_box_send(box, &byte, 1, &no_time), 0);
	EXPECT_ERROR(message_box_send(box, &byte, 1, &no_time), EAGAIN);
	EXPECT_ERROR(message_box_send(box, &byte, 1, &soon), ETIMEDOUT);
	for (int i = 0; i < 3; i++)
		EXPECT_EQ(message_box_receive(box, &byte, 1, &request), 1);
	EXPECT_ERROR(message_box_receive(box, &byte, 1, &request), EAGAIN);
	request.timeout = &soon;
	EXPECT_ERROR(message_box_receive(box, &byte, 1, &request), ETIMEDOUT);
}

TEST(nothing_is_lost_in_a_small_buffer)
{
	char text[16];

	CREATE(box, 2, 16);
	EXPECT_EQ(message_box_send(box, "a long message", 15, NULL), 0);
	EXPECT_ERROR(message_box_receive(box, text, 4, NULL), EMSGSIZE);
	EXPECT_EQ(message_box_receive(box, text, sizeof(text), NULL), 15);
	EXPECT_EQ(strcmp(text, "a long message"), 0);
	EXPECT_ERROR(message_box_send(box, text, 17, NULL), EMSGSIZE);
}

TEST(bad_arguments)
{
	struct message_box_state state;
	struct message_request bad = { .timeout = KERNEL_ADDRESS };
	char byte = 1;
	int ends[2];

	CREATE(box, 1, 1);
	EXPECT_ERROR(message_box_create(0, 16, 0), EINVAL);
	EXPECT_ERROR(message_box_create(1 << 30, 16, 0), EINVAL);
	EXPECT_ERROR(message_box_create(4, 1 << 30, 0), EINVAL);
	EXPECT_ERROR(message_box_create(1, 16, 0x777), EINVAL);
	EXPECT_ERROR(message_box_send(box, unmapped(), 1, NULL), EFAULT);
	EXPECT_ERROR(message_box_send(box, &byte, 1, unmapped()), EFAULT);
	EXPECT_ERROR(message_box_send(-1, &byte, 1, NULL), EBADF);
	EXPECT_ERROR(message_box_info(box, KERNEL_ADDRESS), EFAULT);
	EXPECT_EQ(message_box_send(box, &byte, 1, NULL), 0);
	EXPECT_ERROR(message_box_receive(box, unmapped(), 4, NULL), EFAULT);
	EXPECT_ERROR(message_box_receive(box, &byte, 1, &bad), EFAULT);
	ASSERT(pipe(ends) == 0);
	EXPECT_ERROR(message_box_send(ends[1], &byte, 1, NULL), EINVAL);
	EXPECT_EQ(message_box_info(box, &state), 0);
}

TEST(sender_is_known)
{
	struct message_request request = { 0 };
	char byte;
	pid_t child;

	CREATE(box, 1, 1);
	child = fork();
	if (child == 0)
		_exit(message_box_send(box, "x", 1, NULL));
	EXPECT_EQ(message_box_receive(box, &byte, 1, &request), 1);
	EXPECT_EQ(request.sender, child);
	EXPECT_EQ(status_of(child), 0);
}

TEST(between_address_spaces)
{
	static unsigned char out[256], in[256];
	pid_t child;

	CREATE(there, 4, 256);
	CREATE(back, 4, 256);
	child = fork();
	if (child == 0) {
		for (int i = 0; i < 200; i++) {
			ssize_t n = message_box_receive(there, in, sizeof(in), NULL);

			message_box_send(back, in, (size_t)n, NULL);
		}
		_exit(0);
	}
	for (unsigned i = 0; i < 200; i++) {
		size_t n = i + 1;

		for (size_t k = 0; k < n; k++)
			out[k] = (unsigned char)(i * 31 + k);
		EXPECT_EQ(message_box_send(there, out, n, NULL), 0);
		memset(in, 0, sizeof(in));
		EXPECT_EQ(message_box_receive(back, in, sizeof(in), NULL), (ssize_t)n);
		EXPECT_EQ(memcmp(in, out, n), 0);
	}
	EXPECT_EQ(status_of(child), 0);
}

/* The receiver waits with a buffer that nobody has touched yet, or that is shared after fork. */
TEST(into_memory_that_is_not_there_yet)
{
	char *memory;
	pid_t child;

	CREATE(box, 2, 64);
	child = fork();
	if (child == 0) {
		sleep_ms(3);
		_exit(message_box_send(box, "hello", 6, NULL));
	}
	memory = pages(2);
	EXPECT_EQ(message_box_receive(box, memory + PAGE - 3, 64, NULL), 6);
	EXPECT_EQ(strcmp(memory + PAGE - 3, "hello"), 0);
	EXPECT_EQ(status_of(child), 0);
}

TEST(producers_and_consumers)
{
	volatile unsigned *sum = shared_pages(1);

	CREATE(box, 4, sizeof(unsigned));
	for (int i = 0; i < 3; i++)
		if (fork() == 0) {
			unsigned number;

			while (message_box_receive(box, &number, sizeof(number), NULL) > 0 &&
			       number)
				__atomic_add_fetch(sum, number, __ATOMIC_RELAXED);
			_exit(0);
		}
	for (int i = 0; i < 3; i++)
		if (fork() == 0) {
			for (unsigned n = 1; n <= 50; n++)
				message_box_send(box, &n, sizeof(n), NULL);
			_exit(0);
		}
	for (int i = 0; i < 3; i++) /* the producers end by themselves */
		wait(NULL);
	for (int i = 0; i < 3; i++) {
		unsigned end = 0;

		message_box_send(box, &end, sizeof(end), NULL);
	}
	while (wait(NULL) > 0)
		;
	EXPECT_EQ(*sum, 3 * 1275);
}

TEST(killed_waiters_leave_no_trace)
{
	struct message_box_state state;
	char byte = 7;

	CREATE(box, 1, 1);
	for (int i = 0; i < 6; i++) {
		pid_t child;

		if (i == 3) /* from now on it is full */
			message_box_send(box, &byte, 1, NULL);
		child = fork();
		if (child == 0) {
			if (i < 3)
				message_box_receive(box, &byte, 1, NULL);
			else
				message_box_send(box, "z", 1, NULL);
			_exit(0);
		}
		sleep_ms(2);
		EXPECT_EQ(message_box_info(box, &state), 0);
		EXPECT_EQ(i < 3 ? state.receivers : state.senders, 1);
		kill(child, SIGKILL);
		EXPECT_EQ(WTERMSIG(status_of(child)), SIGKILL);
	}
	EXPECT_EQ(message_box_info(box, &state), 0);
	EXPECT_EQ(state.receivers + state.senders, 0);
	EXPECT_EQ(state.messages, 1);
	EXPECT_EQ(message_box_receive(box, &byte, 1, NULL), 1);
	EXPECT_EQ(byte, 7);
}

TEST(poll_sees_it)
{
	struct pollfd entry = { .events = POLLIN | POLLOUT };
	char byte = 0;

	CREATE(box, 1, 1);
	entry.fd = box;
	EXPECT_EQ(poll(&entry, 1, 0), 1);
	EXPECT_EQ(entry.revents, POLLOUT);
	message_box_send(box, &byte, 1, NULL);
	EXPECT_EQ(poll(&entry, 1, 0), 1);
	EXPECT_EQ(entry.revents, POLLIN);
}

TEST(state)
{
	struct message_box_state state;

	CREATE(box, 5, 32);
	message_box_send(box, "x", 1, NULL);
	EXPECT_EQ(message_box_info(box, &state), 0);
	EXPECT_EQ(state.slots, 5);
	EXPECT_EQ(state.size, 32);
	EXPECT_EQ(state.messages, 1);
}

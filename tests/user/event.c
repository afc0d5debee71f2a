// SPDX-License-Identifier: MIT
/* Events between processes: a rendezvous that carries a word. */
#include <ipc.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

static const struct timespec no_time, soon = { .tv_nsec = 5000000 };

#define NEED_EVENTS                                                        \
	do {                                                               \
		struct event_message none;                                 \
		if (event_receive(&none, &no_time) < 0 && errno == ENOSYS) \
			SKIP("IPC_EVENT");                                 \
	} while (0)

TEST(word_arrives)
{
	struct event_message event;
	pid_t self = getpid(), child;

	NEED_EVENTS;
	child = fork();
	if (child == 0)
		_exit(event_send(self, 0x12345678, NULL) == 0 ? 0 : errno);
	EXPECT_EQ(event_receive(&event, NULL), 0);
	EXPECT_EQ(event.word, 0x12345678);
	EXPECT_EQ(event.sender, child);
	EXPECT_EQ(status_of(child), 0);
}

TEST(sender_waits_for_the_receiver)
{
	struct event_message event;
	volatile int *sent = shared_pages(1);
	pid_t self = getpid(), child;

	NEED_EVENTS;
	child = fork();
	if (child == 0) {
		event_send(self, 1, NULL);
		*sent = 1;
		_exit(0);
	}
	sleep_ms(5);
	EXPECT_EQ(*sent, 0);
	EXPECT_EQ(event_receive(&event, NULL), 0);
	EXPECT_EQ(status_of(child), 0);
	EXPECT_EQ(*sent, 1);
}

TEST(bad_arguments)
{
	struct event_message event;
	struct timespec bad = { .tv_sec = -1 };

	NEED_EVENTS;
	EXPECT_ERROR(event_send(0x3fffffff, 1, NULL), ESRCH);
	EXPECT_ERROR(event_send(-1, 1, NULL), ESRCH);
	EXPECT_ERROR(event_send(0, 1, NULL), ESRCH);
	EXPECT_ERROR(event_send(getpid(), 1, &soon), EDEADLK);
	EXPECT_ERROR(event_receive(&event, &bad), EINVAL);
	EXPECT_ERROR(event_receive(&event, unmapped()), EFAULT);
	EXPECT_ERROR(event_receive(&event, &no_time), EAGAIN);
	EXPECT_ERROR(event_receive(&event, &soon), ETIMEDOUT);
	EXPECT_ERROR(event_exchange(0x3fffffff, 1, &event, &soon), ESRCH);
}

TEST(send_times_out)
{
	struct event_message event;
	pid_t child;

	NEED_EVENTS;
	child = fork();
	if (child == 0)
		for (;;)
			pause();
	EXPECT_ERROR(event_send(child, 1, &no_time), EAGAIN);
	EXPECT_ERROR(event_send(child, 1, &soon), ETIMEDOUT);
	EXPECT_ERROR(event_exchange(child, 1, &event, &soon), ETIMEDOUT);
	kill(child, SIGKILL);
	status_of(child);
}

TEST(receiver_ends)
{
	pid_t child;

	NEED_EVENTS;
	child = fork();
	if (child == 0) {
		sleep_ms(5);
		_exit(0);
	}
	EXPECT_ERROR(event_send(child, 1, NULL), ESRCH);
	status_of(child);
	EXPECT_ERROR(event_send(child, 1, NULL), ESRCH);
}

TEST(sender_ends)
{
	struct event_message event;
	pid_t self = getpid(), child;

	NEED_EVENTS;
	child = fork();
	if (child == 0) {
		event_send(self, 1, NULL);
		_exit(0);
	}
	sleep_ms(3);
	kill(child, SIGKILL);
	status_of(child);
	EXPECT_ERROR(event_receive(&event, &no_time), EAGAIN); /* it took its word with it */
}

TEST(many_senders)
{
	struct event_message event;
	unsigned long sum = 0;
	pid_t self = getpid();

	NEED_EVENTS;
	for (unsigned long i = 1; i <= 10; i++)
		if (fork() == 0) {
			for (int n = 0; n < 10; n++)
				event_send(self, i, NULL);
			_exit(0);
		}
	for (int i = 0; i < 100; i++) {
		EXPECT_EQ(event_receive(&event, NULL), 0);
		sum += event.word;
	}
	EXPECT_EQ(sum, 550);
	while (wait(NULL) > 0)
		;
	EXPECT_ERROR(event_receive(&event, &no_time), EAGAIN);
}

TEST(exchange)
{
	struct event_message event = { .word = 0 };
	pid_t child;

	NEED_EVENTS;
	child = fork();
	if (child == 0) {
		struct event_message got;

		event_receive(&got, NULL);
		for (int i = 0; i < 99; i++)
			event_exchange(got.sender, got.word + 1, &got, NULL);
		_exit(event_send(got.sender, got.word + 1, NULL) == 0 ? 0 : 1);
	}
	for (int i = 0; i < 100; i++)
		EXPECT_EQ(event_exchange(child, event.word + 1, &event, NULL), 0);
	EXPECT_EQ(event.word, 200);
	EXPECT_EQ(event.sender, child);
	EXPECT_EQ(status_of(child), 0);
}

static void nothing(int number)
{
	(void)number;
}

TEST(interrupted)
{
	struct sigaction action = { .sa_handler = nothing };
	struct event_message event;
	pid_t self = getpid(), child;

	NEED_EVENTS;
	sigaction(SIGUSR1, &action, NULL);
	child = fork();
	if (child == 0) {
		sleep_ms(3);
		kill(self, SIGUSR1);
		sleep_ms(3);
		event_send(self, 5, NULL);
		_exit(0);
	}
	EXPECT_ERROR(event_receive(&event, NULL), EINTR);
	EXPECT_EQ(event_receive(&event, NULL), 0);
	EXPECT_EQ(event.word, 5);
	status_of(child);
}

TEST(bad_place_for_the_word)
{
	struct event_message event;
	pid_t self = getpid(), child;

	NEED_EVENTS;
	child = fork();
	if (child == 0) {
		event_send(self, 5, NULL);
		event_send(self, 6, NULL);
		_exit(0);
	}
	sleep_ms(3);
	EXPECT_ERROR(event_receive(KERNEL_ADDRESS, NULL), EFAULT);
	EXPECT_EQ(event_receive(&event, &soon), 0);
	EXPECT(event.word == 5 || event.word == 6);
	kill(child, SIGKILL);
	status_of(child);
}

// SPDX-License-Identifier: MIT
/* Signals at any time: wherever a program runs or waits, and very many of them. */
#include <ipc.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "test.h"

static volatile int count;

static void handler(int number)
{
	(void)number;
	count++;
}

static sigset_t set_of(int signal)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, signal);
	return set;
}

/* Registers as they were, wherever the signal comes. */
TEST(signals_change_no_registers)
{
	pid_t self = getpid(), child;
	unsigned a = 1, b = 2, c = 3, d = 4, e = 5, f = 6, g = 7;

	signal(SIGUSR1, handler);
	child = fork();
	if (child == 0) {
		for (int i = 0; i < 20; i++) {
			kill(self, SIGUSR1);
			sleep_ms(1);
		}
		_exit(0);
	}
	for (unsigned i = 0; i < 100000000 && count < 20; i++) {
		__asm__ volatile("" : "+r"(a), "+r"(b), "+r"(c), "+r"(d), "+r"(e));
		if (a != 1 || b != 2 || c != 3 || d != 4 || e != 5 || f != 6 || g != 7) {
			test_fail(__FILE__, __LINE__, "a register changed");
			break;
		}
	}
	EXPECT_EQ(count, 20);
	EXPECT_EQ(status_of(child), 0);
}

TEST(storm_of_signals)
{
	pid_t child = fork();

	if (child == 0) {
		signal(SIGUSR1, handler);
		signal(SIGUSR2, handler);
		for (;;)
			getppid();
	}
	sleep_ms(3);
	for (int i = 0; i < TIMES(300, 20000); i++) {
		kill(child, i % 2 ? SIGUSR1 : SIGUSR2);
		if (i % 50 == 0)
			sched_yield(); /* for a time slice */
	}
	kill(child, SIGTERM);
	EXPECT_EQ(WTERMSIG(status_of(child)), SIGTERM);
}

/* Where the primitives of IPC wait; where there is none, pause does. */
static int waits_for_others(int where)
{
	int semaphore = semaphore_create(0, 0), box = message_box_create(1, 8, 0);
	struct message_request request = { .timeout = NULL };
	struct event_message event;
	char bytes[8] = "";

	switch (where) {
	case 12:
		semaphore_wait(semaphore, NULL);
		break;
	case 13:
		message_box_receive(box, bytes, sizeof(bytes), &request);
		break;
	case 14:
		while (message_box_send(box, bytes, sizeof(bytes), NULL) == 0)
			; /* until it is full */
		break;
	case 15:
		event_receive(&event, NULL);
		break;
	case 16:
		event_send(getppid(), 1, NULL);
		break;
	}
	return pause();
}

/* Killed at every point at which a process can wait. */
static int waits(int where)
{
	static int word;
	struct timespec long_time = { .tv_sec = 1000 };
	sigset_t set = set_of(SIGUSR1);
	int ends[2];
	char byte[PAGE];

	pipe(ends);
	switch (where) {
	case 0:
		return (int)read(ends[0], byte, 1);
	case 1:
		for (;;)
			write(ends[1], byte, sizeof(byte)); /* until it is full */
	case 2:
		return nanosleep(&long_time, NULL);
	case 3:
		return pause();
	case 4:
		return (int)syscall(SYS_futex, &word, 0, 0, NULL, NULL, 0);
	case 5:
		return sigtimedwait(&set, NULL, &long_time);
	case 6:
		if (fork() == 0)
			pause();
		return wait(NULL);
	case 7:
		if (vfork() == 0) {
			nanosleep(&long_time, NULL);
			_exit(0);
		}
		return 0;
	case 8:
		for (;;)
			sched_yield();
	case 9:
		for (;;)
			;
	case 10:
		return poll(&(struct pollfd){ .fd = ends[0], .events = POLLIN }, 1, -1);
	case 11:
		return raise(SIGSTOP);
	default:
		return waits_for_others(where);
	}
}

TEST(killed_at_every_waiting_place)
{
	for (int where = 0; where < 17; where++) {
		pid_t child = fork();

		if (child == 0) {
			setpgid(0, 0);
			_exit(waits(where));
		}
		setpgid(child, child);
		sleep_ms(2);
		EXPECT_EQ(kill(-child, SIGKILL), 0);
		EXPECT_EQ(WTERMSIG(status_of(child)), SIGKILL);
	}
}

TEST(init_is_not_to_be_killed)
{
	/* On Linux only root may try; either way init lives on. */
	if (getpid() != 1) {
		kill(1, SIGKILL);
		kill(1, SIGSEGV);
		sleep_ms(2);
		EXPECT(kill(1, 0) == 0 || errno == EPERM);
	}
}

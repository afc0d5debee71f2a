// SPDX-License-Identifier: MIT
/* Semaphores between processes. */
#include <fcntl.h>
#include <ipc.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

static const struct timespec no_time, soon = { .tv_nsec = 5000000 };

/* A semaphore, or the case is skipped. */
#define CREATE(name, initial)                    \
	int name = semaphore_create(initial, 0); \
	if (name < 0 && errno == ENOSYS)         \
		SKIP("IPC_SEMAPHORE");           \
	if (name < 0 && errno == EINVAL)         \
		SKIP("SEMAPHORE_MAX_COUNT");     \
	ASSERT(name >= 0)

static int value_of(int semaphore)
{
	int value;

	return semaphore_value(semaphore, &value) ? -1 : value;
}

TEST(counts)
{
	int value;

	CREATE(semaphore, 3);
	EXPECT_EQ(semaphore_value(semaphore, &value), 0);
	EXPECT_EQ(value, 3);
	for (int i = 0; i < 3; i++)
		EXPECT_EQ(semaphore_wait(semaphore, NULL), 0);
	EXPECT_ERROR(semaphore_wait(semaphore, &no_time), EAGAIN);
	EXPECT_EQ(semaphore_post(semaphore), 0);
	EXPECT_EQ(semaphore_wait(semaphore, &no_time), 0);
}

/* The largest count, whatever it is. */
TEST(limit)
{
	unsigned most = 1, too_many = 1u << 31;

	CREATE(one, 1);
	while (too_many - most > 1) {
		unsigned middle = most + (too_many - most) / 2;
		int semaphore = semaphore_create(middle, 0);

		if (semaphore < 0) {
			EXPECT_EQ(errno, EINVAL);
			too_many = middle;
		} else {
			EXPECT_EQ(close(semaphore), 0);
			most = middle;
		}
	}

	CREATE(full, most);
	CREATE(empty, 0);
	EXPECT_EQ(value_of(full), most);
	EXPECT_ERROR(semaphore_post(full), EOVERFLOW);
	EXPECT_ERROR(semaphore_exchange(full, empty, &no_time), EOVERFLOW);
	EXPECT_EQ(semaphore_wait(full, NULL), 0);
	EXPECT_EQ(semaphore_post(full), 0);
	EXPECT_EQ(value_of(full), most);
}

TEST(times_out)
{
	int64_t start;

	CREATE(semaphore, 0);
	start = now_ns();
	EXPECT_ERROR(semaphore_wait(semaphore, &soon), ETIMEDOUT);
	EXPECT(now_ns() - start >= soon.tv_nsec);
	EXPECT_EQ(semaphore_post(semaphore), 0);
	EXPECT_EQ(semaphore_wait(semaphore, &soon), 0); /* the wait that failed took nothing */
}

TEST(bad_arguments)
{
	struct timespec bad = { .tv_nsec = 2000000000 };
	int value, ends[2];

	CREATE(semaphore, 0);
	EXPECT_ERROR(semaphore_create(~0u, 0), EINVAL);
	EXPECT_ERROR(semaphore_create(1, 0x1234), EINVAL);
	EXPECT_ERROR(semaphore_wait(semaphore, &bad), EINVAL);
	EXPECT_ERROR(semaphore_wait(semaphore, unmapped()), EFAULT);
	EXPECT_ERROR(semaphore_wait(-1, NULL), EBADF);
	EXPECT_ERROR(semaphore_post(99), EBADF);
	EXPECT_ERROR(semaphore_value(semaphore, KERNEL_ADDRESS), EFAULT);
	ASSERT(pipe(ends) == 0);
	EXPECT_ERROR(semaphore_post(ends[0]), EINVAL);
	EXPECT_ERROR(semaphore_wait(ends[0], NULL), EINVAL);
	EXPECT_ERROR(semaphore_exchange(semaphore, ends[0], NULL), EINVAL);
	EXPECT_EQ(semaphore_value(semaphore, &value), 0);
	EXPECT_EQ(value, 0); /* an exchange that fails posts nothing */
	EXPECT(read(semaphore, &value, 1) < 0);
}

TEST(between_processes)
{
	volatile int *turn = shared_pages(1);
	pid_t child;

	CREATE(ping, 0);
	CREATE(pong, 0);
	child = fork();
	if (child == 0) {
		for (int i = 0; i < 100; i++) {
			semaphore_wait(ping, NULL);
			EXPECT_EQ(*turn, 2 * i + 1);
			(*turn)++;
			semaphore_post(pong);
		}
		_exit(0);
	}
	for (int i = 0; i < 100; i++) {
		EXPECT_EQ(*turn, 2 * i);
		(*turn)++;
		semaphore_post(ping);
		EXPECT_EQ(semaphore_wait(pong, NULL), 0);
	}
	EXPECT_EQ(status_of(child), 0);
}

TEST(exchange_between_processes)
{
	volatile int *turn = shared_pages(1);
	pid_t child;

	CREATE(ping, 0);
	CREATE(pong, 0);
	child = fork();
	if (child == 0) {
		semaphore_wait(ping, NULL);
		for (int i = 0; i < 100; i++) {
			EXPECT_EQ((*turn)++ % 2, 1);
			semaphore_exchange(pong, ping, NULL);
		}
		_exit(0);
	}
	for (int i = 0; i < 100; i++) {
		EXPECT_EQ((*turn)++ % 2, 0);
		EXPECT_EQ(semaphore_exchange(ping, pong, NULL), 0);
	}
	semaphore_post(ping);
	EXPECT_EQ(status_of(child), 0);
	EXPECT_EQ(*turn, 200);
}

TEST(many_waiters)
{
	volatile int *woken = shared_pages(1);

	CREATE(semaphore, 0);
	CREATE(over, 0); /* nobody dies before: his unit could come back (IPC_SEMAPHORE_UNDO) */
	for (int i = 0; i < 8; i++)
		if (fork() == 0) {
			semaphore_wait(semaphore, NULL);
			__atomic_add_fetch(woken, 1, __ATOMIC_RELAXED);
			semaphore_wait(over, NULL);
			_exit(0);
		}
	sleep_ms(10);
	for (int i = 1; i <= 8; i++) {
		EXPECT_EQ(semaphore_post(semaphore), 0);
		sleep_ms(2);
		EXPECT_EQ(*woken, i);
	}
	for (int i = 0; i < 8; i++)
		EXPECT_EQ(semaphore_post(over), 0);
	while (wait(NULL) > 0)
		;
}

/* What a process took comes back when it dies, or (without IPC_SEMAPHORE_UNDO) never does: but in all cases
 * alike, and nothing else ever comes. */
TEST(what_the_dead_took)
{
	bool comes_back;

	CREATE(semaphore, 3);
	if (fork() == 0) {
		semaphore_wait(semaphore, NULL);
		semaphore_wait(semaphore, NULL);
		semaphore_post(semaphore);
		kill(getpid(), SIGKILL);
	}
	wait(NULL);
	comes_back = value_of(semaphore) == 3;
	EXPECT(comes_back || value_of(semaphore) == 2);

	CREATE(closed, 1);
	if (fork() == 0) {
		semaphore_wait(closed, NULL);
		close(closed);
		_exit(0);
	}
	wait(NULL);
	EXPECT_EQ(value_of(closed), comes_back);

	CREATE(gift, 0);
	if (fork() == 0) {
		semaphore_post(gift);
		semaphore_post(gift);
		_exit(0);
	}
	wait(NULL);
	EXPECT_EQ(value_of(gift), 2);

	/* The unit of the dead goes to whoever waits for it. */
	CREATE(lock, 1);
	if (fork() == 0) {
		semaphore_wait(lock, NULL);
		sleep_ms(10);
		_exit(0);
	}
	sleep_ms(2);
	EXPECT_EQ(semaphore_wait(lock, comes_back ? NULL : &(struct timespec){ 0, 20000000 }),
		  comes_back ? 0 : -1);
	wait(NULL);
}

/* The classic: five philosophers, five forks, and none of them starves. */
TEST(philosophers)
{
	volatile int *meals = shared_pages(1);
	int forks[5];

	for (int i = 0; i < 5; i++) {
		CREATE(fork_, 1);
		forks[i] = fork_;
	}
	CREATE(seats, 4);
	for (int i = 0; i < 5; i++)
		if (fork() == 0) {
			for (int n = 0; n < 20; n++) {
				semaphore_wait(seats, NULL);
				semaphore_wait(forks[i], NULL);
				semaphore_wait(forks[(i + 1) % 5], NULL);
				meals[i]++;
				semaphore_post(forks[i]);
				semaphore_post(forks[(i + 1) % 5]);
				semaphore_post(seats);
			}
			_exit(0);
		}
	while (wait(NULL) > 0)
		;
	for (int i = 0; i < 5; i++)
		EXPECT_EQ(meals[i], 20);
}

/* Closing one's own descriptor takes it from nobody else; the last one's going ends all waiting. */
TEST(lives_as_long_as_its_descriptors)
{
	pid_t child;
	int copy;

	CREATE(semaphore, 0);
	copy = dup(semaphore);
	child = fork();
	if (child == 0) {
		close(copy);
		_exit(semaphore_wait(semaphore, NULL) == 0 ? 0 : errno);
	}
	sleep_ms(3);
	EXPECT_EQ(close(semaphore), 0);
	EXPECT_EQ(semaphore_post(copy), 0);
	EXPECT_EQ(status_of(child), 0);
	EXPECT_EQ(close(copy), 0);
	EXPECT_ERROR(semaphore_post(copy), EBADF);
}

TEST(killed_waiter_leaves_no_trace)
{
	int value;

	CREATE(semaphore, 0);
	for (int i = 0; i < 10; i++) {
		pid_t child = fork();

		if (child == 0)
			_exit(semaphore_wait(semaphore,
					     i % 2 ? NULL : &(struct timespec){ 100, 0 }));
		sleep_ms(2);
		kill(child, SIGKILL);
		EXPECT_EQ(WTERMSIG(status_of(child)), SIGKILL);
	}
	EXPECT_EQ(semaphore_value(semaphore, &value), 0);
	EXPECT_EQ(value, 0);
	EXPECT_EQ(semaphore_post(semaphore), 0);
	EXPECT_EQ(semaphore_wait(semaphore, &no_time), 0);
}

static volatile int handled;

static void handler(int number)
{
	(void)number;
	handled++;
}

TEST(interrupted)
{
	struct sigaction action = { .sa_handler = handler };
	pid_t self = getpid(), child;

	CREATE(semaphore, 0);
	sigaction(SIGUSR1, &action, NULL);
	child = fork();
	if (child == 0) {
		sleep_ms(3);
		kill(self, SIGUSR1);
		sleep_ms(3);
		kill(self, SIGUSR2);
		sleep_ms(3);
		semaphore_post(semaphore);
		_exit(0);
	}
	EXPECT_ERROR(semaphore_wait(semaphore, NULL), EINTR);
	EXPECT_EQ(handled, 1);
	action.sa_flags = SA_RESTART;
	sigaction(SIGUSR2, &action, NULL);
	EXPECT_EQ(semaphore_wait(semaphore, NULL), 0);
	EXPECT_EQ(handled, 2);
	status_of(child);
}

TEST(closes_on_exec)
{
	int ends[2];

	CREATE(plain, 0);
	EXPECT_EQ(fcntl(plain, F_GETFD), 0);
	EXPECT_EQ(fcntl(semaphore_create(0, O_CLOEXEC), F_GETFD), FD_CLOEXEC);
	EXPECT_EQ(pipe(ends), 0);
}

TEST(poll_sees_it)
{
	struct pollfd entry = { .events = POLLIN };

	CREATE(semaphore, 0);
	entry.fd = semaphore;
	EXPECT_EQ(poll(&entry, 1, 0), 0);
	semaphore_post(semaphore);
	EXPECT_EQ(poll(&entry, 1, 1000), 1);
	EXPECT(entry.revents & POLLIN);
}

TEST(undo)
{
	int value;

	CREATE(semaphore, 5);
	EXPECT_EXIT(0, {
		for (int i = 0; i < 3; i++)
			semaphore_wait(semaphore, NULL);
		semaphore_post(semaphore);
	});
	EXPECT_EQ(semaphore_value(semaphore, &value), 0);
	if (value == 3)
		SKIP("IPC_SEMAPHORE_UNDO");
	EXPECT_EQ(value, 5); /* what it took and never gave back is there again */
	EXPECT_EXIT(0, {
		pid_t self = getpid();

		semaphore_wait(semaphore, NULL);
		if (fork() == 0) {
			kill(self, 0);
			_exit(0);
		}
		wait(NULL);
		_exit(0);
	});
	EXPECT_EQ(semaphore_value(semaphore, &value), 0);
	EXPECT_EQ(value, 5);
}

// SPDX-License-Identifier: MIT
/* Futexes: words that threads and processes sleep on. */
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <tessera/futex.h>
#include <time.h>
#include <unistd.h>

#include "test.h"

#define THREADS 8

static long futex(volatile int *word, int operation, int value, const struct timespec *timeout)
{
	return syscall(SYS_futex, word, operation, value, timeout, NULL, 0);
}

TEST(edges)
{
	struct timespec soon = { .tv_nsec = 2000000 }, bad = { .tv_nsec = 2000000000 };
	int word = 5;
	int64_t start = now_ns();

	EXPECT_ERROR(futex(&word, FUTEX_WAIT, 4, NULL), EAGAIN);
	EXPECT_ERROR(futex(&word, FUTEX_WAIT, 5, &soon), ETIMEDOUT);
	EXPECT(now_ns() - start >= 2000000);
	EXPECT_ERROR(futex(&word, FUTEX_WAIT, 5, &bad), EINVAL);
	EXPECT_EQ(futex(&word, FUTEX_WAKE, 1, NULL), 0);
	EXPECT_ERROR(futex((int *)((char *)&word + 1), FUTEX_WAIT, 5, NULL), EINVAL);
	EXPECT_ERROR(futex(unmapped(), FUTEX_WAIT, 0, NULL), EFAULT);
	EXPECT_ERROR(futex(KERNEL_ADDRESS, FUTEX_WAIT, 0, NULL), EFAULT);
	EXPECT_ERROR(futex(&word, 77, 0, NULL), ENOSYS);
}

static volatile int word, waiting;

static void *wait_for_word(void *arg)
{
	__atomic_add_fetch(&waiting, 1, __ATOMIC_RELAXED);
	while (word == 0)
		futex(&word, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, 0, NULL);
	return arg;
}

TEST(wakes_as_many_as_asked)
{
	pthread_t threads[THREADS];
	long woken;

	for (int i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, wait_for_word, NULL);
	while (waiting < THREADS)
		sched_yield();
	sleep_ms(5);
	word = 1;
	EXPECT_EQ(futex(&word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 3, NULL), 3);
	woken = futex(&word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1000, NULL);
	EXPECT_EQ(woken, THREADS - 3);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
}

TEST(between_processes)
{
	volatile int *memory = shared_pages(1);
	pid_t child = fork();

	if (child == 0) {
		while (*memory == 0)
			futex(memory, FUTEX_WAIT, 0, NULL);
		_exit(*memory);
	}
	sleep_ms(5);
	*memory = 3;
	EXPECT_EQ(futex(memory, FUTEX_WAKE, 1, NULL), 1);
	EXPECT_EQ(WEXITSTATUS(status_of(child)), 3);
}

TEST(private_memory_is_not_shared_by_futexes)
{
	volatile int *memory = pages(1);
	pid_t child;

	*memory = 0;
	child = fork();
	if (child == 0) {
		struct timespec soon = { .tv_nsec = 30000000 };

		_exit(futex(memory, FUTEX_WAIT, 0, &soon) == 0 ? 1 : errno == ETIMEDOUT ? 0 : 2);
	}
	sleep_ms(5);
	EXPECT_EQ(futex(memory, FUTEX_WAKE, 1, NULL), 0);
	EXPECT_EQ(WEXITSTATUS(status_of(child)), 0);
}

TEST(requeue)
{
	static volatile int other;
	pthread_t threads[4];

	for (int i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, wait_for_word, NULL);
	while (waiting < 4)
		sched_yield();
	sleep_ms(5);
	EXPECT_ERROR(syscall(SYS_futex, &word, FUTEX_CMP_REQUEUE | FUTEX_PRIVATE_FLAG, 1, 1000,
			     &other, 9),
		     EAGAIN);
	word = 1;
	EXPECT_EQ(syscall(SYS_futex, &word, FUTEX_CMP_REQUEUE | FUTEX_PRIVATE_FLAG, 1, 1000, &other,
			  1),
		  4);
	EXPECT_EQ(futex(&other, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1000, NULL), 3);
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
}

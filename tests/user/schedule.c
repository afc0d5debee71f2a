// SPDX-License-Identifier: MIT
/* Who runs when: spinners are preempted, all get their share, priorities count where the scheduler has them. */
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

static volatile unsigned long *counters; /* shared */

static pid_t spinner(int number)
{
	pid_t child = fork();

	if (child == 0)
		for (;;)
			counters[number]++;
	return child;
}

static void end(pid_t child)
{
	kill(child, SIGKILL);
	EXPECT_EQ(WTERMSIG(status_of(child)), SIGKILL);
}

TEST(spinners_are_preempted)
{
	pid_t children[3];

	counters = shared_pages(1);
	for (int i = 0; i < 3; i++)
		children[i] = spinner(i);
	sleep_ms(100);
	for (int i = 0; i < 3; i++)
		EXPECT(counters[i] > 1000);
	for (int i = 0; i < 3; i++)
		end(children[i]);
}

TEST(equal_shares)
{
	unsigned long least = ~0ul, most = 0;
	pid_t children[4];

	counters = shared_pages(1);
	for (int i = 0; i < 4; i++)
		children[i] = spinner(i);
	sleep_ms(400);
	for (int i = 0; i < 4; i++)
		end(children[i]);
	for (int i = 0; i < 4; i++) {
		least = counters[i] < least ? counters[i] : least;
		most = counters[i] > most ? counters[i] : most;
	}
	EXPECT(most < 2 * least);
}

/* Threads and processes are the same to the scheduler. */
static void *spin(void *arg)
{
	for (;;)
		counters[(long)arg]++;
	return arg;
}

TEST(threads_share_too)
{
	counters = shared_pages(1);
	EXPECT_EXIT(0, {
		pthread_t thread;

		for (long i = 0; i < 3; i++)
			pthread_create(&thread, NULL, spin, (void *)i);
		sleep_ms(150);
		for (int i = 0; i < 3; i++)
			if (counters[i] < 1000)
				_exit(1);
		_exit(0);
	});
}

TEST(yield_lets_others_run)
{
	volatile int *turn = shared_pages(1);
	pid_t child = fork();

	if (child == 0) {
		for (int i = 0; i < 50; i++) {
			while (*turn != 1)
				sched_yield();
			*turn = 0;
		}
		_exit(0);
	}
	for (int i = 0; i < 50; i++) {
		while (*turn != 0)
			sched_yield();
		*turn = 1;
	}
	EXPECT_EQ(status_of(child), 0);
}

TEST(nice_values)
{
	EXPECT_EQ(getpriority(PRIO_PROCESS, 0), 0);
	EXPECT_EQ(setpriority(PRIO_PROCESS, 0, 5), 0);
	EXPECT_EQ(getpriority(PRIO_PROCESS, 0), 5);
	EXPECT_EXIT(5, _exit(getpriority(PRIO_PROCESS, 0)));
	EXPECT_EQ(setpriority(PRIO_PROCESS, 0, 100), 0);
	EXPECT_EQ(getpriority(PRIO_PROCESS, 0), 19);
	errno = 0;
	EXPECT_ERROR(getpriority(77, 0), EINVAL);
	EXPECT_ERROR(getpriority(PRIO_PROCESS, 0x3fffffff), ESRCH);
}

TEST(real_time_parameters)
{
	struct sched_param param = { .sched_priority = 10 }, bad = { .sched_priority = 1000 };

	EXPECT_EQ(sched_getscheduler(0), SCHED_OTHER);
	EXPECT(sched_get_priority_max(SCHED_FIFO) > sched_get_priority_min(SCHED_FIFO));
	EXPECT_EQ(sched_get_priority_max(SCHED_OTHER), 0);
	EXPECT_ERROR(sched_get_priority_max(99), EINVAL);
	EXPECT_ERROR(sched_setscheduler(0, SCHED_FIFO, &bad), EINVAL);
	EXPECT_ERROR(sched_setscheduler(0, 99, &param), EINVAL);
	EXPECT_ERROR(sched_setscheduler(0x3fffffff, SCHED_FIFO, &param), ESRCH);
	EXPECT_ERROR(sched_setscheduler(0, SCHED_FIFO, unmapped()), EFAULT);
	EXPECT_EQ(sched_setscheduler(0, SCHED_RR, &param), 0);
	EXPECT_EQ(sched_getscheduler(0), SCHED_RR);
	EXPECT_EQ(sched_getparam(0, &bad), 0);
	EXPECT_EQ(bad.sched_priority, 10);
	param.sched_priority = 0;
	EXPECT_EQ(sched_setscheduler(0, SCHED_OTHER, &param), 0);
}

/* A sleeper with a higher priority runs as soon as its time has come, whoever spins. */
TEST(sleepers_wake_in_time)
{
	struct sched_param param = { .sched_priority = 20 };
	pid_t child;
	int64_t worst = 0;

	counters = shared_pages(1);
	child = spinner(0);
	sched_setscheduler(0, SCHED_FIFO, &param);
	for (int i = 0; i < 10; i++) {
		int64_t start = now_ns(), late;

		sleep_ms(5);
		late = now_ns() - start - 5000000;
		worst = late > worst ? late : worst;
	}
	end(child);
	EXPECT(worst < 60000000); /* round-robin makes no difference between them */
}

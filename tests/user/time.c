// SPDX-License-Identifier: MIT
/* Clocks and sleeping. */
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "test.h"

TEST(monotonic_time_goes_on)
{
	int64_t last = now_ns();

	for (int i = 0; i < 1000; i++) {
		int64_t now = now_ns();

		EXPECT(now >= last);
		last = now;
	}
	EXPECT(last > 0);
}

TEST(clocks)
{
	static const int clocks[] = { CLOCK_REALTIME,		CLOCK_MONOTONIC,
				      CLOCK_MONOTONIC_RAW,	CLOCK_REALTIME_COARSE,
				      CLOCK_MONOTONIC_COARSE,	CLOCK_BOOTTIME,
				      CLOCK_PROCESS_CPUTIME_ID, CLOCK_THREAD_CPUTIME_ID };

	for (size_t i = 0; i < sizeof(clocks) / sizeof(clocks[0]); i++) {
		struct timespec time = { .tv_nsec = -1 }, step = { .tv_nsec = -1 };

		EXPECT_EQ(clock_gettime(clocks[i], &time), 0);
		EXPECT(time.tv_nsec >= 0 && time.tv_nsec < 1000000000);
		EXPECT_EQ(clock_getres(clocks[i], &step), 0);
		EXPECT(step.tv_nsec > 0);
	}
	EXPECT_ERROR(clock_gettime(1234, &(struct timespec){ 0 }), EINVAL);
	EXPECT_ERROR(clock_gettime(CLOCK_MONOTONIC, (void *)1), EFAULT);
}

TEST(sleeps_long_enough)
{
	for (unsigned ms = 1; ms <= 64; ms *= 4) {
		int64_t start = now_ns();

		sleep_ms(ms);
		EXPECT(now_ns() - start >= (int64_t)ms * 1000000);
		/* And not much longer on an idle machine: two ticks. */
		EXPECT(now_ns() - start < (int64_t)(ms + 25) * 1000000);
	}
}

TEST(sleeps_until)
{
	struct timespec until;
	int64_t start = now_ns();

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += 20000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_nsec -= 1000000000;
		until.tv_sec++;
	}
	EXPECT_EQ(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL), 0);
	EXPECT(now_ns() - start >= 19000000);
	EXPECT_EQ(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL),
		  0); /* has passed */
}

TEST(bad_times)
{
	struct timespec bad[] = { { -1, 0 }, { 0, -1 }, { 0, 1000000000 } };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		EXPECT_ERROR(nanosleep(&bad[i], NULL), EINVAL);
	EXPECT_ERROR(nanosleep((void *)8, NULL), EFAULT);
	EXPECT_EQ(clock_nanosleep(1234, 0, &(struct timespec){ 0 }, NULL), EINVAL);
	EXPECT_EQ(nanosleep(&(struct timespec){ 0, 0 }, NULL), 0);
}

TEST(many_sleepers_wake_in_order)
{
	int ends[2];
	unsigned char who[20];
	size_t n = 0;

	ASSERT(pipe(ends) == 0);
	for (unsigned char i = 0; i < 10; i++)
		if (fork() == 0) {
			sleep_ms(200 - i * 20);
			write(ends[1], &i, 1);
			_exit(0);
		}
	close(ends[1]);
	while (n < sizeof(who) && read(ends[0], who + n, 1) == 1)
		n++;
	EXPECT_EQ(n, 10);
	for (size_t i = 0; i < n; i++)
		EXPECT_EQ(who[i], 9 - i);
}

TEST(processor_time_counts_work_only)
{
	struct timespec before, after;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
	sleep_ms(50);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
	EXPECT((after.tv_sec - before.tv_sec) * 1000000000 + after.tv_nsec - before.tv_nsec <
	       30000000);
}

// SPDX-License-Identifier: MIT
/* What a program can ask of the system: memory, users, clocks, chance. */
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <tessera/random.h>
#include <time.h>
#include <unistd.h>

#include "test.h"

TEST(memory_of_the_machine)
{
	struct sysinfo info;

	EXPECT_EQ(sysinfo(&info), 0);
	EXPECT(info.totalram > 0 && info.freeram > 0 && info.freeram < info.totalram);
	EXPECT(info.procs > 0);
	EXPECT_ERROR(sysinfo(KERNEL_ADDRESS), EFAULT);
}

TEST(one_user)
{
	EXPECT_EQ(syscall(SYS_getuid), 0);
	EXPECT_EQ(syscall(SYS_geteuid), 0);
	EXPECT_EQ(syscall(SYS_getgid), 0);
	EXPECT_EQ(syscall(SYS_getegid), 0);
	EXPECT(syscall(SYS_getgroups, 0, NULL) >= 0);
	EXPECT_ERROR(syscall(SYS_getgroups, -1, NULL), EINVAL);
	syscall(SYS_umask, 022);
	EXPECT_EQ(syscall(SYS_umask, 077), 022);
	EXPECT_EXIT(077, _exit((int)syscall(SYS_umask, 0)));
}

static int deep(int bytes)
{
	volatile char part[1024];

	part[0] = 1;
	return bytes < 1024 ? part[0] : deep(bytes - 1024) + part[0];
}

TEST(limit_of_the_stack)
{
	struct rlimit limit = { 128 << 10, 128 << 10 };

	NEED_SPACE(2 << 20);
	EXPECT_EXIT(0, deep(1 << 20));
	EXPECT_EQ(setrlimit(RLIMIT_STACK, &limit), 0);
	EXPECT_EXIT(0, deep(64 << 10));
	EXPECT_SIGNAL(SIGSEGV, deep(1 << 20));
}

TEST(clocks_agree)
{
	struct timespec clock;
	struct timeval day;
	time_t seconds;

	EXPECT_EQ(clock_gettime(CLOCK_REALTIME, &clock), 0);
	EXPECT_EQ(syscall(SYS_gettimeofday, &day, NULL), 0);
	seconds = time(NULL);
	EXPECT(day.tv_sec - clock.tv_sec < 2 && day.tv_usec < 1000000);
	EXPECT(seconds - clock.tv_sec < 2);
	EXPECT_ERROR(syscall(SYS_gettimeofday, unmapped(), NULL), EFAULT);
	EXPECT(syscall(SYS_times, NULL) >= 0);
}

TEST(alarm_ends_who_does_not_catch_it)
{
	EXPECT_SIGNAL(SIGALRM, syscall(SYS_alarm, 1); pause());
}

TEST(random_bytes)
{
	unsigned char a[64] = { 0 }, b[64] = { 0 };

	EXPECT_EQ(syscall(SYS_getrandom, a, sizeof(a), 0), sizeof(a));
	EXPECT_EQ(syscall(SYS_getrandom, b, sizeof(b), GRND_NONBLOCK), sizeof(b));
	EXPECT(memcmp(a, b, sizeof(a)) != 0);
	EXPECT_EQ(syscall(SYS_getrandom, a, 0, 0), 0);
	EXPECT_ERROR(syscall(SYS_getrandom, a, 8, 0x80), EINVAL);
	EXPECT_ERROR(syscall(SYS_getrandom, unmapped(), 8, 0), EFAULT);
}

/* What C libraries ask for at the start of a thread. */
TEST(tid_address)
{
	int word;

	EXPECT_EQ(syscall(SYS_set_tid_address, &word), gettid());
	EXPECT_EQ(syscall(SYS_set_tid_address, NULL), gettid());
}

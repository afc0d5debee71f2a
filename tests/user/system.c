// SPDX-License-Identifier: MIT
/* What a program can ask of the system and of itself: names, numbers, limits, clocks, alarms. */
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <tessera/prctl.h>
#include <tessera/random.h>
#include <time.h>
#include <unistd.h>

#include "test.h"

TEST(names)
{
	struct utsname names, again;

	EXPECT_EQ(uname(&names), 0);
	EXPECT(strcmp(names.sysname, "Linux") == 0);
	EXPECT(*names.machine && *names.release && *names.version);
	EXPECT_ERROR(uname(unmapped()), EFAULT);
	EXPECT_EQ(syscall(SYS_sethostname, names.nodename, strlen(names.nodename)), 0);
	EXPECT_EQ(uname(&again), 0);
	EXPECT_EQ(memcmp(&names, &again, sizeof(names)), 0);
	EXPECT_ERROR(syscall(SYS_sethostname, names.nodename, 65), EINVAL);
	EXPECT_ERROR(syscall(SYS_sethostname, unmapped(), 5), EFAULT);
}

TEST(name_of_the_program)
{
	char name[16] = "";

	EXPECT_EQ(syscall(SYS_prctl, PR_GET_NAME, name), 0);
	EXPECT(strcmp(name, "system") == 0);
	EXPECT_EQ(syscall(SYS_prctl, PR_SET_NAME, "a name that is too long"), 0);
	EXPECT_EQ(syscall(SYS_prctl, PR_GET_NAME, name), 0);
	EXPECT(strcmp(name, "a name that is ") == 0);
	EXPECT_ERROR(syscall(SYS_prctl, PR_SET_NAME, unmapped()), EFAULT);
	EXPECT_ERROR(syscall(SYS_prctl, 0x12345, 0, 0, 0, 0), EINVAL);
}

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

/* ---- Sessions ---- */

TEST(sessions)
{
	pid_t session = (pid_t)syscall(SYS_getsid, 0), group = getpgrp();

	EXPECT(session > 0);
	EXPECT_EQ(syscall(SYS_getpgid, 0), group);
	EXPECT_EQ(syscall(SYS_getpgid, getpid()), group);
	EXPECT_ERROR(syscall(SYS_getpgid, 0x3fffffff), ESRCH);
	EXPECT_ERROR(syscall(SYS_getsid, 0x3fffffff), ESRCH);
	EXPECT_ERROR(syscall(SYS_setsid), EPERM); /* leads the case's group */
	EXPECT_EXIT(0, {
		pid_t self = getpid();

		EXPECT_EQ(syscall(SYS_getsid, 0), session);
		EXPECT_EQ(getpgrp(), group);
		EXPECT_EQ(setsid(), self);
		EXPECT_EQ(syscall(SYS_getsid, 0), self);
		EXPECT_EQ(getpgrp(), self);
		EXPECT_ERROR(setpgid(0, group), EPERM);
	});
}

/* ---- Limits ---- */

TEST(limits)
{
	struct rlimit limit;
	struct rlimit64 stack, wide;

	EXPECT_EQ(getrlimit(RLIMIT_STACK, &limit), 0);
	EXPECT(limit.rlim_cur >= 65536);
	EXPECT_EQ(syscall(SYS_prlimit64, 0, RLIMIT_STACK, NULL, &stack), 0);
	EXPECT_EQ(stack.rlim_cur, limit.rlim_cur);
	EXPECT_EQ(syscall(SYS_prlimit64, getpid(), RLIMIT_NOFILE, NULL, &wide), 0);
	EXPECT(wide.rlim_cur >= 16);
	EXPECT_ERROR(getrlimit(99, &limit), EINVAL);
	EXPECT_ERROR(getrlimit(RLIMIT_STACK, unmapped()), EFAULT);
	EXPECT_ERROR(setrlimit(RLIMIT_STACK, unmapped()), EFAULT);
	EXPECT_ERROR(syscall(SYS_prlimit64, 0x3fffffff, RLIMIT_STACK, NULL, &wide), ESRCH);
	wide = (struct rlimit64){ .rlim_cur = 2, .rlim_max = 1 };
	EXPECT_ERROR(syscall(SYS_prlimit64, 0, RLIMIT_STACK, &wide, NULL), EINVAL);
}

TEST(limit_of_address_space)
{
	struct rlimit limit = { 16 << 20, 16 << 20 };

	EXPECT(pages(8192) != MAP_FAILED);
	EXPECT_EQ(setrlimit(RLIMIT_AS, &limit), 0);
	EXPECT_ERROR(pages(8192), ENOMEM);
	EXPECT_EXIT(0, EXPECT_ERROR(pages(8192), ENOMEM)); /* children have it, too */
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

	EXPECT_EXIT(0, deep(1 << 20));
	EXPECT_EQ(setrlimit(RLIMIT_STACK, &limit), 0);
	EXPECT_EXIT(0, deep(64 << 10));
	EXPECT_SIGNAL(SIGSEGV, deep(1 << 20));
}

TEST(use_of_resources)
{
	struct rusage usage;

	EXPECT_EQ(getrusage(RUSAGE_SELF, &usage), 0);
	EXPECT(usage.ru_maxrss > 0);
	EXPECT_EQ(getrusage(RUSAGE_CHILDREN, &usage), 0);
	EXPECT_ERROR(getrusage(77, &usage), EINVAL);
	EXPECT_ERROR(getrusage(RUSAGE_SELF, unmapped()), EFAULT);
}

TEST(one_processor)
{
	unsigned long mask[16] = { 0 };

	EXPECT(syscall(SYS_sched_getaffinity, 0, sizeof(mask), mask) > 0);
	EXPECT(mask[0] != 0);
	EXPECT_ERROR(syscall(SYS_sched_getaffinity, 0, 1, mask), EINVAL);
	EXPECT_ERROR(syscall(SYS_sched_getaffinity, 0x3fffffff, sizeof(mask), mask), ESRCH);
	EXPECT_ERROR(syscall(SYS_sched_getaffinity, 0, sizeof(mask), unmapped()), EFAULT);
}

/* ---- Time ---- */

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

static volatile int alarms;

static void ring(int number)
{
	(void)number;
	alarms++;
}

TEST(alarm_rings_once)
{
	signal(SIGALRM, ring);
	EXPECT_EQ(syscall(SYS_alarm, 100), 0);
	EXPECT_EQ(syscall(SYS_alarm, 1), 100); /* what was left of the old one */
	pause();
	EXPECT_EQ(alarms, 1);
	EXPECT_EQ(syscall(SYS_alarm, 0), 0);
}

struct interval_timer {
	struct {
		long tv_sec, tv_usec;
	} interval, value;
};

TEST(timer_rings_again_and_again)
{
	struct interval_timer timer = { { 0, 20000 }, { 0, 20000 } }, now,
			      none = { { 0, 0 }, { 0, 0 } };

	signal(SIGALRM, ring);
	EXPECT_EQ(syscall(SYS_setitimer, 0, &timer, NULL), 0);
	EXPECT_EQ(syscall(SYS_getitimer, 0, &now), 0);
	EXPECT_EQ(now.interval.tv_usec, 20000);
	EXPECT(now.value.tv_sec == 0 && now.value.tv_usec > 0);
	while (alarms < 3)
		pause();
	EXPECT_EQ(syscall(SYS_setitimer, 0, &none, &now), 0);
	EXPECT_EQ(now.interval.tv_usec, 20000);
	alarms = 0;
	sleep_ms(60);
	EXPECT_EQ(alarms, 0);
	timer.value.tv_usec = 1000000;
	EXPECT_ERROR(syscall(SYS_setitimer, 0, &timer, NULL), EINVAL);
	EXPECT_ERROR(syscall(SYS_setitimer, 77, &none, NULL), EINVAL);
	EXPECT_ERROR(syscall(SYS_setitimer, 0, unmapped(), NULL), EFAULT);
	EXPECT_ERROR(syscall(SYS_getitimer, 0, unmapped()), EFAULT);
}

TEST(alarm_ends_who_does_not_catch_it)
{
	EXPECT_SIGNAL(SIGALRM, syscall(SYS_alarm, 1); pause());
}

/* ---- Chance ---- */

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

/* ---- What C libraries ask for at the start of a thread ---- */

TEST(start_of_a_thread)
{
	struct {
		void *next;
		long offset;
		void *pending;
	} head = { &head, 0, NULL };
	void *found = NULL;
	size_t size = 0;

	EXPECT_EQ(syscall(SYS_set_tid_address, &found), gettid());
	EXPECT_EQ(syscall(SYS_set_tid_address, NULL), gettid());
	EXPECT_ERROR(syscall(SYS_set_robust_list, &head, 5), EINVAL);
	EXPECT_EQ(syscall(SYS_set_robust_list, &head, sizeof(head)), 0);
	EXPECT_EQ(syscall(SYS_get_robust_list, 0, &found, &size), 0);
	EXPECT(found == &head && size == sizeof(head));
	EXPECT_ERROR(syscall(SYS_get_robust_list, 0x3fffffff, &found, &size), ESRCH);
	EXPECT_ERROR(syscall(SYS_get_robust_list, 0, unmapped(), &size), EFAULT);
	EXPECT_EQ(syscall(SYS_set_robust_list, NULL, sizeof(head)), 0);
}

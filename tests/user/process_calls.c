// SPDX-License-Identifier: MIT
/* Calls of processes that few programs make: limits, priorities, groups, names, alarms, robust locks. */
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <tessera/futex.h>
#include <tessera/prctl.h>
#include <time.h>
#include <unistd.h>

#include "test.h"

TEST(limits)
{
	struct rlimit64 limit, old;
	struct rlimit plain;

	EXPECT_EQ(syscall(SYS_prlimit64, 0, RLIMIT_STACK, NULL, &old), 0);
	EXPECT(old.rlim_cur >= 65536);
	EXPECT_EQ(getrlimit(RLIMIT_STACK, &plain), 0);
	EXPECT(plain.rlim_cur == (unsigned long)old.rlim_cur);
	limit = (struct rlimit64){ 65536, old.rlim_max };
	EXPECT_EQ(syscall(SYS_prlimit64, getpid(), RLIMIT_STACK, &limit, &old), 0);
	EXPECT_EQ(getrlimit(RLIMIT_STACK, &plain), 0);
	EXPECT_EQ(plain.rlim_cur, 65536);
	EXPECT_EQ(getrlimit(RLIMIT_NOFILE, &plain), 0);
	EXPECT(plain.rlim_cur >= 8);
	EXPECT_EQ(getrlimit(RLIMIT_NPROC, &plain), 0);
	EXPECT(plain.rlim_cur >= 8);
	EXPECT_EQ(getrlimit(RLIMIT_CPU, &plain), 0);

	limit = (struct rlimit64){ 2, 1 };
	EXPECT_ERROR(syscall(SYS_prlimit64, 0, RLIMIT_STACK, &limit, NULL), EINVAL);
	EXPECT_ERROR(syscall(SYS_prlimit64, 0, RLIMITS, NULL, &old), EINVAL);
	EXPECT_ERROR(syscall(SYS_prlimit64, 99999, RLIMIT_STACK, NULL, &old), ESRCH);
	EXPECT_ERROR(syscall(SYS_prlimit64, 0, RLIMIT_STACK, unmapped(), NULL), EFAULT);
	EXPECT_ERROR(syscall(SYS_prlimit64, 0, RLIMIT_STACK, NULL, unmapped()), EFAULT);
	plain = (struct rlimit){ 2, 1 };
	EXPECT_ERROR(setrlimit(RLIMIT_STACK, &plain), EINVAL);
	EXPECT_ERROR(setrlimit(RLIMITS, &plain), EINVAL);
	EXPECT_ERROR(getrlimit(RLIMITS, &plain), EINVAL);
	EXPECT_ERROR(setrlimit(RLIMIT_STACK, unmapped()), EFAULT);
}

/* What is lowered holds. */
TEST(limit_of_memory)
{
	struct rlimit limit = { 4 << 20, 4 << 20 };

	EXPECT_EQ(setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 }), 0);
	EXPECT_EQ(setrlimit(RLIMIT_AS, &limit), 0);
	EXPECT(mmap(NULL, 8 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED);
	EXPECT_EQ(errno, ENOMEM);
	EXPECT(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED);
}

TEST(use_of_the_processor)
{
	struct rusage own, children, thread;
	struct timespec used;

	for (int64_t end = now_ns() + 30000000; now_ns() < end;)
		;
	EXPECT_EQ(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used), 0);
	if (used.tv_sec == 0 && used.tv_nsec == 0)
		SKIP("SCHED_STATS");
	EXPECT_EQ(getrusage(RUSAGE_SELF, &own), 0);
	EXPECT(own.ru_utime.tv_sec > 0 || own.ru_utime.tv_usec + own.ru_stime.tv_usec >= 10000);
	EXPECT(own.ru_maxrss > 0);
	EXPECT_EQ(getrusage(RUSAGE_THREAD, &thread), 0);
	EXPECT(thread.ru_utime.tv_sec <= own.ru_utime.tv_sec);
	EXPECT_EQ(getrusage(RUSAGE_CHILDREN, &children), 0);
	EXPECT_EQ(children.ru_utime.tv_sec, 0);
	EXPECT_ERROR(getrusage(77, &own), EINVAL);
	EXPECT_ERROR(getrusage(RUSAGE_SELF, unmapped()), EFAULT);
}

TEST(nice_values_of_groups)
{
	int ready[2];
	pid_t child;
	char byte;

	ASSERT(pipe(ready) == 0);
	child = fork();
	if (child == 0) {
		setpgid(0, 0);
		write(ready[1], "x", 1);
		pause();
	}
	ASSERT(read(ready[0], &byte, 1) == 1);
	EXPECT_EQ(setpriority(PRIO_PROCESS, (unsigned)child, 3), 0);
	EXPECT_EQ(getpriority(PRIO_PROCESS, (unsigned)child), 3);
	EXPECT_EQ(getpriority(PRIO_PROCESS, 0), 0);
	EXPECT_EQ(setpriority(PRIO_PGRP, (unsigned)child, 7), 0);
	EXPECT_EQ(getpriority(PRIO_PGRP, (unsigned)child), 7);
	EXPECT_EQ(getpriority(PRIO_PGRP, 0), 0);
	EXPECT_EQ(setpriority(PRIO_PGRP, 0, 1), 0);
	EXPECT_EQ(getpriority(PRIO_PROCESS, 0), 1);
	EXPECT_EQ(getpriority(PRIO_PROCESS, (unsigned)child), 7);
	EXPECT_EQ(setpriority(PRIO_PROCESS, 0, -50), 0);
	EXPECT_EQ(getpriority(PRIO_PROCESS, 0), -20);
	EXPECT(getpriority(PRIO_USER, 0) <= -20);
	EXPECT_ERROR(getpriority(PRIO_USER + 1, 0), EINVAL);
	EXPECT_ERROR(setpriority(PRIO_USER + 1, 0, 0), EINVAL);
	EXPECT_ERROR(setpriority(PRIO_PROCESS, 99999, 0), ESRCH);
	EXPECT_ERROR(getpriority(PRIO_PGRP, 99999), ESRCH);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

TEST(policies)
{
	struct sched_param param = { 10 }, none = { 0 };
	unsigned long mask[2] = { 0 };

	EXPECT_EQ(sched_setscheduler(0, SCHED_RR, &param), 0);
	param.sched_priority = 20;
	EXPECT_EQ(syscall(SYS_sched_setparam, 0, &param), 0);
	param.sched_priority = 0;
	EXPECT_EQ(sched_getparam(0, &param), 0);
	EXPECT_EQ(param.sched_priority, 20);
	EXPECT_EQ(sched_getscheduler(0), SCHED_RR);
	EXPECT_ERROR(syscall(SYS_sched_setparam, 0, &none), EINVAL);
	EXPECT_EQ(sched_setscheduler(0, SCHED_IDLE, &none), 0);
	EXPECT_EQ(sched_getscheduler(0), SCHED_IDLE);
	EXPECT_EQ(sched_setscheduler(0, SCHED_BATCH, &none), 0);
	EXPECT_ERROR(sched_setscheduler(0, 77, &none), EINVAL);
	EXPECT_ERROR(sched_setscheduler(0, -1, &none), EINVAL);
	EXPECT_ERROR(sched_setscheduler(-1, SCHED_OTHER, &none), EINVAL);
	EXPECT_ERROR(sched_setscheduler(99999, SCHED_OTHER, &none), ESRCH);
	EXPECT_ERROR(sched_setscheduler(0, SCHED_OTHER, unmapped()), EFAULT);
	EXPECT_ERROR(sched_getscheduler(99999), ESRCH);
	EXPECT_ERROR(sched_getparam(99999, &param), ESRCH);
	EXPECT_ERROR(sched_get_priority_max(77), EINVAL);
	EXPECT(syscall(SYS_sched_getaffinity, 0, sizeof(mask), mask) >= (long)sizeof(long));
	EXPECT(mask[0] & 1);
	EXPECT_ERROR(syscall(SYS_sched_getaffinity, 0, 3, mask), EINVAL);
	EXPECT_ERROR(syscall(SYS_sched_getaffinity, 99999, sizeof(mask), mask), ESRCH);
	EXPECT_ERROR(syscall(SYS_sched_getaffinity, 0, sizeof(mask), unmapped()), EFAULT);
}

TEST(names)
{
	char name[16] = "";
	struct utsname before, after;

	EXPECT_EQ(syscall(SYS_prctl, PR_SET_NAME, "a name that is too long"), 0);
	EXPECT_EQ(syscall(SYS_prctl, PR_GET_NAME, name), 0);
	EXPECT_EQ(memcmp(name, "a name that is ", 16), 0);
	EXPECT_ERROR(syscall(SYS_prctl, PR_SET_NAME, unmapped()), EFAULT);
	EXPECT_ERROR(syscall(SYS_prctl, PR_GET_NAME, unmapped()), EFAULT);
	EXPECT_ERROR(syscall(SYS_prctl, 0x12345, 0), EINVAL);
	EXPECT_ERROR(syscall(SYS_prctl, PR_SET_DUMPABLE, 2), EINVAL);
	EXPECT_EQ(syscall(SYS_prctl, PR_SET_DUMPABLE, 0), 0);
	EXPECT_EQ(syscall(SYS_prctl, PR_GET_DUMPABLE), 0);

	ASSERT(uname(&before) == 0);
	EXPECT_EQ(syscall(SYS_sethostname, "another", 7), 0);
	EXPECT_EQ(uname(&after), 0);
	EXPECT_EQ(strcmp(after.nodename, "another"), 0);
	EXPECT_ERROR(syscall(SYS_sethostname, "x", 65), EINVAL);
	EXPECT_ERROR(syscall(SYS_sethostname, unmapped(), 5), EFAULT);
	EXPECT_EQ(syscall(SYS_sethostname, before.nodename, strlen(before.nodename)), 0);
	EXPECT_EQ(syscall(SYS_getgroups, 0, NULL) >= 0, 1);
	EXPECT_ERROR(syscall(SYS_getgroups, -1, NULL), EINVAL);
}

TEST(log_of_the_kernel)
{
	static char text[4096];

	EXPECT(syscall(SYS_syslog, 10, NULL, 0) >= 1024);
	EXPECT(syscall(SYS_syslog, 3, text, sizeof(text)) > 0);
	EXPECT_EQ(syscall(SYS_syslog, 3, text, 0), 0);
	EXPECT_ERROR(syscall(SYS_syslog, 3, unmapped(), sizeof(text)), EFAULT);
	EXPECT_ERROR(syscall(SYS_syslog, 3, text, -1), EINVAL);
	EXPECT_EQ(syscall(SYS_syslog, 6, NULL, 0), 0);
	EXPECT_EQ(syscall(SYS_syslog, 7, NULL, 0), 0);
	EXPECT_EQ(syscall(SYS_syslog, 8, NULL, 1), 0);
	EXPECT_ERROR(syscall(SYS_syslog, 8, NULL, 0), EINVAL);
	EXPECT_ERROR(syscall(SYS_syslog, 8, NULL, 100), EINVAL);
	EXPECT_EQ(syscall(SYS_syslog, 7, NULL, 0), 0);
	EXPECT_EQ(syscall(SYS_syslog, 9, NULL, 0), 0);
	EXPECT_ERROR(syscall(SYS_syslog, 77, NULL, 0), EINVAL);
	EXPECT_ERROR(syscall(SYS_reboot, 1, 2, 3, 4), EINVAL);
	EXPECT_ERROR(syscall(SYS_reboot, 0xfee1dead, 672274793, 0x77777777, 0), EINVAL);
	EXPECT_EQ(syscall(SYS_reboot, 0xfee1dead, 672274793, 0, 0),
		  0); /* ^Alt-Del: there is none */
}

/* ---- Alarms ---- */

static volatile int rung;

static void ring(int signal)
{
	rung += signal == SIGALRM;
}

TEST(alarms)
{
	struct itimerval every = { { 0, 20000 }, { 0, 30000 } }, none = { { 0, 0 }, { 0, 0 } }, old;

	signal(SIGALRM, ring);
	EXPECT_EQ(syscall(SYS_setitimer, 0, &every, NULL), 0);
	while (rung < 3)
		pause();
	EXPECT_EQ(syscall(SYS_getitimer, 0, &old), 0);
	EXPECT_EQ(old.it_interval.tv_usec, 20000);
	EXPECT(old.it_value.tv_sec == 0 && old.it_value.tv_usec <= 20000);
	EXPECT_EQ(syscall(SYS_setitimer, 0, &none, &old), 0);
	EXPECT_EQ(old.it_interval.tv_usec, 20000);
	rung = 0;
	sleep_ms(60);
	EXPECT_EQ(rung, 0);

	EXPECT_EQ(syscall(SYS_alarm, 10), 0);
	EXPECT_EQ(syscall(SYS_alarm, 1), 10);
	EXPECT_EXIT(0, _exit((int)syscall(SYS_alarm, 0))); /* not inherited */
	pause();
	EXPECT_EQ(rung, 1);
	EXPECT_EQ(syscall(SYS_alarm, 0), 0);

	every.it_value.tv_usec = 1000000;
	EXPECT_ERROR(syscall(SYS_setitimer, 0, &every, NULL), EINVAL);
	every.it_value.tv_usec = -1;
	EXPECT_ERROR(syscall(SYS_setitimer, 0, &every, NULL), EINVAL);
	EXPECT_ERROR(syscall(SYS_setitimer, 0, unmapped(), NULL), EFAULT);
	EXPECT_ERROR(syscall(SYS_setitimer, 77, &none, NULL), EINVAL);
	EXPECT_ERROR(syscall(SYS_getitimer, 77, &old), EINVAL);
	EXPECT_ERROR(syscall(SYS_getitimer, 0, unmapped()), EFAULT);
}

/* ---- Signals ---- */

static volatile int changed;

static void change(int signal)
{
	changed += signal == SIGWINCH;
}

/* To everybody but init and the caller; this signal harms nobody who does not wait for it. */
TEST(signal_to_all)
{
	int ready[2];
	pid_t child;
	char byte;

	ASSERT(pipe(ready) == 0);
	signal(SIGWINCH, change);
	child = fork();
	if (child == 0) {
		write(ready[1], "x", 1);
		while (!changed)
			pause();
		_exit(9);
	}
	ASSERT(read(ready[0], &byte, 1) == 1);
	EXPECT_EQ(kill(-1, 0), 0);
	EXPECT_EQ(kill(-1, SIGWINCH), 0);
	EXPECT_EQ(WEXITSTATUS(status_of(child)), 9);
	EXPECT_EQ(changed, 0);
	EXPECT_ERROR(kill(-0x7fffffff - 1, 0), ESRCH);
	EXPECT_ERROR(kill(getpid(), 65), EINVAL);
	EXPECT_EQ(syscall(SYS_tkill, gettid(), SIGWINCH), 0);
	EXPECT_EQ(changed, 1);
	EXPECT_ERROR(syscall(SYS_tkill, 0, SIGWINCH), EINVAL);
	EXPECT_ERROR(syscall(SYS_tkill, 99999, SIGWINCH), ESRCH);
	EXPECT_ERROR(syscall(SYS_tgkill, getpid(), gettid(), 65), EINVAL);
}

TEST(sessions)
{
	EXPECT_EXIT(0, {
		pid_t self = getpid();

		EXPECT_EQ(setsid(), self);
		EXPECT_EQ(getpgrp(), self);
		EXPECT_EQ(syscall(SYS_getsid, 0), self);
		EXPECT_ERROR(setsid(), EPERM); /* it leads one */
	});
	EXPECT_ERROR(syscall(SYS_getsid, 99999), ESRCH);
	EXPECT_ERROR(syscall(SYS_getpgid, 99999), ESRCH);
	EXPECT_ERROR(setpgid(-1, 0), EINVAL);
	EXPECT_ERROR(setpgid(0, -1), EINVAL);
	EXPECT_ERROR(setpgid(1, 0), ESRCH); /* no child of ours */
}

/* ---- Robust locks ---- */

struct lock {
	struct robust_list entry;
	uint32_t word;
};

/* Who has the list and dies leaves its locks marked, and wakes who waits. */
static struct robust_list_head *hold(struct lock *locks, unsigned count, struct lock *pending)
{
	struct robust_list_head *head = shared_pages(1);

	head->futex_offset = offsetof(struct lock, word);
	head->list_op_pending = pending ? &pending->entry : NULL;
	head->list.next = count ? &locks[0].entry : &head->list;
	for (unsigned i = 0; i < count; i++) {
		locks[i].entry.next = i + 1 < count ? &locks[i + 1].entry : &head->list;
		locks[i].word = (uint32_t)gettid();
	}
	if (pending)
		pending->word = (uint32_t)gettid();
	syscall(SYS_set_robust_list, head, sizeof(*head));
	return head;
}

TEST(robust_locks)
{
	struct lock *locks = shared_pages(1);
	void *head;
	size_t size;

	EXPECT_EXIT(0, {
		hold(locks, 3, &locks[3]);
		locks[1].word |= FUTEX_WAITERS;
		locks[2].word = 1; /* somebody else has it */
	});
	EXPECT_EQ(locks[0].word, FUTEX_OWNER_DIED);
	EXPECT_EQ(locks[1].word, FUTEX_WAITERS | FUTEX_OWNER_DIED);
	EXPECT_EQ(locks[2].word, 1);
	EXPECT_EQ(locks[3].word, FUTEX_OWNER_DIED);

	EXPECT_ERROR(syscall(SYS_set_robust_list, locks, 1), EINVAL);
	EXPECT_EQ(syscall(SYS_set_robust_list, locks, sizeof(struct robust_list_head)), 0);
	EXPECT_EQ(syscall(SYS_get_robust_list, 0, &head, &size), 0);
	EXPECT(head == locks && size == sizeof(struct robust_list_head));
	EXPECT_ERROR(syscall(SYS_get_robust_list, 99999, &head, &size), ESRCH);
	EXPECT_ERROR(syscall(SYS_get_robust_list, 0, unmapped(), &size), EFAULT);
	EXPECT_EQ(syscall(SYS_set_robust_list, NULL, sizeof(struct robust_list_head)), 0);
}

/* A list that is none ends in no harm: a circle, a hole, words that no lock can be. */
TEST(robust_lists_that_cannot_be)
{
	struct lock *locks = shared_pages(2);

	EXPECT_EXIT(0, {
		hold(locks, 2, NULL);
		locks[1].entry.next = &locks[0].entry;
	});
	EXPECT_EQ(locks[0].word, FUTEX_OWNER_DIED);
	EXPECT_EXIT(0, {
		hold(locks, 2, NULL);
		locks[0].entry.next = unmapped();
	});
	EXPECT_EQ(locks[0].word, FUTEX_OWNER_DIED);
	EXPECT_EXIT(0, syscall(SYS_set_robust_list, unmapped(), sizeof(struct robust_list_head)));
	EXPECT_EXIT(0, {
		hold(locks, 0, NULL)->list_op_pending = (struct robust_list *)((char *)locks + 2);
	});
	EXPECT_EXIT(0, hold(locks, 0, NULL)->list_op_pending = unmapped());
	EXPECT_EXIT(0, {
		hold(locks, 1, NULL);
		mprotect(locks, PAGE, PROT_READ);
	});
}

TEST(robust_lock_wakes_who_waits)
{
	struct lock *lock = shared_pages(1);
	int ready[2];
	pid_t owner;
	char byte;
	uint32_t word;

	ASSERT(pipe(ready) == 0);
	owner = fork();
	if (owner == 0) {
		hold(lock, 1, NULL);
		lock->word |= FUTEX_WAITERS;
		write(ready[1], "x", 1);
		sleep_ms(50);
		_exit(0);
	}
	ASSERT(read(ready[0], &byte, 1) == 1);
	word = lock->word;
	EXPECT_EQ(syscall(SYS_futex, &lock->word, FUTEX_WAIT, word, NULL, NULL, 0), 0);
	EXPECT_EQ(lock->word, FUTEX_WAITERS | FUTEX_OWNER_DIED);
	EXPECT_EQ(status_of(owner), 0);
}

/* ---- Memory ---- */

TEST(memory_grows_and_shrinks_in_place)
{
	char *memory = pages(4), *more;

	memory[0] = 1;
	memory[2 * PAGE] = 2;
	EXPECT(munmap(memory + 3 * PAGE, PAGE) == 0);
	more = (char *)syscall(SYS_mremap, memory, 2 * PAGE, PAGE, 0, NULL);
	EXPECT(more == memory);
	EXPECT_SIGNAL(SIGSEGV, memory[PAGE] = 1);
	EXPECT(memory[0] == 1 && memory[2 * PAGE] == 2);
	more = (char *)syscall(SYS_mremap, memory, PAGE, 2 * PAGE, 0, NULL);
	EXPECT(more == memory);
	EXPECT_EQ(memory[PAGE], 0);
	memory[PAGE] = 3;
	EXPECT_EQ(mprotect(memory + 2 * PAGE, PAGE, PROT_READ), 0); /* so it is another's area */
	EXPECT_ERROR(syscall(SYS_mremap, memory, 2 * PAGE, 3 * PAGE, 0, NULL), ENOMEM);
	EXPECT_ERROR(syscall(SYS_mremap, memory, PAGE, 3 * PAGE, 0, NULL), ENOMEM);
	EXPECT(memory[0] == 1 && memory[PAGE] == 3 && memory[2 * PAGE] == 2);
	EXPECT_ERROR(syscall(SYS_mremap, memory + 1, PAGE, PAGE, 0, NULL), EINVAL);
	EXPECT_ERROR(syscall(SYS_mremap, memory, PAGE, 0, 0, NULL), EINVAL);
	EXPECT_ERROR(syscall(SYS_mremap, memory, PAGE, ~0ul - PAGE, 0, NULL), ENOMEM);
	EXPECT_ERROR(syscall(SYS_mremap, unmapped(), PAGE, 2 * PAGE, 0, NULL), EFAULT);
}

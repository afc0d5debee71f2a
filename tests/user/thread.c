// SPDX-License-Identifier: MIT
/* Threads: clone, thread-local variables, locks, and processes with several threads. */
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <tessera/futex.h>
#include <time.h>
#include <unistd.h>

#include "test.h"

#define THREADS 8

static volatile int shared;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *give_back(void *arg)
{
	shared++;
	return (char *)arg + 1;
}

TEST(result_of_a_thread)
{
	pthread_t thread;
	void *result;

	EXPECT_EQ(pthread_create(&thread, NULL, give_back, (void *)41), 0);
	EXPECT_EQ(pthread_join(thread, &result), 0);
	EXPECT_EQ((long)result, 42);
	EXPECT_EQ(shared, 1);
}

static void *ids(void *arg)
{
	pid_t *found = arg;

	found[0] = getpid();
	found[1] = gettid();
	found[2] = getppid();
	return NULL;
}

TEST(one_process_many_tids)
{
	pid_t found[3];
	pthread_t thread;

	pthread_create(&thread, NULL, ids, found);
	pthread_join(thread, NULL);
	EXPECT_EQ(found[0], getpid());
	EXPECT(found[1] != getpid());
	EXPECT_EQ(found[2], getppid());
	EXPECT_EQ(gettid(), getpid());
}

static __thread int own = 7;
static __thread char own_zero[100];

static void *change_own(void *arg)
{
	long seen = own + own_zero[50];

	own = (int)(long)arg;
	own_zero[50] = (char)(long)arg;
	for (int i = 0; i < 20; i++) {
		sched_yield();
		if (own != (int)(long)arg || own_zero[50] != (char)(long)arg)
			return NULL;
	}
	return (void *)seen;
}

TEST(thread_local_variables)
{
	pthread_t threads[THREADS];
	void *result;

	own = 1000;
	for (long i = 0; i < THREADS; i++)
		EXPECT_EQ(pthread_create(&threads[i], NULL, change_own, (void *)i), 0);
	for (long i = 0; i < THREADS; i++) {
		pthread_join(threads[i], &result);
		EXPECT_EQ((long)result, 7);
	}
	EXPECT_EQ(own, 1000);
}

static void *count_up(void *arg)
{
	for (int i = 0; i < 500; i++) {
		pthread_mutex_lock(&lock);
		int now = shared;

		if (i % 50 == 0)
			sched_yield();
		shared = now + 1;
		pthread_mutex_unlock(&lock);
	}
	return arg;
}

TEST(lock_keeps_others_out)
{
	pthread_t threads[THREADS];

	for (int i = 0; i < THREADS; i++)
		ASSERT(pthread_create(&threads[i], NULL, count_up, NULL) == 0);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	EXPECT_EQ(shared, THREADS * 500);
}

TEST(many_threads_one_after_the_other)
{
	pthread_t thread;

	for (int i = 0; i < TIMES(300, 20000); i++) {
		ASSERT(pthread_create(&thread, NULL, give_back, NULL) == 0);
		pthread_join(thread, NULL);
	}
	EXPECT_EQ(shared, TIMES(300, 20000));
}

/* ---- Processes with threads ---- */

static void *spin(void *arg)
{
	for (;;)
		shared = *(int *)arg;
	return NULL;
}

static void *sleep_long(void *arg)
{
	struct timespec request = { .tv_sec = 1000 };

	nanosleep(&request, NULL);
	return arg;
}

static void *wait_on_futex(void *arg)
{
	static int word;

	for (;;)
		syscall(SYS_futex, &word, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, 0, NULL, NULL, 0);
	return arg;
}

static void start_some(void)
{
	static int zero;
	pthread_t thread;

	for (int i = 0; i < 3; i++) {
		pthread_create(&thread, NULL, spin, &zero);
		pthread_create(&thread, NULL, sleep_long, NULL);
		pthread_create(&thread, NULL, wait_on_futex, NULL);
	}
}

TEST(exit_ends_all_threads)
{
	EXPECT_EXIT(6, {
		start_some();
		_exit(6);
	});
}

static void *exit_all(void *arg)
{
	_exit((int)(long)arg);
}

TEST(any_thread_may_exit)
{
	EXPECT_EXIT(8, {
		pthread_t thread;

		start_some();
		pthread_create(&thread, NULL, exit_all, (void *)8);
		for (;;)
			pause();
	});
}

TEST(kill_ends_all_threads)
{
	pid_t child = fork();

	if (child == 0) {
		start_some();
		for (;;)
			pause();
	}
	sleep_ms(20);
	kill(child, SIGKILL);
	EXPECT_EQ(WTERMSIG(status_of(child)), SIGKILL);
}

static void *fault(void *arg)
{
	*(volatile int *)arg = 1;
	return arg;
}

TEST(fault_of_a_thread_ends_the_process)
{
	EXPECT_SIGNAL(SIGSEGV, {
		pthread_t thread;

		start_some();
		pthread_create(&thread, NULL, fault, NULL);
		for (;;)
			pause();
	});
}

/* The first thread may end before the others: the process lasts until the last one. */
static void *outlive(void *arg)
{
	sleep_ms(10);
	_exit((int)(long)arg);
}

TEST(first_thread_ends_first)
{
	EXPECT_EXIT(5, {
		pthread_t thread;

		pthread_create(&thread, NULL, outlive, (void *)5);
		pthread_exit(NULL);
	});
}

TEST(last_thread_gives_the_status)
{
	EXPECT_EXIT(0, {
		pthread_t thread;

		pthread_create(&thread, NULL, give_back, NULL);
		pthread_exit(NULL);
	});
}

static void *fork_here(void *arg)
{
	pid_t child = fork();

	if (child == 0)
		_exit(own == 7 ? 3 : 4);
	return (void *)(long)WEXITSTATUS(status_of(child));
}

TEST(fork_in_a_thread)
{
	pthread_t thread;
	void *result;

	start_some(); /* none of these are in the child */
	pthread_create(&thread, NULL, fork_here, NULL);
	pthread_join(thread, &result);
	EXPECT_EQ((long)result, 3);
}

static void *execute(void *arg)
{
	execl("/bin/false", "false", NULL);
	return arg;
}

TEST(exec_in_a_thread)
{
	EXPECT_EXIT(1, {
		pthread_t thread;

		start_some();
		pthread_create(&thread, NULL, execute, NULL);
		for (;;)
			pause();
	});
}

TEST(exec_ends_other_threads)
{
	EXPECT_EXIT(1, {
		start_some();
		sleep_ms(3);
		execl("/bin/false", "false", NULL);
	});
}

static void *wait_here(void *arg)
{
	pid_t child = *(pid_t *)arg;

	return (void *)(long)WEXITSTATUS(status_of(child));
}

TEST(children_belong_to_the_process)
{
	pthread_t thread;
	void *result;
	pid_t child = fork();

	if (child == 0)
		_exit(11);
	pthread_create(&thread, NULL, wait_here, &child);
	pthread_join(thread, &result);
	EXPECT_EQ((long)result, 11);
}

static volatile int got_by;

static void note_tid(int number)
{
	(void)number;
	got_by = gettid();
}

static void *wait_for_signal(void *arg)
{
	*(volatile pid_t *)arg = gettid();
	while (!got_by)
		sleep_ms(1);
	return NULL;
}

TEST(signal_to_one_thread)
{
	volatile pid_t tid = 0;
	pthread_t thread;

	signal(SIGUSR1, note_tid);
	pthread_create(&thread, NULL, wait_for_signal, (void *)&tid);
	while (!tid)
		sched_yield();
	EXPECT_EQ(tgkill(getpid(), tid, SIGUSR1), 0);
	pthread_join(thread, NULL);
	EXPECT_EQ(got_by, tid);
}

TEST(signal_goes_to_who_does_not_block_it)
{
	volatile pid_t tid = 0;
	pthread_t thread;
	sigset_t set;

	signal(SIGUSR1, note_tid);
	pthread_create(&thread, NULL, wait_for_signal, (void *)&tid);
	while (!tid)
		sched_yield();
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	EXPECT_EQ(kill(getpid(), SIGUSR1), 0);
	pthread_join(thread, NULL);
	EXPECT_EQ(got_by, tid);
}

TEST(bad_clones)
{
	/* Parts that make sense only together. */
	EXPECT_ERROR(syscall(SYS_clone, CLONE_SIGHAND, 0, 0, 0, 0), EINVAL);
	EXPECT_ERROR(syscall(SYS_clone, CLONE_THREAD | CLONE_VM, 0, 0, 0, 0), EINVAL);
}

/* Threads share descriptors: what one opens another can use. */
static int ends[2];

static void *make_pipe(void *arg)
{
	if (pipe(ends) != 0)
		return NULL;
	return arg;
}

TEST(descriptors_are_shared)
{
	pthread_t thread;
	char byte;

	pthread_create(&thread, NULL, make_pipe, NULL);
	pthread_join(thread, NULL);
	EXPECT_EQ(write(ends[1], "q", 1), 1);
	EXPECT_EQ(read(ends[0], &byte, 1), 1);
	EXPECT_EQ(byte, 'q');
}

/* Memory that a thread maps and unmaps while others use theirs. */
static void *map_and_unmap(void *arg)
{
	for (int i = 0; i < 50; i++) {
		char *memory = pages(4);

		memset(memory, i, 4 * PAGE);
		sched_yield();
		for (size_t n = 0; n < 4 * PAGE; n += 511)
			if (memory[n] != (char)i)
				return (void *)1;
		munmap(memory, 4 * PAGE);
	}
	return arg;
}

TEST(memory_of_threads)
{
	pthread_t threads[4];
	void *result;

	for (int i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, map_and_unmap, NULL);
	for (int i = 0; i < 4; i++) {
		pthread_join(threads[i], &result);
		EXPECT_EQ((long)result, 0);
	}
}

/* ---- Memory that goes while a call sleeps which is to write there ---- */

static struct {
	char *memory;
	int ends[2];
	pid_t child;
} meanwhile;

/* Lets another task of the process sleep in its call, takes its memory away, and wakes it. */
static void *take_memory(void *arg)
{
	sleep_ms(5);
	munmap(meanwhile.memory, PAGE);
	if (meanwhile.child)
		kill(meanwhile.child, SIGKILL);
	else
		write(meanwhile.ends[1], "abc", 3);
	return arg;
}

static pthread_t begin(bool with_child)
{
	pthread_t thread;

	meanwhile.memory = pages(1);
	meanwhile.child = with_child ? fork() : 0;
	if (with_child && meanwhile.child == 0)
		for (;;)
			pause();
	pipe(meanwhile.ends);
	pthread_create(&thread, NULL, take_memory, NULL);
	return thread;
}

TEST(memory_goes_meanwhile)
{
	pthread_t thread = begin(false);
	struct pollfd *file;

	EXPECT_ERROR(read(meanwhile.ends[0], meanwhile.memory, 3), EFAULT);
	pthread_join(thread, NULL);

	thread = begin(false);
	file = (struct pollfd *)meanwhile.memory;
	*file = (struct pollfd){ .fd = meanwhile.ends[0], .events = POLLIN };
	EXPECT_ERROR(poll(file, 1, -1), EFAULT);
	pthread_join(thread, NULL);

	thread = begin(true);
	EXPECT_ERROR(waitpid(meanwhile.child, (int *)meanwhile.memory, 0), EFAULT);
	pthread_join(thread, NULL);
}

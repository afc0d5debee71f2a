// SPDX-License-Identifier: MIT
/* Processes, pipes, memory, signals, files and threads by way of a C library that knows nothing of Tessera. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int failures;

#define CHECK(condition)                                                                         \
	do {                                                                                     \
		if (!(condition)) {                                                              \
			printf("work: not so in line %d: %s (errno %d)\n", __LINE__, #condition, \
			       errno);                                                           \
			failures++;                                                              \
		}                                                                                \
	} while (0)

static void processes(void)
{
	int ends[2], status;
	char text[32] = "";
	pid_t child;

	CHECK(pipe(ends) == 0);
	child = fork();
	if (child == 0) {
		close(ends[0]);
		dprintf(ends[1], "from %s", "the child");
		exit(7);
	}
	close(ends[1]);
	CHECK(read(ends[0], text, sizeof(text)) == 14);
	CHECK(strcmp(text, "from the child") == 0);
	CHECK(waitpid(child, &status, 0) == child);
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 7);
	child = fork();
	if (child == 0)
		abort();
	CHECK(waitpid(child, &status, 0) == child && WTERMSIG(status) == SIGABRT);
	status = system("exit 3");
	CHECK(WEXITSTATUS(status) == 3);
}

static void memory(void)
{
	char *shared = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	char *big;
	pid_t child;

	CHECK(shared != MAP_FAILED);
	child = fork();
	if (child == 0) {
		strcpy(shared + 4096, "shared");
		_exit(0);
	}
	waitpid(child, NULL, 0);
	CHECK(strcmp(shared + 4096, "shared") == 0);
	CHECK(munmap(shared, 8192) == 0);
	big = malloc(4 << 20);
	CHECK(big != NULL);
	memset(big, 1, 4 << 20);
	big = realloc(big, 8 << 20);
	CHECK(big != NULL && big[(4 << 20) - 1] == 1);
	free(big);
	for (int i = 0; i < 1000; i++)
		free(malloc((size_t)i * 37));
}

static volatile sig_atomic_t signals;

static void count_signal(int number)
{
	(void)number;
	signals++;
}

static void signals_and_time(void)
{
	struct sigaction action = { .sa_handler = count_signal };
	struct timespec before, after, nap = { .tv_nsec = 5000000 };

	sigaction(SIGUSR1, &action, NULL);
	raise(SIGUSR1);
	kill(getpid(), SIGUSR1);
	CHECK(signals == 2);
	clock_gettime(CLOCK_MONOTONIC, &before);
	CHECK(nanosleep(&nap, NULL) == 0);
	clock_gettime(CLOCK_MONOTONIC, &after);
	CHECK((after.tv_sec - before.tv_sec) * 1000000000ll + after.tv_nsec - before.tv_nsec >=
	      5000000);
}

static void files(void)
{
	struct stat stat_;
	char line[64];
	FILE *file = fopen("/bin/sh", "r");
	DIR *folder = opendir("/bin");
	int count = 0;

	CHECK(file != NULL);
	CHECK(file && fread(line, 1, 4, file) == 4 && memcmp(line, "\177ELF", 4) == 0);
	CHECK(file && fseek(file, 0, SEEK_END) == 0 && ftell(file) > 1000);
	if (file)
		fclose(file);
	CHECK(stat("/bin/sh", &stat_) == 0 && S_ISREG(stat_.st_mode) && stat_.st_size > 1000);
	CHECK(folder != NULL);
	while (folder && readdir(folder))
		count++;
	CHECK(count > 10);
	if (folder)
		closedir(folder);
	CHECK(open("/nowhere", O_RDONLY) < 0 && errno == ENOENT);
}

#define THREADS 4

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t all_there = PTHREAD_COND_INITIALIZER;
static int there, sum;
static __thread int own = 5;

static void *thread(void *arg)
{
	pthread_mutex_lock(&lock);
	if (++there == THREADS)
		pthread_cond_broadcast(&all_there);
	while (there < THREADS)
		pthread_cond_wait(&all_there, &lock);
	pthread_mutex_unlock(&lock);
	for (int i = 0; i < 1000; i++) {
		pthread_mutex_lock(&lock);
		sum++;
		pthread_mutex_unlock(&lock);
		own++;
	}
	return (void *)((long)arg + own);
}

static void threads(void)
{
	pthread_t ids[THREADS];
	void *result;

	for (long i = 0; i < THREADS; i++)
		CHECK(pthread_create(&ids[i], NULL, thread, (void *)i) == 0);
	for (long i = 0; i < THREADS; i++) {
		CHECK(pthread_join(ids[i], &result) == 0);
		CHECK((long)result == i + 1005);
	}
	CHECK(sum == THREADS * 1000);
	CHECK(own == 5);
}

static void numbers(void)
{
	volatile double x = 2.0;
	char text[32];

	for (int i = 0; i < 5; i++)
		x = x * 1.5 - 1.0 / x;
	snprintf(text, sizeof(text), "%.6f", x);
	CHECK(strcmp(text, "10.171861") == 0 || (printf("work: x is %s\n", text), 0));
}

int main(void)
{
	processes();
	memory();
	signals_and_time();
	files();
	threads();
	numbers();
	printf("work: %d failures\n", failures);
	return failures != 0;
}

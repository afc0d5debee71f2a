// SPDX-License-Identifier: MIT
/*
 * /tests/bench [FIGURE]...: what the kernel costs a program, in instructions: the cycle counter under QEMU's
 * instruction clock (Documentation/testing.md). Each figure is the mean of a batch after a warm-up; the timer's
 * interrupts are in it, one in some hundred thousand instructions.
 *
 * It also builds for Linux: gcc -O2 -static -pthread tests/user/bench.c
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096ul

/* The counter's lower half: no stretch takes as long as its turn, so a difference is right. It keeps
 * nothing in memory, where after a fork the measurement would pay for a copy of a page. */
#ifdef __mips__
/* One count is six instructions: 6 ns at 1 ns each. */
#define INSTRUCTIONS_PER_COUNT 6

static uint32_t count(void)
{
	uint32_t now;

	__asm__ volatile(".set push\n\t.set mips32r2\n\trdhwr %0, $2\n\t.set pop" : "=r"(now));
	return now;
}
#else
#define INSTRUCTIONS_PER_COUNT 1

static uint32_t count(void)
{
	uint32_t low, high;

	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
	return low;
}
#endif

/* System calls without the C library's part, where that is known. */
#ifdef __linux__
#define call0(name)	     syscall(SYS_##name)
#define call1(name, a)	     syscall(SYS_##name, a)
#define call2(name, a, b)    syscall(SYS_##name, a, b)
#define call3(name, a, b, c) syscall(SYS_##name, a, b, c)
#define map_one()	     mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
#else
#include <arch/system_call.h>
#define call0(name)		system_call0(SYS_##name)
#define call1(name, a)		system_call1(SYS_##name, (long)(a))
#define call2(name, a, b)	system_call2(SYS_##name, (long)(a), (long)(b))
#define call3(name, a, b, c)	system_call3(SYS_##name, (long)(a), (long)(b), (long)(c))
#define call4(name, a, b, c, d) system_call4(SYS_##name, (long)(a), (long)(b), (long)(c), (long)(d))

#if __SIZEOF_LONG__ == 4
#define SYS_mmap SYS_mmap2 /* the one with an offset in pages */
#endif
#define map_one() \
	system_call6(SYS_mmap, 0, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
#endif

/* ---- What is measured ---- */

struct figure {
	const char *name;
	unsigned times;
	/* Does it so many times; gives the counts that this took. */
	uint64_t (*run)(unsigned times);
};

/* The other process: it does its part over and over, until it is killed. */
static pid_t partner(void (*part)(void))
{
	pid_t pid = fork();

	if (pid == 0)
		for (;;)
			part();
	return pid;
}

static void end_partner(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

#define MEASURE(times, statement)                            \
	({                                                   \
		uint32_t start;                              \
		for (unsigned warm = 0; warm < 16; warm++) { \
			statement;                           \
		}                                            \
		start = count();                             \
		for (unsigned i = 0; i < (times); i++) {     \
			statement;                           \
		}                                            \
		count() - start;                             \
	})

static uint64_t null_call(unsigned times)
{
	return MEASURE(times, call0(getppid));
}

static void yield(void)
{
	call0(sched_yield);
}

static uint64_t yield_alone(unsigned times)
{
	return MEASURE(times, call0(sched_yield));
}

static uint64_t yield_round_trip(unsigned times)
{
	pid_t other = partner(yield);
	uint64_t result = MEASURE(times, call0(sched_yield));

	end_partner(other);
	return result;
}

static int there[2], back[2];

static void pipe_part(void)
{
	char byte;

	if (call3(read, there[0], &byte, 1) == 1)
		call3(write, back[1], &byte, 1);
}

static uint64_t pipe_round_trip(unsigned times)
{
	uint64_t result;
	pid_t other;
	char byte = 0;

	if (pipe(there) != 0 || pipe(back) != 0)
		return 0;
	other = partner(pipe_part);
	result = MEASURE(times, {
		call3(write, there[1], &byte, 1);
		call3(read, back[0], &byte, 1);
	});
	end_partner(other);
	for (int i = 0; i < 2; i++) {
		close(there[i]);
		close(back[i]);
	}
	return result;
}

/* A process with eight pages of its own; the child writes to three. */
static volatile char *own_pages;

static void touch(volatile char *memory, unsigned pages)
{
	for (unsigned i = 0; i < pages; i++)
		memory[i * PAGE] = 1;
}

static void fork_exit_wait_once(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		touch(own_pages, 2); /* and its stack */
		_exit(0);
	}
	waitpid(pid, NULL, 0);
}

static uint64_t fork_exit_wait(unsigned times)
{
	uint64_t result;

	own_pages =
		mmap(NULL, 5 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	touch(own_pages, 5); /* besides data, heap and stack */
	result = MEASURE(times, {
		touch(own_pages, 5);
		fork_exit_wait_once();
	});
	munmap((void *)own_pages, 5 * PAGE);
	return result;
}

static void vfork_exec_once(void)
{
	pid_t pid = vfork();

	if (pid == 0) {
		execl("/bin/true", "true", NULL);
		_exit(1);
	}
	waitpid(pid, NULL, 0);
}

static uint64_t vfork_exec(unsigned times)
{
	return MEASURE(times, vfork_exec_once());
}

static void *nothing(void *arg)
{
	return arg;
}

static uint64_t thread_create_join(unsigned times)
{
	pthread_t thread;

	return MEASURE(times, {
		pthread_create(&thread, NULL, nothing, NULL);
		pthread_join(thread, NULL);
	});
}

/* ---- Memory ---- */

static volatile char *map(unsigned pages)
{
	return mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static uint64_t touch_all(volatile char *memory, unsigned pages)
{
	uint32_t start = count();

	touch(memory, pages);
	return count() - start;
}

static uint64_t first_touch(unsigned times)
{
	volatile char *memory = map(times);
	uint64_t result = touch_all(memory, times);

	munmap((void *)memory, times * PAGE);
	return result;
}

/* While a child holds the pages too, or after it has ended. */
static uint64_t copy_on_write(unsigned times, int child_lives)
{
	volatile char *memory = map(times);
	uint64_t result;
	pid_t child;

	touch(memory, times);
	child = fork();
	if (child == 0) {
		while (child_lives)
			pause();
		_exit(0);
	}
	if (!child_lives)
		waitpid(child, NULL, 0);
	result = touch_all(memory, times);
	if (child_lives)
		end_partner(child);
	munmap((void *)memory, times * PAGE);
	return result;
}

static uint64_t copy_on_write_copy(unsigned times)
{
	return copy_on_write(times, 1);
}

static uint64_t copy_on_write_reuse(unsigned times)
{
	return copy_on_write(times, 0);
}

static uint64_t map_unmap(unsigned times)
{
	return MEASURE(times, call2(munmap, map_one(), PAGE));
}

/* ---- Tessera's own calls ---- */

#ifndef __linux__
#include <ipc.h>

static int first, second;

static void semaphore_part(void)
{
	call2(semaphore_wait, first, NULL);
	call1(semaphore_post, second);
}

static uint64_t semaphore_round_trip(unsigned times)
{
	uint64_t result;
	pid_t other;

	first = semaphore_create(0, 0);
	second = semaphore_create(0, 0);
	if (first < 0)
		return 0;
	other = partner(semaphore_part);
	result = MEASURE(times, {
		call1(semaphore_post, first);
		call2(semaphore_wait, second, NULL);
	});
	end_partner(other);
	close(first);
	close(second);
	return result;
}

static void exchange_part(void)
{
	call3(semaphore_exchange, second, first, NULL);
}

static uint64_t semaphore_exchange_round_trip(unsigned times)
{
	uint64_t result;
	pid_t other;

	first = semaphore_create(0, 0);
	second = semaphore_create(0, 0);
	if (first < 0)
		return 0;
	other = partner(exchange_part);
	call2(semaphore_wait, second, NULL); /* it now waits for the first one */
	result = MEASURE(times, call3(semaphore_exchange, first, second, NULL));
	end_partner(other);
	close(first);
	close(second);
	return result;
}

static uint64_t semaphore_pair(unsigned times)
{
	uint64_t result;

	first = semaphore_create(0, 0);
	if (first < 0)
		return 0;
	result = MEASURE(times, {
		call1(semaphore_post, first);
		call2(semaphore_wait, first, NULL);
	});
	close(first);
	return result;
}

static void event_part(void)
{
	struct event_message event;

	if (call2(event_receive, &event, NULL) == 0)
		call3(event_send, event.sender, event.word, NULL);
}

static uint64_t event_round_trip(unsigned times)
{
	struct event_message event;
	pid_t other = partner(event_part);
	uint64_t result = 0;

	if (call3(event_send, other, 1, NULL) == 0) {
		call2(event_receive, &event, NULL);
		result = MEASURE(times, {
			call3(event_send, other, 1, NULL);
			call2(event_receive, &event, NULL);
		});
	}
	end_partner(other);
	return result;
}

static void event_exchange_part(void)
{
	static struct event_message event;

	if (!event.sender)
		call2(event_receive, &event, NULL);
	call4(event_exchange, event.sender, event.word, &event, NULL);
}

static uint64_t event_exchange_round_trip(unsigned times)
{
	struct event_message event;
	pid_t other = partner(event_exchange_part);
	uint64_t result = 0;

	if (call4(event_exchange, other, 1, &event, NULL) == 0)
		result = MEASURE(times, call4(event_exchange, other, 1, &event, NULL));
	end_partner(other);
	return result;
}

static size_t message_size;

static void message_part(void)
{
	char message[64];

	call4(message_box_receive, first, message, sizeof(message), NULL);
	call4(message_box_send, second, message, message_size, NULL);
}

static uint64_t message_round_trip(unsigned times, size_t size)
{
	char message[64] = "";
	uint64_t result;
	pid_t other;

	message_size = size;
	first = message_box_create(4, size, 0);
	second = message_box_create(4, size, 0);
	if (first < 0)
		return 0;
	other = partner(message_part);
	result = MEASURE(times, {
		call4(message_box_send, first, message, size, NULL);
		call4(message_box_receive, second, message, sizeof(message), NULL);
	});
	end_partner(other);
	close(first);
	close(second);
	return result;
}

static uint64_t message_round_trip_4(unsigned times)
{
	return message_round_trip(times, 4);
}

static uint64_t message_round_trip_64(unsigned times)
{
	return message_round_trip(times, 64);
}
#else
#include <semaphore.h>

static sem_t *first, *second;

static void semaphore_part(void)
{
	sem_wait(first);
	sem_post(second);
}

static uint64_t semaphore_round_trip(unsigned times)
{
	uint64_t result;
	pid_t other;

	first = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	second = first + 1;
	sem_init(first, 1, 0);
	sem_init(second, 1, 0);
	other = partner(semaphore_part);
	result = MEASURE(times, {
		sem_post(first);
		sem_wait(second);
	});
	end_partner(other);
	munmap(first, PAGE);
	return result;
}
#endif

static const struct figure figures[] = {
	{ "user.null", 1000, null_call },
	{ "user.yield.alone", 1000, yield_alone },
	{ "user.yield.rt", 1000, yield_round_trip },
	{ "user.semaphore.rt", 1000, semaphore_round_trip },
#ifndef __linux__
	{ "user.semaphore.pair", 1000, semaphore_pair },
	{ "user.semaphore.exchange.rt", 1000, semaphore_exchange_round_trip },
	{ "user.event.rt", 1000, event_round_trip },
	{ "user.event.exchange.rt", 1000, event_exchange_round_trip },
	{ "user.message.4.rt", 1000, message_round_trip_4 },
	{ "user.message.64.rt", 1000, message_round_trip_64 },
#endif
	{ "user.pipe.1.rt", 1000, pipe_round_trip },
	{ "user.fork_exit_wait", 100, fork_exit_wait },
	{ "user.vfork_exec", 100, vfork_exec },
	{ "user.thread.create_join", 200, thread_create_join },
	{ "user.touch.first", 256, first_touch },
	{ "user.touch.copy", 256, copy_on_write_copy },
	{ "user.touch.reuse", 256, copy_on_write_reuse },
	{ "user.map_unmap", 1000, map_unmap },
};

static int wanted(const char *name, char **filter)
{
	if (!*filter)
		return 1;
	for (; *filter; filter++)
		if (strncmp(name, *filter, strlen(*filter)) == 0)
			return 1;
	return 0;
}

int main(int argc, char **argv)
{
	(void)argc;
	for (size_t i = 0; i < sizeof(figures) / sizeof(figures[0]); i++) {
		const struct figure *figure = &figures[i];
		uint64_t counts;

		if (!wanted(figure->name, argv + 1))
			continue;
		counts = figure->run(figure->times);
		if (counts) /* else the kernel lacks what it measures */
			printf("# bench %s %u instructions\n", figure->name,
			       (unsigned)((counts * INSTRUCTIONS_PER_COUNT + figure->times / 2) /
					  figure->times));
		fflush(stdout);
	}
	return 0;
}

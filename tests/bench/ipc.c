// SPDX-License-Identifier: MIT
/* Semaphores, events and message boxes in guest instructions; rt: two context switches. */
#include <tessera/benchmark.h>
#include <tessera/event.h>
#include <tessera/message_box.h>
#include <tessera/priority.h>
#include <tessera/semaphore.h>

#include "threads.h"

#define N      1000
#define MIDDLE THREAD_PRIORITY_DEFAULT

#ifdef CONFIG_IPC_SEMAPHORE
static struct semaphore ping, pong;

static int semaphore_partner(void *arg)
{
	while (!semaphore_wait(&ping, FOREVER))
		semaphore_post(&pong);
	return 0;
}

static int exchange_partner(void *arg)
{
	if (!semaphore_wait(&ping, FOREVER))
		while (!semaphore_exchange(&pong, &ping, FOREVER))
			;
	return 0;
}

BENCHMARK(ipc_semaphore)
{
	struct thread *partner;
	uint64_t start;

	semaphore_init(&ping, 0);
	semaphore_init(&pong, 0);
	bench_after_tick();
	start = benchmark_begin();
	for (unsigned i = 0; i < N; i++) {
		semaphore_post(&pong);
		semaphore_wait(&pong, FOREVER);
	}
	benchmark_end("semaphore.pair", start, N);

	partner = thread_create(semaphore_partner, NULL, "partner", MIDDLE);
	thread_yield();
	bench_after_tick();
	start = benchmark_begin();
	for (unsigned i = 0; i < N; i++) {
		semaphore_post(&ping);
		semaphore_wait(&pong, FOREVER);
	}
	benchmark_end("semaphore.rt", start, N);
	thread_kill(partner);
	thread_join(partner, NULL, FOREVER);

	partner = thread_create(exchange_partner, NULL, "partner", MIDDLE);
	thread_yield();
	bench_after_tick();
	start = benchmark_begin();
	for (unsigned i = 0; i < N; i++)
		semaphore_exchange(&ping, &pong, FOREVER);
	benchmark_end("semaphore.exchange.rt", start, N);
	thread_kill(partner);
	thread_join(partner, NULL, FOREVER);
}
#endif

#ifdef CONFIG_IPC_EVENT
static int event_partner(void *arg)
{
	struct event event;

	while (!event_receive(&event, FOREVER))
		event_send(event.sender, event.word, FOREVER);
	return 0;
}

static int event_exchange_partner(void *arg)
{
	struct event event;

	if (!event_receive(&event, FOREVER))
		while (!event_exchange(event.sender, event.word, &event, FOREVER))
			;
	return 0;
}

BENCHMARK(ipc_event)
{
	struct thread *partner = thread_create(event_partner, NULL, "partner", MIDDLE);
	struct event event;
	uint64_t start;

	thread_yield();
	bench_after_tick();
	start = benchmark_begin();
	for (unsigned i = 0; i < N; i++) {
		event_send(partner, i, FOREVER);
		event_receive(&event, FOREVER);
	}
	benchmark_end("event.rt", start, N);
	thread_kill(partner);
	thread_join(partner, NULL, FOREVER);

	partner = thread_create(event_exchange_partner, NULL, "partner", MIDDLE);
	thread_yield();
	bench_after_tick();
	start = benchmark_begin();
	for (unsigned i = 0; i < N; i++)
		event_exchange(partner, i, &event, FOREVER);
	benchmark_end("event.exchange.rt", start, N);
	thread_kill(partner);
	thread_join(partner, NULL, FOREVER);
}
#endif

#ifdef CONFIG_IPC_MESSAGE_BOX
static struct message_box *there, *back;
static unsigned long buffer[2][1024 / sizeof(unsigned long)];

static int message_partner(void *arg)
{
	ssize_t n;

	while ((n = message_box_receive(there, buffer[1], sizeof(buffer[1]), NULL, FOREVER)) >= 0)
		message_box_send(back, buffer[1], (size_t)n, FOREVER);
	return 0;
}

static void message_rt(const char *name, size_t size)
{
	struct thread *partner = thread_create(message_partner, NULL, "partner", MIDDLE);
	uint64_t start;

	thread_yield();
	bench_after_tick();
	start = benchmark_begin();
	for (unsigned i = 0; i < N; i++) {
		message_box_send(there, buffer[0], size, FOREVER);
		message_box_receive(back, buffer[0], sizeof(buffer[0]), NULL, FOREVER);
	}
	benchmark_end(name, start, N);
	thread_kill(partner);
	thread_join(partner, NULL, FOREVER);
}

BENCHMARK(ipc_message)
{
	const size_t largest = MIN(1024, CONFIG_MESSAGE_BOX_MAX_SIZE);
	uint64_t start;

	there = message_box_create(4, largest);
	back = message_box_create(4, largest);
	if (!there || !back)
		return;
	bench_after_tick();
	start = benchmark_begin();
	for (unsigned i = 0; i < N; i++) {
		message_box_send(there, buffer[0], 16, FOREVER);
		message_box_receive(there, buffer[0], sizeof(buffer[0]), NULL, FOREVER);
	}
	benchmark_end("message.16.same", start, N);
	message_rt("message.16.rt", 16);
	message_rt("message.64.rt", 64);
	if (largest == 1024)
		message_rt("message.1024.rt", 1024);
	message_box_free(there);
	message_box_free(back);
}
#endif

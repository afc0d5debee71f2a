// SPDX-License-Identifier: MIT
/*
 * producer_consumer [ITEMS]: semaphores. A producer and two consumers share a ring of four places: one semaphore
 * counts the free places, one the items, and a third one lets one consumer at a time take an item.
 * Descriptors and shared memory are inherited over fork; nothing here has a name.
 */
#include <ipc.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define PLACES	  4
#define CONSUMERS 2
#define NO_MORE	  0

struct ring {
	unsigned items[PLACES];
	unsigned head, tail;
};

static struct ring *ring;
static int free_places, items, taking;

static void put(unsigned item)
{
	semaphore_wait(free_places, NULL);
	ring->items[ring->head++ % PLACES] = item;
	semaphore_post(items);
}

static unsigned take(void)
{
	unsigned item;

	semaphore_wait(items, NULL);
	semaphore_wait(taking, NULL);
	item = ring->items[ring->tail++ % PLACES];
	semaphore_post(taking);
	semaphore_post(free_places);
	return item;
}

static int consume(int number)
{
	unsigned item;

	while ((item = take()) != NO_MORE)
		printf("consumer %d takes %u\n", number, item);
	return 0;
}

int main(int argc, char **argv)
{
	unsigned count = argc > 1 ? (unsigned)atoi(argv[1]) : 10;

	ring = mmap(NULL, sizeof(*ring), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	free_places = semaphore_create(PLACES, 0);
	items = semaphore_create(0, 0);
	taking = semaphore_create(1, 0);
	if (ring == MAP_FAILED || free_places < 0 || items < 0 || taking < 0) {
		perror("producer_consumer");
		return 1;
	}
	for (int i = 1; i <= CONSUMERS; i++) {
		pid_t pid = fork();

		if (pid == 0)
			return consume(i);
		if (pid < 0) {
			perror("producer_consumer: fork");
			return 1;
		}
	}
	for (unsigned item = 1; item <= count; item++)
		put(item);
	for (int i = 0; i < CONSUMERS; i++)
		put(NO_MORE);
	while (wait(NULL) > 0)
		;
	return 0;
}

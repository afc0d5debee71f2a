// SPDX-License-Identifier: MIT
/*
 * Memory in bytes. Sizes are powers of two from 32 up, each with a list of free pieces (Kenneth Kingsley's
 * allocator of 4.2BSD); a piece begins with a header that names its list. Small ones are cut from the
 * data segment, those from LARGE up are mappings of their own and go back to the kernel.
 *
 * Cost: a handful of instructions. Weakness: up to half of each piece is unused, and pieces never change their
 * size.
 */
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define SMALLEST 32ul
#define LARGE	 (64ul << 10)
#define LISTS	 11 /* SMALLEST << 11 is LARGE */
#define REFILL	 8192ul

struct piece {
	union {
		size_t size;	    /* in use: of the whole piece */
		struct piece *next; /* free */
	};
} __attribute__((aligned(16)));

static struct piece *free_pieces[LISTS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static unsigned list_of(size_t size)
{
	unsigned list = 0;

	while (SMALLEST << list < size)
		list++;
	return list;
}

/* Cuts new pieces. */
static void refill(unsigned list)
{
	size_t size = SMALLEST << list, n = size > REFILL ? size : REFILL;
	char *memory = sbrk((intptr_t)n);

	if (memory == (void *)-1)
		return;
	/* The program's own data may end anywhere. */
	if ((uintptr_t)memory % 16) {
		memory += 16 - (uintptr_t)memory % 16;
		sbrk(16);
	}
	for (; n >= size; n -= size, memory += size) {
		struct piece *piece = (struct piece *)memory;

		piece->next = free_pieces[list];
		free_pieces[list] = piece;
	}
}

static struct piece *take_small(size_t size)
{
	unsigned list = list_of(size);
	struct piece *piece;

	pthread_mutex_lock(&lock);
	if (!free_pieces[list])
		refill(list);
	piece = free_pieces[list];
	if (piece)
		free_pieces[list] = piece->next;
	pthread_mutex_unlock(&lock);
	if (piece)
		piece->size = SMALLEST << list;
	return piece;
}

static struct piece *take_large(size_t size)
{
	struct piece *piece =
		mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (piece == MAP_FAILED)
		return NULL;
	piece->size = size;
	return piece;
}

void *malloc(size_t size)
{
	struct piece *piece = NULL;

	if (size < SIZE_MAX / 2) {
		size += sizeof(struct piece);
		piece = size < LARGE ? take_small(size) : take_large(size);
	}
	if (!piece) {
		errno = ENOMEM;
		return NULL;
	}
	return piece + 1;
}

void free(void *memory)
{
	struct piece *piece = (struct piece *)memory - 1;
	unsigned list;

	if (!memory)
		return;
	if (piece->size >= LARGE) {
		munmap(piece, piece->size);
		return;
	}
	list = list_of(piece->size);
	pthread_mutex_lock(&lock);
	piece->next = free_pieces[list];
	free_pieces[list] = piece;
	pthread_mutex_unlock(&lock);
}

void *calloc(size_t count, size_t size)
{
	size_t n;
	void *memory;

	if (__builtin_mul_overflow(count, size, &n)) {
		errno = ENOMEM;
		return NULL;
	}
	memory = malloc(n);
	return memory ? memset(memory, 0, n) : NULL;
}

void *realloc(void *memory, size_t size)
{
	struct piece *piece = (struct piece *)memory - 1;
	void *bigger;

	if (memory && size <= piece->size - sizeof(struct piece))
		return memory;
	bigger = malloc(size);
	if (bigger && memory) {
		memcpy(bigger, memory, piece->size - sizeof(struct piece));
		free(memory);
	}
	return bigger;
}

char *strdup(const char *s)
{
	size_t n = strlen(s) + 1;
	char *copy = malloc(n);

	return copy ? memcpy(copy, s, n) : NULL;
}

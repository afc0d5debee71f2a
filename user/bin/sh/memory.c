// SPDX-License-Identifier: MIT
/* Memory that lasts as long as the line that is executed: pieces are cut from blocks, and all go at once. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sh.h"

#define BLOCK_SIZE 4000

struct block {
	struct block *next;
	size_t used, size;
	char bytes[] __attribute__((aligned(16)));
};

static struct block *blocks;

void *take(size_t size)
{
	void *memory;

	size = (size + 15) & ~(size_t)15;
	if (!blocks || blocks->size - blocks->used < size) {
		size_t block_size = size > BLOCK_SIZE ? size : BLOCK_SIZE;
		struct block *block = malloc(sizeof(*block) + block_size);

		if (!block) {
			fputs("sh: out of memory\n", stderr);
			exit(2);
		}
		*block = (struct block){ .next = blocks, .size = block_size };
		blocks = block;
	}
	memory = blocks->bytes + blocks->used;
	blocks->used += size;
	return memory;
}

char *take_text(const char *text, size_t n)
{
	char *copy = take(n + 1);

	memcpy(copy, text, n);
	copy[n] = '\0';
	return copy;
}

void forget_all(void)
{
	while (blocks) {
		struct block *next = blocks->next;

		free(blocks);
		blocks = next;
	}
}

/* SPDX-License-Identifier: MIT */
/*
 * Drives the selected object allocator with whatever operations the bytes stand for, and compares it
 * with the simplest model there is: a table of what lies where, each object filled with bytes of
 * its own. Each operation is one byte, then a place in the table, then what it needs. In the end
 * everything is freed, and every page must be back.
 */
#include <tessera/errno.h>
#include <tessera/kernel.h>
#include <tessera/kmalloc.h>
#include <tessera/page.h>
#include <tessera/string.h>

#include "../host/machine.h"

#define MEMORY_SIZE (4ull << 20)
#define LIVE_MAX    256
#define CACHES	    4

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define CHECK(condition)                                                    \
	do {                                                                \
		if (!(condition))                                           \
			panic("%s:%d: %s", __FILE__, __LINE__, #condition); \
	} while (0)

/* ---- The input ---- */

static const uint8_t *input;
static size_t input_left;

static unsigned next_byte(void)
{
	if (input_left == 0)
		return 0;
	input_left--;
	return *input++;
}

/* Mostly up to 4 KiB, some up to 64, and a few that no machine has. */
static size_t next_size(void)
{
	unsigned power = next_byte() % 14, low = next_byte();

	if (power == 12)
		power += low % 4;
	if (power == 13)
		return SIZE_MAX - low;
	return (1ul << power) + (low << power >> 8);
}

/* ---- The model ---- */

static struct object {
	unsigned char *at; /* NULL: none */
	size_t size;
	unsigned char seed;
	unsigned cache; /* CACHES: kmalloc */
} live[LIVE_MAX];
static size_t live_count;

static struct {
	struct object_cache *cache; /* NULL: none */
	size_t size, align;
	size_t in_use;
} caches[CACHES];

/* From one checked byte to the next: all at first, few of a large object. */
static size_t next_checked(size_t i)
{
	return i + (i < 256 ? 1 : 31);
}

static void check_content(const struct object *object, size_t size)
{
	for (size_t i = 0; i < size; i = next_checked(i))
		CHECK(object->at[i] == (unsigned char)(object->seed + i));
}

/* A new object, or a new place or size of one. */
static void enter(struct object *object, void *at, size_t size, size_t align)
{
	static unsigned char seed;

	CHECK(IS_ALIGNED((uintptr_t)at, align));
	for (const struct object *other = live; other < live + LIVE_MAX; other++)
		CHECK(other == object || !other->at || other->at >= (unsigned char *)at + size ||
		      (unsigned char *)at >= other->at + other->size);
	object->at = at;
	object->size = size;
	object->seed = seed++;
	for (size_t i = 0; i < size; i = next_checked(i))
		object->at[i] = object->seed + i;
	object->at[size - 1] = object->seed + size - 1;
}

static size_t kmalloc_align(size_t size)
{
	if (size & (size - 1))
		return KMALLOC_ALIGN;
	return MIN(MAX(size, (size_t)KMALLOC_ALIGN), (size_t)PAGE_SIZE);
}

/* NULL is right only when memory is short; more than a page may fail for want of neighbours. */
static void check_failure(size_t size)
{
	object_reclaim();
	CHECK(size > PAGE_SIZE / 4 || page_free_count() < 4);
}

/* ---- Operations ---- */

static void do_kmalloc(struct object *object)
{
	bool zero = next_byte() & 1;
	size_t size = next_size();
	unsigned char *at = zero ? kzalloc(size) : kmalloc(size);

	if (!at) {
		check_failure(size);
		return;
	}
	for (size_t i = 0; zero && i < size; i++)
		CHECK(at[i] == 0);
	CHECK(kmalloc_usable_size(at) >= size);
	object->cache = CACHES;
	enter(object, at, size, kmalloc_align(size));
	live_count++;
}

static void do_krealloc(struct object *object)
{
	size_t size = next_size(), kept = MIN(size, object->size);
	unsigned char *at;

	if (object->cache != CACHES)
		return;
	at = krealloc(object->at, size);
	if (!at) {
		check_failure(size);
		check_content(object, object->size);
		return;
	}
	object->at = at;
	check_content(object, kept);
	enter(object, at, size, kmalloc_align(size));
}

static void do_free(struct object *object)
{
	check_content(object, object->size);
	if (object->cache == CACHES) {
		kfree(object->at);
	} else {
		object_cache_free(caches[object->cache].cache, object->at);
		caches[object->cache].in_use--;
	}
	object->at = NULL;
	live_count--;
}

static void do_cache(struct object *object)
{
	unsigned n = next_byte() % CACHES;
	void *at;

	if (!caches[n].cache) {
		caches[n].size = 1 + next_byte() * (1u << next_byte() % 8);
		caches[n].align = 1u << next_byte() % 13;
		caches[n].cache = object_cache_create("fuzz", caches[n].size, caches[n].align);
		CHECK(caches[n].cache || caches[n].size > 8 * PAGE_SIZE || page_free_count() < 4);
		return;
	}
	if (object->at)
		return;
	at = object_cache_alloc(caches[n].cache);
	if (!at) {
		check_failure(caches[n].size + caches[n].align);
		return;
	}
	object->cache = n;
	enter(object, at, caches[n].size, MAX(caches[n].align, (size_t)KMALLOC_ALIGN));
	caches[n].in_use++;
	live_count++;
}

static void destroy_cache(unsigned n)
{
	if (!caches[n].cache)
		return;
	if (caches[n].in_use) {
		CHECK(object_cache_destroy(caches[n].cache) == -EBUSY);
		return;
	}
	CHECK(object_cache_destroy(caches[n].cache) == 0);
	caches[n].cache = NULL;
}

static void check_caches(const struct object_cache_stats *stats, void *arg)
{
	size_t *in_use = arg;

	CHECK(stats->in_use <= stats->capacity);
	if (strcmp(stats->name, "fuzz") == 0)
		*in_use += stats->in_use;
}

static void compare(void)
{
	size_t in_use = 0, expected = 0;

	object_cache_each(check_caches, &in_use);
	for (unsigned n = 0; n < CACHES; n++)
		expected += caches[n].in_use;
	CHECK(in_use == expected);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static size_t all_pages;

	if (!all_pages) {
		host_start(MEMORY_SIZE);
		object_reclaim();
		all_pages = page_free_count();
	}
	input = data;
	input_left = size;
	while (input_left) {
		unsigned operation = next_byte() % 8;
		struct object *object = &live[next_byte() % LIVE_MAX];

		if (operation == 0)
			do_cache(object);
		else if (operation == 1)
			destroy_cache(next_byte() % CACHES);
		else if (operation == 2)
			compare();
		else if (!object->at)
			do_kmalloc(object);
		else if (operation == 3)
			do_krealloc(object);
		else
			do_free(object);
	}

	for (struct object *object = live; object < live + LIVE_MAX; object++)
		if (object->at)
			do_free(object);
	CHECK(live_count == 0);
	compare();
	for (unsigned n = 0; n < CACHES; n++)
		destroy_cache(n);
	object_reclaim();
	CHECK(page_free_count() == all_pages);
	return 0;
}

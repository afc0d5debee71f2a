/* SPDX-License-Identifier: MIT */
/*
 * The contract of kmalloc and the object caches, for any variant. The checker is independent: it
 * keeps its own list of what lies where, compares every new object with all others, and fills
 * objects to the last usable byte with a pattern of their own.
 *
 * What is taken is measured in pages, before and after: object_reclaim() must bring back all.
 */
#include <tessera/bitops.h>
#include <tessera/errno.h>
#include <tessera/kmalloc.h>
#include <tessera/page.h>
#include <tessera/string.h>
#include <tessera/test.h>

#include "../page_pool.h"
#include "../random.h"

#define OBJECTS 192

static struct object {
	unsigned char *at; /* NULL: none */
	size_t size;
	unsigned char seed;
} objects[OBJECTS];

static struct random numbers;

static size_t free_pages(void)
{
	object_reclaim();
	return page_free_count();
}

static void fill(struct object *object)
{
	for (size_t i = 0; i < object->size; i++)
		object->at[i] = object->seed + i;
}

static bool intact(const struct object *object, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (object->at[i] != (unsigned char)(object->seed + i))
			return false;
	return true;
}

static bool aligned(const void *address, size_t size)
{
	size_t align = KMALLOC_ALIGN;

	if (is_power_of_two(size) && size > align)
		align = MIN(size, (size_t)PAGE_SIZE);
	return IS_ALIGNED((uintptr_t)address, align);
}

/* Notes a new object; false when it overlaps another or is not aligned. */
static bool object_add(struct object *object, void *at, size_t size)
{
	for (unsigned i = 0; i < OBJECTS; i++) {
		const struct object *other = &objects[i];

		if (other != object && other->at && other->at < (unsigned char *)at + size &&
		    (unsigned char *)at < other->at + other->size)
			return false;
	}
	object->at = at;
	object->size = size;
	object->seed = random_next(&numbers);
	fill(object);
	return aligned(at, size);
}

static void object_drop(struct object *object)
{
	kfree(object->at);
	object->at = NULL;
}

/* Mostly small sizes, now and then several pages. */
static size_t random_size(void)
{
	return 1 + random_below(&numbers, 2u << random_below(&numbers, 14));
}

TEST(object_alloc, every_size)
{
	size_t before = free_pages();

	for (size_t size = 1; size <= 32 * 1024; size += size < 4200 ? 1 : 61) {
		unsigned char *object = kmalloc(size);

		ASSERT_TRUE(object);
		ASSERT_TRUE(aligned(object, size));
		ASSERT_TRUE(kmalloc_usable_size(object) >= size);
		object[0] = object[size - 1] = 0x77;
		kfree(object);
	}
	EXPECT_EQ(free_pages(), before);
}

/* Takes an object from kmalloc: whether it is as promised. */
static bool serves(void *object, size_t size)
{
	bool good = object && aligned(object, size) && kmalloc_usable_size(object) >= size;

	kfree(object);
	return good;
}

/* Constants take the short path of the header: the same promises hold. */
TEST(object_alloc, constant_size)
{
	EXPECT(serves(kmalloc(1), 1));
	EXPECT(serves(kmalloc(16), 16));
	EXPECT(serves(kmalloc(17), 17));
	EXPECT(serves(kmalloc(24), 24));
	EXPECT(serves(kmalloc(25), 25));
	EXPECT(serves(kmalloc(32), 32));
	EXPECT(serves(kmalloc(64), 64));
	EXPECT(serves(kmalloc(65), 65));
	EXPECT(serves(kmalloc(97), 97));
	EXPECT(serves(kmalloc(512), 512));
	EXPECT(serves(kmalloc(1024), 1024));
	EXPECT(serves(kmalloc(1025), 1025));
	EXPECT(serves(kmalloc(2048), 2048));
	EXPECT(serves(kmalloc(2049), 2049));
	EXPECT(serves(kmalloc(4096), 4096));
	EXPECT(serves(kmalloc(10000), 10000));
	EXPECT(!kmalloc(0));
}

TEST(object_alloc, refuses_impossible_sizes)
{
	size_t before = free_pages();
	volatile size_t zero = 0, huge = SIZE_MAX;

	kfree(NULL);
	EXPECT(!kmalloc(zero));
	EXPECT(!kzalloc(zero));
	EXPECT(!krealloc(NULL, zero));
	for (unsigned i = 0; i < 32; i++) {
		EXPECT(!kmalloc(huge - i));
		EXPECT(!kmalloc(huge / 2 + i));
	}
	EXPECT(!kzalloc_array(huge / 16, 17));
	EXPECT(!kzalloc_array(17, huge / 16));
	EXPECT(!kzalloc_array(huge, huge));
	EXPECT(!kzalloc_array(zero, 8));
	EXPECT_EQ(free_pages(), before);
}

TEST(object_alloc, clears)
{
	static const size_t sizes[] = { 1, 40, 64, 500, 2048, 3000, 4096, 9000 };

	for (unsigned i = 0; i < ARRAY_SIZE(sizes); i++) {
		unsigned char *dirty = kmalloc(sizes[i]), *clean;

		ASSERT_TRUE(dirty);
		memset(dirty, 0xff, sizes[i]);
		kfree(dirty);
		clean = i % 2 ? kzalloc(sizes[i]) : kzalloc_array(sizes[i], 1);
		ASSERT_TRUE(clean);
		for (size_t j = 0; j < sizes[i]; j++)
			ASSERT_TRUE(clean[j] == 0);
		kfree(clean);
	}
}

/* Random calls, checked against the list of objects. */
TEST(object_alloc, random_trace)
{
	size_t before = free_pages(), bytes = 0;
	size_t limit = MIN(before * PAGE_SIZE / 4, (size_t)512 << 10);

	numbers.state = 12345;
	for (unsigned step = 0; step < 6000; step++) {
		struct object *object = &objects[random_below(&numbers, OBJECTS)];
		size_t size = random_size(), kept = MIN(size, object->size);
		unsigned char *moved;

		if (!object->at) {
			if (bytes + size > limit)
				continue;
			moved = kmalloc(size);
			ASSERT_TRUE(moved);
			ASSERT_TRUE(object_add(object, moved, size));
			bytes += size;
		} else if (random_below(&numbers, 3) == 0 && bytes + size <= limit) {
			moved = krealloc(object->at, size);
			ASSERT_TRUE(moved);
			bytes += size - object->size;
			object->at = moved;
			ASSERT_TRUE(intact(object, kept));
			ASSERT_TRUE(object_add(object, moved, size));
		} else {
			ASSERT_TRUE(intact(object, object->size));
			bytes -= object->size;
			object_drop(object);
		}
	}
	for (unsigned i = 0; i < OBJECTS; i++) {
		EXPECT(!objects[i].at || intact(&objects[i], objects[i].size));
		object_drop(&objects[i]);
	}
	EXPECT_EQ(free_pages(), before);
}

/* All of what kmalloc_usable_size promises may be written. */
TEST(object_alloc, usable_size)
{
	size_t before = free_pages();

	numbers.state = 99;
	for (unsigned i = 0; i < 64; i++) {
		size_t size = 1 + random_below(&numbers, i % 8 ? 300 : 3000), usable;
		void *at = kmalloc(size);

		ASSERT_TRUE(at);
		usable = kmalloc_usable_size(at);
		ASSERT_TRUE(usable >= size);
		objects[i].at = NULL;
		EXPECT(object_add(&objects[i], at, usable) || is_power_of_two(usable));
	}
	for (unsigned i = 0; i < 64; i++) {
		EXPECT(intact(&objects[i], objects[i].size));
		object_drop(&objects[i]);
	}
	EXPECT_EQ(free_pages(), before);
}

TEST(object_alloc, resizes)
{
	size_t before = free_pages();
	struct object object = { krealloc(NULL, 1), 1, 7 };

	ASSERT_TRUE(object.at);
	fill(&object);
	/* Up by single bytes through every class, over the page, and down again in steps. */
	while (object.size < 5000) {
		object.at = krealloc(object.at, object.size + 1);
		ASSERT_TRUE(object.at);
		ASSERT_TRUE(aligned(object.at, object.size + 1));
		ASSERT_TRUE(intact(&object, MIN(object.size, (size_t)64)));
		object.at[object.size] = object.seed + object.size;
		object.size++;
	}
	ASSERT_TRUE(intact(&object, object.size));
	while (object.size > 13) {
		object.size = object.size * 7 / 8;
		object.at = krealloc(object.at, object.size);
		ASSERT_TRUE(object.at);
		ASSERT_TRUE(aligned(object.at, object.size));
		ASSERT_TRUE(intact(&object, object.size));
	}
	/* More than there is: the object stays as it was. */
	EXPECT(!krealloc(object.at, 2 * before * PAGE_SIZE));
	EXPECT(intact(&object, object.size));
	EXPECT(!krealloc(object.at, 0));
	EXPECT_EQ(free_pages(), before);
}

TEST(object_alloc, resizes_in_place)
{
	void *objects[8], *object = kmalloc(100);

	ASSERT_TRUE(object);
	EXPECT(krealloc(object, 100) == object);
	EXPECT(krealloc(object, 90) == object);
	kfree(object);
	ASSERT_TRUE(object = kmalloc(5 * PAGE_SIZE));
	EXPECT(krealloc(object, 4 * PAGE_SIZE + 1) == object);
	kfree(object);

	/* But not where the new size is to be aligned to itself and the object is not. */
	for (unsigned i = 0; i < ARRAY_SIZE(objects); i++)
		ASSERT_TRUE(objects[i] = kmalloc(96));
	for (unsigned i = 0; i < ARRAY_SIZE(objects); i++)
		ASSERT_TRUE(objects[i] = krealloc(objects[i], 64));
	for (unsigned i = 0; i < ARRAY_SIZE(objects); i++) {
		EXPECT(aligned(objects[i], 64));
		kfree(objects[i]);
	}
}

/* Empty pages return by themselves, but for the few that are kept at hand. */
TEST(object_alloc, returns_empty_pages)
{
	static void *small[640];
	size_t before = free_pages(), taken;

	for (unsigned i = 0; i < ARRAY_SIZE(small); i++)
		ASSERT_TRUE(small[i] = kmalloc(64));
	taken = before - page_free_count();
	EXPECT(taken >= 10);
	for (unsigned i = 0; i < ARRAY_SIZE(small); i++)
		kfree(small[(i * 7) % ARRAY_SIZE(small)]);
	object_stats(&(struct object_stats){}); /* DEBUG_OBJECT_ALLOC: ends the delay of kfree */
	EXPECT(before - page_free_count() <= 5);
	EXPECT_EQ(free_pages(), before);
}

/* The holes that single frees leave serve the same objects again without new pages. Not those of a power of
 * two, which are aligned: slob does not look into every hole for these. */
TEST(object_alloc, reuses_holes)
{
	static void *small[640];
	size_t before = free_pages(), full;
	struct object_stats stats;

	for (unsigned i = 0; i < ARRAY_SIZE(small); i++)
		ASSERT_TRUE(small[i] = kmalloc(72));
	object_stats(&stats);
	full = stats.pages;
	for (unsigned round = 2; round < 6; round++) {
		for (unsigned i = 0; i < ARRAY_SIZE(small); i += round)
			kfree(small[i]);
		object_stats(&stats); /* DEBUG_OBJECT_ALLOC: ends the delay of kfree */
		for (unsigned i = 0; i < ARRAY_SIZE(small); i += round)
			ASSERT_TRUE(small[i] = kmalloc(72));
		object_stats(&stats);
		EXPECT(stats.pages <= full);
	}
	for (unsigned i = 0; i < ARRAY_SIZE(small); i++)
		kfree(small[i]);
	EXPECT_EQ(free_pages(), before);
}

TEST(object_alloc, counts)
{
	struct object_stats before, during, after;
	void *some[20], *large;

	object_reclaim();
	object_stats(&before);
	for (unsigned i = 0; i < ARRAY_SIZE(some); i++)
		ASSERT_TRUE(some[i] = kmalloc(100));
	ASSERT_TRUE(large = kmalloc(3 * PAGE_SIZE));
	EXPECT_EQ(kmalloc_usable_size(large), 3 * PAGE_SIZE);
	object_stats(&during);
	EXPECT_EQ(during.in_use - before.in_use, 21);
	EXPECT(during.bytes - before.bytes >= 20 * 100 + 3 * PAGE_SIZE);
	EXPECT(during.pages - before.pages >= 3);
	for (unsigned i = 0; i < ARRAY_SIZE(some); i++)
		ASSERT_TRUE(some[i] = krealloc(some[i], 40 + 10 * i));
	for (unsigned i = 0; i < ARRAY_SIZE(some); i++)
		kfree(some[i]);
	kfree(large);
	object_reclaim();
	object_stats(&after);
	EXPECT_EQ(after.in_use, before.in_use);
	EXPECT_EQ(after.bytes, before.bytes);
	EXPECT_EQ(after.pages, before.pages);
}

/* ---- Exhaustion ---- */

struct chain {
	struct chain *next;
	size_t size;
};

/* Puts objects of one size in front of a chain until there is no memory. Gives how many. */
static size_t chain_up(struct chain **chain, size_t size)
{
	struct chain *object;
	size_t count = 0;

	while ((object = kmalloc(size))) {
		memset(object, 0, size);
		*object = (struct chain){ *chain, size };
		*chain = object;
		count++;
	}
	return count;
}

/* Frees objects of that size from the front of a chain. Gives how many. */
static size_t unchain(struct chain **chain, size_t size)
{
	size_t count = 0;

	while (*chain && (*chain)->size == size) {
		struct chain *object = *chain;

		*chain = object->next;
		kfree(object);
		count++;
	}
	return count;
}

/* All memory in objects of one size, then all of it back, and the same with the next size. */
TEST(object_alloc, exhaustion)
{
	static const size_t sizes[] = { 24, 64, 200, 1024, 2048, 3000, 4096, 9000 };
	static struct page_pool pool;
	size_t before = free_pages(), left, count;
	struct chain *chain = NULL;

	page_pool_begin(&pool, 64);
	left = page_free_count();
	for (unsigned i = 0; i < ARRAY_SIZE(sizes); i++) {
		count = chain_up(&chain, sizes[i]);
		/* Nearly all of it was usable (DEBUG_OBJECT_ALLOC needs its part). */
		EXPECT(count * sizes[i] >= left * PAGE_SIZE / 5);
		EXPECT(!kzalloc(sizes[i]));
		EXPECT(chain && !krealloc(chain, 64 * PAGE_SIZE));
		EXPECT_EQ(unchain(&chain, sizes[i]), count);
		EXPECT_EQ(free_pages(), left);
	}
	page_pool_end(&pool);
	EXPECT_EQ(free_pages(), before);
}

/* Whoever finds no page gets those that the allocator keeps at hand. */
TEST(object_alloc, nothing_is_kept_in_need)
{
	static struct page_pool pool;
	size_t before = free_pages(), left;
	struct chain *chain = NULL;

	page_pool_begin(&pool, 16);
	kfree(kmalloc(200));
	kfree(kmalloc(20));
	chain_up(&chain, PAGE_SIZE);
	left = page_free_count();
	EXPECT(left < 4);
	EXPECT_EQ(free_pages(), left);
	unchain(&chain, PAGE_SIZE);
	object_reclaim();
	page_pool_end(&pool);
	EXPECT_EQ(free_pages(), before);
}

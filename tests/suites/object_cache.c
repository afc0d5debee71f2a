/* SPDX-License-Identifier: MIT */
/* Named caches, and what DEBUG_OBJECT_ALLOC catches. */
#include <tessera/bitops.h>
#include <tessera/errno.h>
#include <tessera/kmalloc.h>
#include <tessera/page.h>
#include <tessera/string.h>
#include <tessera/test.h>

static size_t free_pages(void)
{
	object_reclaim();
	return page_free_count();
}

static void find_stats(const struct object_cache_stats *stats, void *arg)
{
	struct object_cache_stats *wanted = arg;

	if (stats->name == wanted->name)
		*wanted = *stats;
}

TEST(object_cache, sizes_and_alignments)
{
	static const struct {
		size_t size, align;
	} kinds[] = {
		{ 1, 0 },
		{ 8, 0 },
		{ 12, 4 },
		{ 20, 1 },
		{ 33, 16 },
		{ 100, 64 },
		{ 64, 64 },
		{ 700, 0 },
		{ 24, 1024 },
		{ 1400, 8 },
		{ 1025, 2048 },
		{ 3500, 1024 },
		{ 2100, 0 },
		{ 1, PAGE_SIZE },
		{ 4096, PAGE_SIZE },
		{ 5000, 32 },
		{ 8 * PAGE_SIZE, 0 },
		{ 5 * PAGE_SIZE + 1, PAGE_SIZE },
	};
	size_t before = free_pages();

	for (unsigned i = 0; i < ARRAY_SIZE(kinds); i++) {
		size_t size = kinds[i].size, align = MAX(kinds[i].align, (size_t)KMALLOC_ALIGN);
		struct object_cache *cache = object_cache_create("test", size, kinds[i].align);
		unsigned char *object[24];
		unsigned count = MIN(ARRAY_SIZE(object), 60000 / size + 1);

		ASSERT_TRUE(cache);
		for (unsigned j = 0; j < count; j++) {
			ASSERT_TRUE(object[j] = object_cache_alloc(cache));
			EXPECT(IS_ALIGNED((uintptr_t)object[j], align));
			memset(object[j], j, size);
		}
		for (unsigned j = 0; j < count; j++) {
			EXPECT_EQ(object[j][0], j);
			EXPECT_EQ(object[j][size - 1], j);
		}
		/* The first half, then again, then all. */
		for (unsigned j = 0; j < count / 2; j++)
			object_cache_free(cache, object[j]);
		for (unsigned j = 0; j < count / 2; j++) {
			ASSERT_TRUE(object[j] = object_cache_alloc(cache));
			memset(object[j], j, size);
		}
		for (unsigned j = 0; j < count; j++) {
			EXPECT_EQ(object[j][size / 2], j);
			EXPECT_EQ(object_cache_destroy(cache), -EBUSY);
			object_cache_free(cache, object[j]);
		}
		object_cache_free(cache, NULL);
		EXPECT_EQ(object_cache_destroy(cache), 0);
	}
	EXPECT_EQ(free_pages(), before);
}

TEST(object_cache, refuses_bad_arguments)
{
	size_t before = free_pages();

	EXPECT(!object_cache_create("test", 0, 0));
	EXPECT(!object_cache_create("test", 8 * PAGE_SIZE + 1, 0));
	EXPECT(!object_cache_create("test", SIZE_MAX, 0));
	EXPECT(!object_cache_create("test", 64, 3));
	EXPECT(!object_cache_create("test", 64, 24));
	EXPECT(!object_cache_create("test", 64, 2 * PAGE_SIZE));
	EXPECT_EQ(free_pages(), before);
}

TEST(object_cache, counts)
{
	static const char name[] = "counted";
	struct object_cache_stats stats = { .name = name };
	struct object_cache *cache = object_cache_create(name, 90, 0);
	void *object[100];

	ASSERT_TRUE(cache);
	for (unsigned i = 0; i < 100; i++)
		ASSERT_TRUE(object[i] = object_cache_alloc(cache));
	for (unsigned i = 0; i < 100; i += 3)
		object_cache_free(cache, object[i]);
	object_cache_each(find_stats, &stats);
	EXPECT_EQ(stats.object_size, 90);
	EXPECT(stats.slot_size >= 90);
	EXPECT_EQ(stats.in_use, 66);
	EXPECT(stats.capacity >= stats.in_use);
	EXPECT(stats.pages * PAGE_SIZE >= stats.capacity * stats.slot_size || stats.pages == 0);
	for (unsigned i = 0; i < 100; i++)
		if (i % 3)
			object_cache_free(cache, object[i]);
	object_cache_each(find_stats, &stats);
	EXPECT_EQ(stats.in_use, 0);
	EXPECT_EQ(object_cache_destroy(cache), 0);

	stats.in_use = 12345;
	object_cache_each(find_stats, &stats);
	EXPECT_EQ(stats.in_use, 12345); /* it is gone from the list */
}

TEST(object_debug, past_the_end)
{
	unsigned char *object;

	if (!IS_ENABLED(CONFIG_DEBUG_OBJECT_ALLOC))
		SKIP("DEBUG_OBJECT_ALLOC");
	for (size_t size = 1; size < 5000; size += size / 3 + 1) {
		unsigned char good;

		ASSERT_TRUE(object = kmalloc(size));
		good = object[size];
		object[size] = 0x11;
		EXPECT_PANIC(kfree(object), "written past its end");
		object[size] = good;
		kfree(object);
	}
	ASSERT_TRUE(object = kmalloc(100));
	object[100] ^= 0xff;
	EXPECT_PANIC(krealloc(object, 90), "written past its end");
	object[100] ^= 0xff;
	ASSERT_TRUE(krealloc(object, 90) == object);
	object[95] ^= 0xff;
	EXPECT_PANIC(kfree(object), "at offset 95");
	object[95] ^= 0xff;
	kfree(object);
}

TEST(object_debug, freed_twice)
{
	char *object;

	if (!IS_ENABLED(CONFIG_DEBUG_OBJECT_ALLOC))
		SKIP("DEBUG_OBJECT_ALLOC");
	ASSERT_TRUE(object = kmalloc(40));
	kfree(object);
	EXPECT_PANIC(kfree(object), "freed twice");
	object_reclaim();
	EXPECT_PANIC(kfree(object), "no object at");
}

TEST(object_debug, foreign_pointers)
{
	static uint64_t not_an_object[4];
	struct page *page;
	char *object;

	if (!IS_ENABLED(CONFIG_DEBUG_OBJECT_ALLOC))
		SKIP("DEBUG_OBJECT_ALLOC");
	ASSERT_TRUE(object = kmalloc(200));
	ASSERT_TRUE(page = page_alloc(1, 1, 0));
	EXPECT_PANIC(kfree(object + 8), "8 bytes inside");
	EXPECT_PANIC(krealloc(object + 16, 1), "16 bytes inside");
	EXPECT_PANIC(kmalloc_usable_size(object + 24), "24 bytes inside");
	EXPECT_PANIC(kfree(not_an_object), "no object at");
	EXPECT_PANIC(kfree(page_address(page)), "no object at");
	EXPECT_PANIC(kfree((void *)8), "no object at");
	page_free(page, 1);
	kfree(object);
}

TEST(object_debug, written_after_free)
{
	struct object_cache *cache;
	unsigned char *object, good;

	if (!IS_ENABLED(CONFIG_DEBUG_OBJECT_ALLOC))
		SKIP("DEBUG_OBJECT_ALLOC");
	ASSERT_TRUE(cache = object_cache_create("victims", 150, 0));
	for (unsigned offset = 0; offset < 150; offset += 29) {
		ASSERT_TRUE(object = object_cache_alloc(cache));
		object_reclaim();
		object_cache_free(cache, object);
		good = object[offset];
		object[offset] = 0x22;
		EXPECT_PANIC(object_reclaim(), "written after it was freed, 0x22");
		EXPECT_PANIC(object_reclaim(), "victims");
		object[offset] = good;
	}
	EXPECT_EQ(object_cache_destroy(cache), 0);
}

/* What was freed is not kept for ever. */
TEST(object_debug, gives_back)
{
	size_t before = free_pages();

	if (!IS_ENABLED(CONFIG_DEBUG_OBJECT_ALLOC))
		SKIP("DEBUG_OBJECT_ALLOC");
	for (unsigned i = 0; i < 300; i++)
		kfree(kmalloc(1000));
	EXPECT(before - page_free_count() < 24);
	EXPECT_EQ(free_pages(), before);
}

TEST(object_debug, wrong_cache)
{
	struct object_cache *one, *other;
	void *object, *plain;

	if (!IS_ENABLED(CONFIG_DEBUG_OBJECT_ALLOC))
		SKIP("DEBUG_OBJECT_ALLOC");
	ASSERT_TRUE(one = object_cache_create("one", 32, 0));
	ASSERT_TRUE(other = object_cache_create("other", 32, 0));
	ASSERT_TRUE(object = object_cache_alloc(one));
	ASSERT_TRUE(plain = kmalloc(32));
	EXPECT_PANIC(object_cache_free(other, object), "freed to other");
	EXPECT_PANIC(kfree(object), "freed to kmalloc");
	EXPECT_PANIC(object_cache_free(one, plain), "freed to one");
	object_cache_free(one, object);
	kfree(plain);
	EXPECT_EQ(object_cache_destroy(one), 0);
	EXPECT_EQ(object_cache_destroy(other), 0);
}

/* New and freed objects hold nothing that looks useful. */
TEST(object_debug, poison)
{
	unsigned char *object;

	if (!IS_ENABLED(CONFIG_DEBUG_OBJECT_ALLOC))
		SKIP("DEBUG_OBJECT_ALLOC");
	ASSERT_TRUE(object = kmalloc(48));
	for (unsigned i = 0; i < 48; i++)
		EXPECT_EQ(object[i], 0xa5);
	memset(object, 1, 48);
	kfree(object);
	for (unsigned i = 0; i < 48; i++)
		EXPECT_EQ(object[i], 0xdf);
}

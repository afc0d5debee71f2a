/* SPDX-License-Identifier: MIT */
/*
 * The contract of vmap.h, with page tables behind it and without. Device memory is simulated by a
 * page that nobody else uses, looked at through two mappings: both are uncached, so they agree on
 * any machine. Page tables stay once they are made, so whatever compares page counts does its work
 * once before it counts.
 */
#include <tessera/arch.h>
#include <tessera/kmalloc.h>
#include <tessera/page.h>
#include <tessera/string.h>
#include <tessera/test.h>
#include <tessera/vmap.h>

#include "../page_pool.h"
#include "../random.h"

#define STACK_SIZE (2 * PAGE_SIZE)

static size_t free_pages(void)
{
	object_reclaim();
	return page_free_count();
}

static size_t objects_in_use(void)
{
	struct object_stats stats;

	object_stats(&stats);
	return stats.in_use;
}

TEST(vmap, shows_device_memory)
{
	struct page *pages = page_alloc(2, 1, 0);
	volatile uint32_t *one, *other;
	phys_addr_t address;

	ASSERT_TRUE(pages);
	/* The end of the first page and the beginning of the second. */
	address = page_to_phys(pages) + PAGE_SIZE - 8;
	one = vmap_device(address, 16);
	other = vmap_device(address, 16);
	ASSERT_TRUE(one && other);
	EXPECT_EQ((uintptr_t)one % PAGE_SIZE, PAGE_SIZE - 8);
	for (unsigned i = 0; i < 4; i++)
		one[i] = 0x01020304 * (i + 1);
	for (unsigned i = 0; i < 4; i++)
		EXPECT_EQ(other[i], 0x01020304 * (i + 1));
	vunmap_device((void *)one);
	other[0] = 7;
	EXPECT_EQ(other[0], 7);
	vunmap_device((void *)other);
	page_free(pages, 2);
}

TEST(vmap, refuses_what_is_out_of_reach)
{
	size_t before = free_pages(), objects = objects_in_use();
	volatile size_t huge = SIZE_MAX;

	EXPECT(!vmap_device(0x100000, 0));
	EXPECT(!vmap_device(0x100000, huge));
	EXPECT(!vmap_device(0x1800, huge));
	EXPECT(!vmap_device(0x1800, huge / 2));
	EXPECT(!vmap_device(UINT64_MAX, 2));
	EXPECT(!vmap_device(UINT64_MAX - PAGE_SIZE, PAGE_SIZE));
	EXPECT(!vmap_device(1ull << 60, 4));
	EXPECT(before - free_pages() <= 4); /* page tables at most */
	EXPECT_EQ(objects_in_use(), objects);
}

/* Every byte of a stack is its own, and nothing else of it than the guard is guarded. */
TEST(vmap, stacks)
{
	static unsigned char *stacks[12];
	size_t before = 0;

	for (unsigned round = 0; round < 2; round++) {
		before = free_pages();
		for (unsigned i = 0; i < ARRAY_SIZE(stacks); i++) {
			size_t size = (1 + i % 3) * PAGE_SIZE;

			ASSERT_TRUE(stacks[i] = stack_alloc(size));
			EXPECT(IS_ALIGNED((uintptr_t)stacks[i], PAGE_SIZE));
			memset(stacks[i] + sizeof(long), i, size - sizeof(long));
		}
		for (unsigned i = 0; i < ARRAY_SIZE(stacks); i++) {
			size_t size = (1 + i % 3) * PAGE_SIZE;
			uintptr_t start = (uintptr_t)stacks[i];

			for (size_t j = sizeof(long); j < size; j++)
				ASSERT_TRUE(stacks[i][j] == i);
			EXPECT(stack_check(stacks[i]));
			EXPECT(!stack_is_guard(start));
			EXPECT(!stack_is_guard(start + size - 1));
			EXPECT_EQ(stack_is_guard(start - 1), IS_ENABLED(CONFIG_ARCH_HAS_VMAP));
			EXPECT_EQ(stack_is_guard(start - PAGE_SIZE),
				  IS_ENABLED(CONFIG_ARCH_HAS_VMAP));
		}
		EXPECT(!stack_is_guard(0));
		EXPECT(!stack_is_guard((uintptr_t)&before));
		for (unsigned i = 0; i < ARRAY_SIZE(stacks); i++)
			stack_free(stacks[i], (1 + i % 3) * PAGE_SIZE);
		EXPECT(!stack_is_guard((uintptr_t)stacks[0] - 1));
	}
	EXPECT_EQ(free_pages(), before);
}

TEST(vmap, sees_an_overwritten_guard_word)
{
	unsigned long *stack, guard;

	if (IS_ENABLED(CONFIG_ARCH_HAS_VMAP))
		SKIP("ARCH_MIPS32");
	ASSERT_TRUE(stack = stack_alloc(STACK_SIZE));
	stack[1] = 0;
	EXPECT(stack_check(stack));
	guard = *stack;
	*stack = guard ^ 0x10;
	EXPECT(!stack_check(stack));
	*stack = guard;
	EXPECT(stack_check(stack));
	stack_free(stack, STACK_SIZE);
}

/* Device memory has a guard below as well, but it is no stack's. */
TEST(vmap, device_is_no_stack)
{
	char *device = vmap_device(0x1000, 3 * PAGE_SIZE);

	ASSERT_TRUE(device);
	EXPECT(!stack_is_guard((uintptr_t)device - 1));
	EXPECT(!stack_is_guard((uintptr_t)device + PAGE_SIZE));
	vunmap_device(device);
}

/* Mappings and stacks of many sizes come and go in random order: none overlaps another. */
TEST(vmap, random_trace)
{
	static struct range {
		char *start;
		size_t pages;
		bool stack;
	} ranges[40];
	size_t before = 0;

	for (unsigned round = 0; round < 2; round++) {
		struct random random = { 4711 };

		before = free_pages();
		for (unsigned step = 0; step < 1000; step++) {
			struct range *range;
			uintptr_t start;

			range = &ranges[random_below(&random, ARRAY_SIZE(ranges))];
			if (range->start) {
				if (range->stack)
					stack_free(range->start, range->pages * PAGE_SIZE);
				else
					vunmap_device(range->start);
				range->start = NULL;
				continue;
			}
			range->stack = random_below(&random, 2);
			range->pages = 1 + random_below(&random, 4);
			range->start = range->stack
					       ? stack_alloc(range->pages * PAGE_SIZE)
					       : vmap_device(0x10000, range->pages * PAGE_SIZE);
			ASSERT_TRUE(range->start);
			start = (uintptr_t)range->start;
			if (!IS_ENABLED(CONFIG_ARCH_HAS_VMAP))
				continue; /* devices share their window */
			EXPECT(start > arch_vmap_start());
			EXPECT(start + range->pages * PAGE_SIZE <= arch_vmap_end());
			for (unsigned i = 0; i < ARRAY_SIZE(ranges); i++) {
				const struct range *other = &ranges[i];
				uintptr_t low = (uintptr_t)other->start - PAGE_SIZE;

				if (!other->start || other == range)
					continue;
				EXPECT(start - PAGE_SIZE >= low + (other->pages + 1) * PAGE_SIZE ||
				       low >= start + range->pages * PAGE_SIZE);
			}
		}
		for (unsigned i = 0; i < ARRAY_SIZE(ranges); i++) {
			if (ranges[i].start && ranges[i].stack)
				stack_free(ranges[i].start, ranges[i].pages * PAGE_SIZE);
			else if (ranges[i].start)
				vunmap_device(ranges[i].start);
			ranges[i].start = NULL;
		}
	}
	EXPECT_EQ(free_pages(), before);
}

/* Out of memory in whatever step: NULL, and everything that was begun is undone. */
TEST(vmap, out_of_memory)
{
	static void *stacks[64];
	size_t before = 0;

	for (unsigned round = 0; round < 2; round++) {
		before = free_pages();
		for (unsigned order = 0; order < 5; order++) {
			static struct page_pool pool;
			unsigned count = 0;

			page_pool_begin(&pool, 1u << order);
			while (count < ARRAY_SIZE(stacks) &&
			       (stacks[count] = stack_alloc(3 * PAGE_SIZE)))
				count++;
			EXPECT(count <= (1u << order) / 3);
			EXPECT(!stack_alloc(17 * PAGE_SIZE));
			while (count--)
				stack_free(stacks[count], 3 * PAGE_SIZE);
			object_reclaim();
			page_pool_end(&pool);
		}
	}
	EXPECT_EQ(free_pages(), before);
}

/* More mappings than there are addresses. */
TEST(vmap, out_of_addresses)
{
	static void *devices[64];
	size_t part, before = 0;

	if (!IS_ENABLED(CONFIG_ARCH_I386))
		SKIP("ARCH_I386");
	part = (arch_vmap_end() - arch_vmap_start()) / 32;
	for (unsigned round = 0; round < 2; round++) {
		unsigned count = 0;

		before = free_pages();
		while (count < ARRAY_SIZE(devices) &&
		       (devices[count] = vmap_device(0xf0000000, part)))
			count++;
		EXPECT(count >= 28 && count < 32);
		EXPECT(!vmap_device(0xf0000000, part));
		/* A hole in the middle is found again, and no larger one. */
		vunmap_device(devices[count / 2]);
		EXPECT(!vmap_device(0xf0000000, part + 2 * PAGE_SIZE));
		ASSERT_TRUE(devices[count / 2] = vmap_device(0xf0000000, part));
		while (count--)
			vunmap_device(devices[count]);
	}
	EXPECT_EQ(free_pages(), before);
}

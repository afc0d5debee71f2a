/* SPDX-License-Identifier: MIT */
/*
 * The memory map: whatever the firmware reports, in whatever order. Most tests compare a map with a
 * model of MODEL_UNITS units that knows the type of each.
 */
#include <asm/page.h>
#include <tessera/errno.h>
#include <tessera/memory_map.h>
#include <tessera/string.h>
#include <tessera/test.h>

#include "../random.h"

#define MODEL_UNITS 512
#define UNIT	    0x1000ull
#define HOLE	    0xff /* nothing was reported */

static struct memory_map map;
static uint8_t model[MODEL_UNITS];

static void begin(void)
{
	map = (struct memory_map){ 0 };
	memset(model, HOLE, sizeof(model));
}

static int paint(unsigned first, unsigned count, enum memory_type type)
{
	for (unsigned i = first; i < first + count; i++)
		model[i] = model[i] == HOLE ? type : MAX(model[i], type);
	return memory_map_paint(&map, first * UNIT, (first + count) * UNIT, type, NULL);
}

/* Sorted, disjoint, nothing empty, and nothing that could be one range. */
static void check_table(void)
{
	EXPECT(map.count <= MEMORY_RANGES_MAX);
	for (unsigned i = 0; i < map.count; i++) {
		const struct memory_range *range = &map.ranges[i], *below = range - 1;

		EXPECT(range->base < range->end);
		if (i == 0)
			continue;
		EXPECT(below->end <= range->base);
		EXPECT(below->end < range->base || below->type != range->type ||
		       below->name != range->name);
	}
}

static uint8_t type_at(phys_addr_t address)
{
	for (unsigned i = 0; i < map.count; i++)
		if (address >= map.ranges[i].base && address < map.ranges[i].end)
			return map.ranges[i].type;
	return HOLE;
}

static void compare(void)
{
	uint8_t seen[MODEL_UNITS];

	check_table();
	memset(seen, HOLE, sizeof(seen));
	for (unsigned i = 0; i < map.count; i++)
		memset(seen + (uint32_t)(map.ranges[i].base / UNIT), map.ranges[i].type,
		       (uint32_t)((map.ranges[i].end - map.ranges[i].base) / UNIT));
	for (unsigned i = 0; i < MODEL_UNITS; i++) {
		/* A full table forgets: but then nothing becomes usable, or is taken for nothing. */
		if (seen[i] == model[i])
			continue;
		if (map.full &&
		    (seen[i] == HOLE || (seen[i] != MEMORY_USABLE && seen[i] < model[i])))
			continue;
		test_fail(__FILE__, __LINE__, "unit %u is of type %u, not %u", i, seen[i],
			  model[i]);
	}
}

TEST(memory_map, unsorted_ranges)
{
	begin();
	EXPECT_EQ(paint(40, 10, MEMORY_USABLE), 0);
	EXPECT_EQ(paint(0, 10, MEMORY_USABLE), 0);
	EXPECT_EQ(paint(20, 10, MEMORY_RESERVED), 0);
	EXPECT_EQ(map.count, 3);
	compare();
	EXPECT_EQ(paint(10, 10, MEMORY_USABLE), 0);
	EXPECT_EQ(paint(30, 10, MEMORY_USABLE), 0);
	EXPECT_EQ(map.count, 3); /* 0-20, 20-30, 30-50 */
	compare();
}

TEST(memory_map, empty_ranges)
{
	begin();
	EXPECT_EQ(paint(5, 0, MEMORY_USABLE), 0);
	EXPECT_EQ(map.count, 0);
	paint(0, 10, MEMORY_USABLE);
	EXPECT_EQ(paint(5, 0, MEMORY_RESERVED), 0);
	EXPECT_EQ(map.count, 1);
	compare();
}

/* Every way in which two ranges can lie, in both orders, with all types. */
TEST(memory_map, overlaps)
{
	static const unsigned spans[][2] = { { 0, 10 }, { 5, 10 }, { 10, 10 }, { 12, 4 },
					     { 10, 4 }, { 16, 4 }, { 8, 20 },  { 20, 5 } };

	for (unsigned i = 0; i < ARRAY_SIZE(spans) * 25; i++) {
		const unsigned *span = spans[i / 25];
		enum memory_type first = i % 5, second = i / 5 % 5;

		begin();
		paint(10, 10, first);
		paint(span[0], span[1], second);
		compare();
		begin();
		paint(span[0], span[1], second);
		paint(10, 10, first);
		compare();
	}
}

TEST(memory_map, random_ranges)
{
	struct random random = { 88172645 };

	for (unsigned round = 0; round < 40; round++) {
		begin();
		for (unsigned step = 0; step < 30; step++) {
			unsigned first = random_below(&random, MODEL_UNITS);
			unsigned count = random_below(&random, MIN(MODEL_UNITS - first, 80u) + 1);

			paint(first, count, random_below(&random, 5));
			compare();
		}
	}
}

/* Far more ranges than the table holds: memory is lost, but nothing becomes usable. */
TEST(memory_map, full_table)
{
	struct random random = { 362436069 };
	bool full = false;

	for (unsigned round = 0; round < 20; round++) {
		begin();
		if (round % 2)
			paint(0, MODEL_UNITS, MEMORY_USABLE);
		for (unsigned step = 0; step < 300; step++) {
			unsigned first = random_below(&random, MODEL_UNITS - 3);
			bool was_full = map.full;
			int result = paint(first, 1 + random_below(&random, 3),
					   random_below(&random, 5));

			EXPECT(result == 0 || (result == -ENOSPC && map.full));
			EXPECT(result == -ENOSPC || map.full == was_full);
			compare();
		}
		full |= map.full;
	}
	EXPECT(full);
}

/* A reservation in a full table costs the smaller remainder of the memory it lies in. */
TEST(memory_map, full_table_keeps_most)
{
	begin();
	for (unsigned i = 0; i < MEMORY_RANGES_MAX - 1; i++)
		paint(2 * i, 1, MEMORY_ACPI);
	paint(200, 300, MEMORY_USABLE);
	EXPECT_EQ(map.count, MEMORY_RANGES_MAX);
	EXPECT_EQ(paint(210, 5, MEMORY_TAKEN), -ENOSPC);
	EXPECT_EQ(type_at(205 * UNIT), HOLE);
	EXPECT_EQ(type_at(212 * UNIT), HOLE);
	EXPECT_EQ(type_at(215 * UNIT), MEMORY_USABLE);
	EXPECT_EQ(type_at(499 * UNIT), MEMORY_USABLE);
	EXPECT_EQ(paint(500, 1, MEMORY_USABLE), -ENOSPC);
}

TEST(memory_map, clipping)
{
	begin();
	memory_map_paint(&map, 0, 0x9fc00, MEMORY_USABLE, NULL);
	memory_map_paint(&map, 0x9fc00, 0xa0000, MEMORY_RESERVED, NULL);
	memory_map_paint(&map, 0x100800, 0x300400, MEMORY_USABLE, NULL);
	memory_map_paint(&map, 0x400001, 0x400fff, MEMORY_USABLE, NULL);
	memory_map_paint(&map, 0x500000, 0x900000, MEMORY_USABLE, NULL);
	memory_map_paint(&map, 0x780000, 0x880000, MEMORY_TAKEN, "initramfs");
	memory_map_paint(&map, 0x900000, 0xa00000, MEMORY_RESERVED, NULL);
	memory_map_paint(&map, 0xa00000, 0xb00000, MEMORY_USABLE, NULL);
	memory_map_clip(&map, 0x800000);
	check_table();

	EXPECT_EQ(type_at(0), HOLE); /* frame 0 */
	EXPECT_EQ(type_at(0x1000), MEMORY_USABLE);
	EXPECT_EQ(type_at(0x9efff), MEMORY_USABLE);
	EXPECT_EQ(type_at(0x9f000), HOLE);
	EXPECT_EQ(type_at(0x100fff), HOLE);
	EXPECT_EQ(type_at(0x101000), MEMORY_USABLE);
	EXPECT_EQ(type_at(0x2fffff), MEMORY_USABLE);
	EXPECT_EQ(type_at(0x300000), HOLE);
	EXPECT_EQ(type_at(0x400800), HOLE);
	EXPECT_EQ(type_at(0x77ffff), MEMORY_USABLE);
	EXPECT_EQ(type_at(0x780000), MEMORY_TAKEN);
	EXPECT_EQ(type_at(0x800000), MEMORY_UNREACHABLE);
	EXPECT_EQ(type_at(0x8fffff), MEMORY_UNREACHABLE);
	EXPECT_EQ(type_at(0x900000), MEMORY_RESERVED);
	EXPECT_EQ(type_at(0xa00000), MEMORY_UNREACHABLE);
}

TEST(memory_map, finding)
{
	begin();
	memory_map_paint(&map, 0x1000, 0x9000, MEMORY_USABLE, NULL);
	memory_map_paint(&map, 0x10000, 0x50000, MEMORY_USABLE, NULL);
	EXPECT_EQ(memory_map_find(&map, 0x1000, 0x1000, ~0ull), 0x1000);
	EXPECT_EQ(memory_map_find(&map, 0x8000, 0x1000, ~0ull), 0x1000);
	EXPECT_EQ(memory_map_find(&map, 0x8000, 0x2000, ~0ull), 0x10000);
	EXPECT_EQ(memory_map_find(&map, 0x40000, 0x1000, ~0ull), 0x10000);
	EXPECT_EQ(memory_map_find(&map, 0x40000, 0x1000, 0x4f000), 0);
	EXPECT_EQ(memory_map_find(&map, 0x41000, 0x1000, ~0ull), 0);
	EXPECT_EQ(memory_map_find(&map, 0x1000, 0x20000, ~0ull), 0x20000);
	EXPECT_EQ(memory_map_find(&map, 0x1000, 0x80000, ~0ull), 0);
	EXPECT_EQ(memory_map_find(&map, 0x1000, 0x1000, 0x1000), 0);
	EXPECT_EQ(memory_map_find(&map, ~0ull, 0x1000, ~0ull), 0);
}

/* ---- The machine's map, put aside meanwhile ---- */

static struct memory_map machine;

static void begin_machine(void)
{
	machine = memory_map;
	memory_map = (struct memory_map){ 0 };
}

static void end_machine(void)
{
	memory_map = machine;
	memory_map_close();
}

static void count_frames(pfn_t first, pfn_t count, void *arg)
{
	*(pfn_t *)arg += count;
}

TEST(memory_map, boot_allocation)
{
	const phys_addr_t limit = boot_alloc_limit;
	pfn_t frames = 0;
	char *low;

	begin_machine();
	EXPECT_EQ(memory_map_reserve(0x100100, 0x2e00, "kernel"), 0); /* before its range */
	EXPECT_EQ(memory_map_add(0x100000, 0x100000, MEMORY_USABLE), 0);
	EXPECT_EQ(memory_map_add(0x800000, 0x1000000, MEMORY_USABLE), 0);
	memory_map_finish(0x1000000);
	EXPECT_EQ(memory_map_usable(), 0x900000);
	EXPECT_EQ(memory_map_unreachable(), 0x800000);
	EXPECT_EQ(memory_map_end(), 0x1000000);

	boot_alloc_limit = 0x900000;
	low = boot_alloc(1, 1);
	EXPECT_EQ(virt_to_phys(low), 0x103000); /* behind the kernel */
	EXPECT(boot_alloc(PAGE_SIZE + 1, 1) == low + PAGE_SIZE);
	EXPECT_EQ(virt_to_phys(boot_alloc(1, 0x10000)), 0x110000);
	EXPECT(boot_alloc(1, 1) == low + 3 * PAGE_SIZE); /* the gap is not lost */
	EXPECT_EQ(virt_to_phys(boot_alloc(0x100000, 1)), 0x800000);
	EXPECT_PANIC(boot_alloc(PAGE_SIZE, 0x100000), "too little memory: start-up needs 4 KiB");
	boot_alloc_limit = limit;

	memory_map_each_free(count_frames, &frames);
	EXPECT_EQ(frames, (0x900000 >> PAGE_SHIFT) - 3 - 5 - 256);
	memory_map_close();
	EXPECT_PANIC(boot_alloc(1, 1), "boot_alloc (1 bytes)");
	end_machine();
}

TEST(memory_map, ranges_that_wrap_around)
{
	begin_machine();
	EXPECT_EQ(memory_map_add(0x1000, 0x100000, MEMORY_USABLE), 0);
	EXPECT_EQ(memory_map_add(0x80000, ~0ull, MEMORY_RESERVED), 0);
	EXPECT_EQ(memory_map_add(0x40000, 0, MEMORY_RESERVED), 0);
	EXPECT_EQ(memory_map_reserve(0x40000, 0, "nothing"), 0);
	memory_map_finish(~0ull);
	EXPECT_EQ(memory_map_usable(), 0x7f000);
	EXPECT_EQ(memory_map_end(), 0x80000);
	end_machine();
}

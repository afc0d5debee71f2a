/* SPDX-License-Identifier: MIT */
/*
 * Address spaces against their contract, one promise at a time. The accesses are the test's own
 * (user_memory.h), so it needs no program and runs on the host too, over simulated page tables.
 */
#include <tessera/address_space.h>
#include <tessera/errno.h>
#include <tessera/kmalloc.h>
#include <tessera/string.h>
#include <tessera/test.h>

#include "user_memory.h"

#define RW  (AREA_READ | AREA_WRITE)
#define GAP ((uintptr_t)CONFIG_USER_STACK_GAP << PAGE_SHIFT)

/* Four pages before a page table's range ends: what is mapped here has pages in two tables. */
#define BASE (4 * user_span(1) - 4 * PAGE_SIZE)

#define at(page) (BASE + (page)*PAGE_SIZE)

/* Most tests use one space and give all back. */
static struct address_space *space;
static size_t free_before;
static struct space_totals totals_before;

static bool begin(void)
{
	free_before = user_pages_free();
	space_totals(&totals_before);
	space = space_create();
	EXPECT(space);
	return space;
}

static void expect_balance(void)
{
	struct space_totals totals;

	EXPECT_EQ(user_pages_free(), free_before);
	space_totals(&totals);
	EXPECT(!memcmp(&totals, &totals_before, sizeof(totals)));
	EXPECT_EQ(zero_page->refcount, 1 + totals.resident);
}

static void end(void)
{
	space_put(space);
	expect_balance();
}

static void map(unsigned page, unsigned pages, unsigned flags)
{
	EXPECT_EQ(space_map(space, at(page), pages * PAGE_SIZE, flags, SPACE_FIXED),
		  (long)at(page));
}

static void expect_bytes(struct address_space *from, uintptr_t address, size_t n, int byte)
{
	for (size_t i = 0; i < n; i++) {
		int found = user_read(from, address + i);

		if (found != byte) {
			test_fail(__FILE__, __LINE__, "%#lx has %d, not %d",
				  (unsigned long)(address + i), found, byte);
			return;
		}
	}
}

static void fill(struct address_space *to, uintptr_t address, size_t n, unsigned char byte)
{
	for (size_t i = 0; i < n; i++)
		EXPECT_EQ(user_write(to, address + i, byte), 0);
}

TEST(address_space, empty)
{
	bool mapped = true;

	if (!begin())
		return;
	EXPECT_EQ(space_fault(space, BASE, AREA_READ, &mapped), -EFAULT);
	EXPECT(!mapped);
	EXPECT_EQ(space_fault(space, 0, AREA_WRITE, &mapped), -EFAULT);
	EXPECT_EQ(space_fault(space, UINTPTR_MAX, AREA_EXECUTE, &mapped), -EFAULT);
	EXPECT(!space_find(space, BASE));
	EXPECT(space_get(space) == space);
	space_put(space);
	end();
}

TEST(address_space, first_touch)
{
	if (!begin())
		return;
	map(0, 8, RW);
	EXPECT_EQ(space->resident, 0);
	EXPECT_EQ(space->table_pages, 0);
	/* Reads share the page of zeros, also where an instruction is fetched. */
	EXPECT_EQ(user_read(space, at(1)), 0);
	EXPECT_EQ(user_read(space, at(5)), 0);
	EXPECT(user_page(space, at(1)) == zero_page && user_page(space, at(5)) == zero_page);
	EXPECT_EQ(user_touch(space, at(1), AREA_EXECUTE),
		  entry_allows(user_look(space, at(1)), AREA_EXECUTE) ? 0 : -EFAULT);
	/* A write gives a page of one's own, before or after a read. */
	fill(space, at(1) + 7, 1, 0x55);
	fill(space, at(2), 1, 0x66);
	EXPECT(user_page(space, at(1)) != zero_page && user_page(space, at(2)) != zero_page);
	EXPECT_EQ(user_page(space, at(1))->refcount, 1);
	expect_bytes(space, at(1), 7, 0);
	expect_bytes(space, at(1) + 8, PAGE_SIZE - 8, 0);
	expect_bytes(space, at(2) + 1, PAGE_SIZE - 1, 0);
	expect_bytes(zero_page ? space : NULL, at(5), PAGE_SIZE, 0);
	EXPECT_EQ(space->resident, 3);
	end();
}

TEST(address_space, access)
{
	bool mapped;

	if (!begin())
		return;
	map(0, 1, 0);
	map(1, 1, AREA_READ);
	map(2, 1, RW);
	map(3, 1, AREA_READ | AREA_EXECUTE);
	map(4, 1, AREA_WRITE);
	for (unsigned access = 1; access <= AREA_EXECUTE; access *= 2) {
		EXPECT_EQ(space_fault(space, at(0), access, &mapped), -EFAULT);
		EXPECT(mapped);
	}
	EXPECT_EQ(space_fault(space, at(1), AREA_WRITE, &mapped), -EFAULT);
	EXPECT(mapped);
	EXPECT_EQ(space_fault(space, at(1), AREA_EXECUTE, &mapped), -EFAULT);
	EXPECT_EQ(space_fault(space, at(2), AREA_EXECUTE, &mapped), -EFAULT);
	EXPECT_EQ(space_fault(space, at(3), AREA_WRITE, &mapped), -EFAULT);
	EXPECT_EQ(user_touch(space, at(3), AREA_EXECUTE), 0);
	/* As on every processor that we know, who may write may read. */
	EXPECT_EQ(user_read(space, at(4)), 0);
	EXPECT_EQ(space_fault(space, at(5), AREA_READ, &mapped), -EFAULT);
	EXPECT(!mapped);
	/* A read-only page is not written, whatever was done to it before. */
	EXPECT_EQ(user_write(space, at(2), 9), 0);
	EXPECT_EQ(space_protect(space, at(2), PAGE_SIZE, AREA_READ), 0);
	EXPECT_EQ(user_write(space, at(2), 8), -EFAULT);
	EXPECT_EQ(space_protect(space, at(2), PAGE_SIZE, 0), 0);
	EXPECT_EQ(user_read(space, at(2)), -EFAULT);
	EXPECT_EQ(space_protect(space, at(2), PAGE_SIZE, RW), 0);
	EXPECT_EQ(user_read(space, at(2)), 9);
	EXPECT_EQ(user_write(space, at(2), 8), 0);
	end();
}

TEST(address_space, bad_arguments)
{
	const size_t huge = USER_END - USER_START + PAGE_SIZE;
	struct area_source *source;

	if (!begin())
		return;
	EXPECT_EQ(space_map(space, 0, 0, RW, 0), -EINVAL);
	EXPECT_EQ(space_map(space, 0, 0, RW | AREA_SHARED, 0), -EINVAL);
	EXPECT_EQ(space_map(space, 0, SIZE_MAX, RW, 0), -ENOMEM);
	EXPECT_EQ(space_map(space, 0, SIZE_MAX - PAGE_SIZE, RW, 0), -ENOMEM);
	EXPECT_EQ(space_map(space, 0, SIZE_MAX, RW | AREA_SHARED, 0), -ENOMEM);
	EXPECT_EQ(space_map(space, 0, huge, RW, 0), -ENOMEM);
	EXPECT_EQ(space_map(space, BASE + 1, 1, RW, SPACE_FIXED), -EINVAL);
	EXPECT_EQ(space_map(space, 0, 1, RW, SPACE_FIXED), -EINVAL);
	EXPECT_EQ(space_map(space, USER_START - PAGE_SIZE, 1, RW, SPACE_FIXED), -EINVAL);
	EXPECT_EQ(space_map(space, USER_END, 1, RW, SPACE_FIXED), -ENOMEM);
	EXPECT_EQ(space_map(space, USER_END - PAGE_SIZE, PAGE_SIZE + 1, RW, SPACE_FIXED), -ENOMEM);
	EXPECT_EQ(space_map(space, ALIGN_DOWN(UINTPTR_MAX, PAGE_SIZE), 1, RW, SPACE_FIXED),
		  -ENOMEM);
	EXPECT_EQ(space_unmap(space, BASE, 0), -EINVAL);
	EXPECT_EQ(space_unmap(space, BASE + 8, 1), -EINVAL);
	EXPECT_EQ(space_unmap(space, BASE, SIZE_MAX), -EINVAL);
	EXPECT_EQ(space_unmap(space, USER_END, 1), -EINVAL);
	EXPECT_EQ(space_unmap(space, BASE, USER_END), -EINVAL);
	EXPECT_EQ(space_unmap(space, BASE, PAGE_SIZE), 0); /* nothing there: as munmap */
	EXPECT_EQ(space_protect(space, BASE + 1, 1, RW), -EINVAL);
	EXPECT_EQ(space_protect(space, BASE, 0, RW), 0);
	EXPECT_EQ(space_protect(space, BASE, 1, RW), -ENOMEM);
	EXPECT_EQ(space_protect(space, BASE, SIZE_MAX, RW), -ENOMEM);
	EXPECT_EQ(space_discard(space, BASE + 1, 1), -EINVAL);
	EXPECT_EQ(space_discard(space, BASE, 0), 0);
	EXPECT_EQ(space_discard(space, BASE, 1), -ENOMEM);
	EXPECT_EQ(space_discard(space, USER_END, PAGE_SIZE), -ENOMEM);
	ASSERT_TRUE(source = source_create(NULL, 2 * PAGE_SIZE));
	EXPECT_EQ(space_map_source(space, 0, PAGE_SIZE, RW, 0, source, 100, SIZE_MAX), -EINVAL);
	EXPECT_EQ(space_map_source(space, 0, SIZE_MAX, RW, 0, source, PAGE_SIZE, SIZE_MAX),
		  -EINVAL);
	EXPECT_EQ(space_map_source(space, 0, 2 * PAGE_SIZE, RW | AREA_SHARED, 0, source, PAGE_SIZE,
				   SIZE_MAX),
		  -EINVAL);
	source_put(source);
	EXPECT_EQ(space->area_count, 0);
	end();
}

/* ---- Areas ---- */

TEST(address_space, neighbours_are_one_area)
{
	if (!begin())
		return;
	map(0, 2, RW);
	map(4, 2, RW);
	EXPECT_EQ(space->area_count, 2);
	map(2, 2, RW);
	EXPECT_EQ(space->area_count, 1);
	map(6, 1, AREA_READ);
	map(7, 1, RW);
	EXPECT_EQ(space->area_count, 3);
	EXPECT_EQ(space_protect(space, at(6), PAGE_SIZE, RW), 0);
	EXPECT_EQ(space->area_count, 1);
	/* Each shared memory is its own. */
	map(10, 1, RW | AREA_SHARED);
	map(11, 1, RW | AREA_SHARED);
	EXPECT_EQ(space->area_count, 3);
	EXPECT_EQ(space->mapped, 10);
	end();
}

TEST(address_space, unmap_any_overlap)
{
	if (!begin())
		return;
	map(0, 8, RW);
	for (unsigned i = 0; i < 8; i++)
		fill(space, at(i), 1, (unsigned char)(i + 1));
	EXPECT_EQ(space_unmap(space, at(3), 2 * PAGE_SIZE), 0); /* a hole */
	EXPECT_EQ(space->area_count, 2);
	EXPECT_EQ(space_unmap(space, at(0), PAGE_SIZE), 0);	/* a head */
	EXPECT_EQ(space_unmap(space, at(7), 5 * PAGE_SIZE), 0); /* a tail and nothing */
	EXPECT_EQ(space->mapped, 4);
	EXPECT_EQ(space->resident, 4);
	for (unsigned i = 0; i < 9; i++)
		EXPECT_EQ(user_read(space, at(i)),
			  i == 1 || i == 2 || i == 5 || i == 6 ? (int)i + 1 : -EFAULT);
	EXPECT_EQ(space_unmap(space, at(2), 4 * PAGE_SIZE), 0); /* tail of one, head of the next */
	EXPECT_EQ(user_read(space, at(1)), 2);
	EXPECT_EQ(user_read(space, at(6)), 7);
	EXPECT_EQ(space->area_count, 2);
	EXPECT_EQ(space_unmap(space, USER_START, USER_END - USER_START), 0);
	EXPECT_EQ(space->area_count, 0);
	EXPECT_EQ(space->resident, 0);
	EXPECT_EQ(space->table_pages, 0);
	EXPECT_EQ(space->mapped, 0);
	end();
}

TEST(address_space, protect_needs_every_page)
{
	if (!begin())
		return;
	map(0, 2, RW);
	map(3, 2, RW);
	EXPECT_EQ(space_protect(space, at(1), 3 * PAGE_SIZE, AREA_READ), -ENOMEM);
	EXPECT_EQ(space_discard(space, at(1), 3 * PAGE_SIZE), -ENOMEM);
	EXPECT_EQ(user_write(space, at(1), 3), 0); /* nothing has changed */
	map(2, 1, AREA_READ);
	EXPECT_EQ(space->area_count, 3);
	EXPECT_EQ(space_protect(space, at(1), 3 * PAGE_SIZE, AREA_READ), 0);
	EXPECT_EQ(space->area_count, 3);
	EXPECT_EQ(user_write(space, at(0), 3), 0);
	EXPECT_EQ(user_write(space, at(1), 3), -EFAULT);
	EXPECT_EQ(user_write(space, at(3), 3), -EFAULT);
	EXPECT_EQ(user_write(space, at(4), 3), 0);
	EXPECT_EQ(space_protect(space, at(0), 5 * PAGE_SIZE, RW), 0);
	EXPECT_EQ(space->area_count, 1);
	EXPECT_EQ(space_protect(space, at(2), PAGE_SIZE, 0), 0); /* in the middle of one */
	EXPECT_EQ(space->area_count, 3);
	end();
}

TEST(address_space, map_over)
{
	if (!begin())
		return;
	map(0, 6, RW);
	fill(space, at(0), 1, 1);
	fill(space, at(2), 1, 2);
	fill(space, at(5), 1, 3);
	EXPECT_EQ(space_map(space, at(2), PAGE_SIZE, RW, SPACE_NOREPLACE), -EEXIST);
	EXPECT_EQ(space_map(space, at(5), 2 * PAGE_SIZE, RW, SPACE_FIXED | SPACE_NOREPLACE),
		  -EEXIST);
	EXPECT_EQ(user_read(space, at(2)), 2);
	map(2, 1, AREA_READ);
	EXPECT_EQ(space->area_count, 3);
	EXPECT_EQ(user_read(space, at(2)), 0);
	EXPECT_EQ(user_read(space, at(0)), 1);
	EXPECT_EQ(user_read(space, at(5)), 3);
	map(1, 4, RW);
	EXPECT_EQ(space->area_count, 1);
	EXPECT_EQ(space->mapped, 6);
	EXPECT_EQ(space_map(space, at(6), PAGE_SIZE, RW, SPACE_NOREPLACE), (long)at(6));
	end();
}

TEST(address_space, search)
{
	uintptr_t top;

	if (!begin())
		return;
	top = space->mmap_top;
	EXPECT_EQ(top, USER_STACK_TOP - space->stack_limit - GAP);
	/* From the top down, the highest range that fits. */
	EXPECT_EQ(space_map(space, 0, 1, RW, 0), (long)(top -= PAGE_SIZE));
	EXPECT_EQ(space_map(space, 0, PAGE_SIZE, AREA_READ, 0), (long)(top -= PAGE_SIZE));
	EXPECT_EQ(space_map(space, 0, 3 * PAGE_SIZE, RW, 0), (long)(top -= 3 * PAGE_SIZE));
	EXPECT_EQ(space_unmap(space, top + 3 * PAGE_SIZE, PAGE_SIZE), 0);
	EXPECT_EQ(space_map(space, 0, 2 * PAGE_SIZE, RW, 0), (long)(top - 2 * PAGE_SIZE));
	EXPECT_EQ(space_map(space, 0, PAGE_SIZE, RW, 0), (long)(top + 3 * PAGE_SIZE));
	EXPECT_EQ(space->area_count, 1);
	/* A wish is granted if it can be. */
	EXPECT_EQ(space_map(space, at(0) + 123, PAGE_SIZE, RW, 0), (long)at(0));
	EXPECT_EQ(space_map(space, at(0), PAGE_SIZE, RW, 0), (long)(top - 3 * PAGE_SIZE));
	EXPECT_EQ(space_map(space, PAGE_SIZE, PAGE_SIZE, RW, 0), (long)(top - 4 * PAGE_SIZE));
	EXPECT_EQ(space_map(space, USER_END - PAGE_SIZE, 2 * PAGE_SIZE, RW, 0),
		  (long)(top - 6 * PAGE_SIZE));
	/* What a stack could need is taken last; the gap below it never. */
	EXPECT_EQ(space_unmap(space, USER_START, USER_END - USER_START), 0);
	EXPECT_EQ(space_map(space, USER_STACK_TOP - PAGE_SIZE, PAGE_SIZE, RW | AREA_GROWS,
			    SPACE_FIXED),
		  (long)(USER_STACK_TOP - PAGE_SIZE));
	EXPECT_EQ(space_map(space, 0, space->mmap_top - USER_START, RW, 0), (long)USER_START);
	EXPECT_EQ(space_map(space, 0, PAGE_SIZE, RW, 0),
		  (long)(USER_END > USER_STACK_TOP ? USER_END - PAGE_SIZE
						   : USER_STACK_TOP - GAP - 2 * PAGE_SIZE));
	EXPECT_EQ(space_map(space, USER_STACK_TOP - 2 * PAGE_SIZE, PAGE_SIZE, RW, SPACE_NOREPLACE),
		  (long)(USER_STACK_TOP - 2 * PAGE_SIZE)); /* who insists gets it */
	end();
}

TEST(address_space, limits)
{
	const unsigned many = CONFIG_USER_AREAS_MAX;
	uintptr_t address = BASE;
	unsigned i;

	if (!begin())
		return;
	space->mapped_max = 10;
	map(0, 10, RW);
	EXPECT_EQ(space_map(space, 0, 1, RW, 0), -ENOMEM);
	EXPECT_EQ(space_map(space, at(9), 2 * PAGE_SIZE, RW, SPACE_FIXED), -ENOMEM);
	map(4, 6, AREA_READ); /* in place of others it is no more */
	EXPECT_EQ(space_unmap(space, at(0), 4 * PAGE_SIZE), 0);
	map(20, 4, RW);
	EXPECT_EQ(space_map(space, 0, 1, RW | AREA_SHARED, 0), -ENOMEM);
	EXPECT_EQ(space_unmap(space, at(0), 30 * PAGE_SIZE), 0);

	space->mapped_max = SIZE_MAX;
	for (i = 0; i < many; i++, address += 2 * PAGE_SIZE)
		if (space_map(space, address, PAGE_SIZE, RW, SPACE_FIXED) != (long)address)
			break;
	EXPECT_EQ(i, many);
	EXPECT_EQ(space_map(space, address, PAGE_SIZE, RW, SPACE_FIXED), -ENOMEM);
	EXPECT_EQ(space_map(space, BASE, PAGE_SIZE, AREA_READ, SPACE_FIXED), -ENOMEM);
	map(1, 1, RW); /* joins two */
	EXPECT_EQ(space->area_count, many - 1);
	EXPECT_EQ(space_protect(space, at(1), PAGE_SIZE, AREA_READ), -ENOMEM); /* needs two more */
	EXPECT_EQ(space_unmap(space, at(1), PAGE_SIZE), 0);
	EXPECT_EQ(space->area_count, many);
	map(1, 1, RW);
	map(3, 1, RW);
	EXPECT_EQ(space_protect(space, at(1), PAGE_SIZE, AREA_READ), 0);
	EXPECT_EQ(space->area_count, many);
	EXPECT_EQ(space_unmap(space, at(3), PAGE_SIZE), -ENOMEM); /* would make two of one */
	EXPECT_EQ(user_read(space, at(3)), 0);
	end();
}

/* Tables come with the first page in their range and go with the last area in it. */
TEST(address_space, tables)
{
	if (!begin())
		return;
	map(0, 8, RW);
	fill(space, at(3), 1, 1);
	EXPECT_EQ(space->table_pages, USER_LEVELS - 1);
	fill(space, at(4), 1, 2);
	EXPECT_EQ(space->table_pages, USER_LEVELS);
	EXPECT_EQ(space_discard(space, at(0), 8 * PAGE_SIZE), 0);
	EXPECT_EQ(space->table_pages, USER_LEVELS);
	EXPECT_EQ(space_unmap(space, at(4), 3 * PAGE_SIZE), 0);
	EXPECT_EQ(space->table_pages, USER_LEVELS); /* page 7 is still an area's */
	EXPECT_EQ(space_unmap(space, at(7), PAGE_SIZE), 0);
	EXPECT_EQ(space->table_pages, USER_LEVELS - 1);
	EXPECT_EQ(space_unmap(space, at(1), 3 * PAGE_SIZE), 0);
	EXPECT_EQ(space->table_pages, USER_LEVELS - 1);
	EXPECT_EQ(space_unmap(space, at(0), PAGE_SIZE), 0);
	EXPECT_EQ(space->table_pages, 0);
	/* A page at either end of all that there is, and one area in between. */
	EXPECT_EQ(space_map(space, USER_START, USER_END - USER_START, RW, SPACE_FIXED), USER_START);
	fill(space, USER_START, 1, 1);
	fill(space, USER_END - 1, 1, 2);
	EXPECT_EQ(user_read(space, USER_START + user_span(1)), 0);
	EXPECT_EQ(space_protect(space, USER_START, USER_END - USER_START, AREA_READ), 0);
	EXPECT_EQ(user_read(space, USER_END - 1), 2);
	EXPECT_EQ(user_read(space, USER_START), 1);
	EXPECT_EQ(space->resident, 3);
	EXPECT_EQ(space_unmap(space, USER_START + PAGE_SIZE, USER_END - USER_START - 2 * PAGE_SIZE),
		  0);
	EXPECT_EQ(space->resident, 2);
	EXPECT_EQ(user_read(space, USER_END - 1), 2);
	end();
}

/* ---- Stack and break ---- */

TEST(address_space, stack_grows)
{
	const uintptr_t top = USER_STACK_TOP, wall = top - 40 * PAGE_SIZE - GAP;

	if (!begin())
		return;
	space->stack_limit = 30 * PAGE_SIZE;
	EXPECT_EQ(space_map(space, top - PAGE_SIZE, PAGE_SIZE, RW | AREA_GROWS, SPACE_FIXED),
		  (long)(top - PAGE_SIZE));
	EXPECT_EQ(user_write(space, top - 3 * PAGE_SIZE, 1), 0);
	EXPECT_EQ(space_find(space, top - 1)->start, top - 3 * PAGE_SIZE);
	EXPECT_EQ(space->area_count, 1);
	EXPECT_EQ(space->mapped, 3);
	EXPECT_EQ(user_write(space, top, 1), -EFAULT); /* only downwards */
	EXPECT_EQ(user_read(space, top - 30 * PAGE_SIZE), 0);
	EXPECT_EQ(user_read(space, top - 30 * PAGE_SIZE - 1), -EFAULT); /* the limit */
	EXPECT_EQ(space->mapped, 30);
	/* The gap to what lies below. */
	space->stack_limit = 100 * PAGE_SIZE;
	EXPECT_EQ(space_map(space, wall - PAGE_SIZE, PAGE_SIZE, RW, SPACE_FIXED),
		  (long)(wall - PAGE_SIZE));
	EXPECT_EQ(user_read(space, top - 40 * PAGE_SIZE - 1), -EFAULT);
	EXPECT_EQ(user_read(space, wall), -EFAULT); /* in the gap */
	EXPECT_EQ(user_read(space, top - 40 * PAGE_SIZE), 0);
	EXPECT_EQ(space->mapped, 41);
	/* No nearer than the gap to the lowest address. */
	EXPECT_EQ(space_unmap(space, USER_START, USER_END - USER_START), 0);
	space->stack_limit = USER_END;
	EXPECT_EQ(space_map(space, USER_START + GAP + PAGE_SIZE, PAGE_SIZE, RW | AREA_GROWS,
			    SPACE_FIXED),
		  (long)(USER_START + GAP + PAGE_SIZE));
	EXPECT_EQ(user_read(space, USER_START + GAP), 0);
	EXPECT_EQ(user_read(space, USER_START + GAP - 1), -EFAULT);
	EXPECT_EQ(user_read(space, 0), -EFAULT);
	/* RLIMIT_AS counts too. */
	EXPECT_EQ(space_map(space, top - PAGE_SIZE, PAGE_SIZE, RW | AREA_GROWS, SPACE_FIXED),
		  (long)(top - PAGE_SIZE));
	space->mapped_max = space->mapped + 1;
	EXPECT_EQ(user_read(space, top - 3 * PAGE_SIZE), -EFAULT);
	EXPECT_EQ(user_read(space, top - 2 * PAGE_SIZE), 0);
	end();
}

TEST(address_space, break_moves)
{
	if (!begin())
		return;
	space->break_start = space->break_end = at(0) + 100;
	EXPECT_EQ(space_break(space, 0), at(0) + 100);
	EXPECT_EQ(space_break(space, at(0) + 99), at(0) + 100);
	EXPECT_EQ(space_break(space, at(0) + 200),
		  at(0) + 200); /* within what is the data's page */
	EXPECT_EQ(space->area_count, 0);
	EXPECT_EQ(space_break(space, at(2) + 1), at(2) + 1);
	EXPECT_EQ(space->mapped, 2);
	EXPECT_EQ(user_write(space, at(2) + 8, 5), 0);
	EXPECT_EQ(user_read(space, at(3)), -EFAULT);
	EXPECT_EQ(space_break(space, at(1)), at(1));
	EXPECT_EQ(user_read(space, at(2)), -EFAULT);
	EXPECT_EQ(space_break(space, at(3)), at(3));
	EXPECT_EQ(user_read(space, at(2) + 8), 0); /* it was gone in between */
	map(5, 1, AREA_READ);
	EXPECT_EQ(space_break(space, at(5)), at(5));
	EXPECT_EQ(space_break(space, at(5) + 1), at(5)); /* something is there */
	EXPECT_EQ(space_break(space, USER_END), at(5));
	EXPECT_EQ(space_break(space, UINTPTR_MAX), at(5));
	EXPECT_EQ(space_break(space, 0), at(5));
	space->mapped_max = space->mapped;
	EXPECT_EQ(space_unmap(space, at(5), PAGE_SIZE), 0);
	EXPECT_EQ(space_break(space, at(7)), at(5));
	EXPECT_EQ(space_break(space, at(6)), at(6));
	end();
}

/* ---- Fork ---- */

TEST(address_space, fork_copies_on_write)
{
	struct address_space *child;
	struct page *page;

	if (!begin())
		return;
	map(0, 8, RW);
	for (unsigned i = 0; i < 3; i++)
		fill(space, at(i), PAGE_SIZE, (unsigned char)(i + 1));
	EXPECT_EQ(user_read(space, at(5)), 0);
	ASSERT_TRUE(child = space_fork(space));
	EXPECT_EQ(child->resident, 4);
	EXPECT_EQ(child->mapped, 8);
	EXPECT(user_page(child, at(0)) == user_page(space, at(0)));
	EXPECT_EQ(user_page(space, at(0))->refcount, 2);
	/* Each sees what was, and what it writes itself. */
	page = user_page(space, at(0));
	EXPECT_EQ(user_write(child, at(0) + 100, 0x77), 0);
	EXPECT(user_page(child, at(0)) != page && user_page(space, at(0)) == page);
	expect_bytes(space, at(0), PAGE_SIZE, 1);
	expect_bytes(child, at(0), 100, 1);
	expect_bytes(child, at(0) + 101, PAGE_SIZE - 101, 1);
	EXPECT_EQ(user_read(child, at(0) + 100), 0x77);
	EXPECT_EQ(user_write(space, at(1), 0x88), 0);
	EXPECT_EQ(user_read(child, at(1)), 2);
	EXPECT_EQ(user_write(space, at(5), 0x99), 0);
	EXPECT_EQ(user_read(child, at(5)), 0);
	EXPECT_EQ(user_write(child, at(6), 0xaa), 0); /* touched after the fork */
	EXPECT_EQ(user_read(space, at(6)), 0);
	/* The last one keeps the page. */
	EXPECT_EQ(page->refcount, 1);
	EXPECT_EQ(user_write(space, at(0), 0x11), 0);
	EXPECT(user_page(space, at(0)) == page);
	page = user_page(space, at(2));
	EXPECT(user_page(child, at(2)) == page);
	space_put(child);
	EXPECT_EQ(page->refcount, 1);
	EXPECT_EQ(user_write(space, at(2), 0x12), 0);
	EXPECT(user_page(space, at(2)) == page);
	expect_bytes(space, at(2) + 1, PAGE_SIZE - 1, 3);
	end();
}

/* mprotect between fork and write gives no way around the copy. */
TEST(address_space, fork_and_protect)
{
	struct address_space *child;

	if (!begin())
		return;
	map(0, 1, RW);
	fill(space, at(0), 1, 1);
	ASSERT_TRUE(child = space_fork(space));
	EXPECT_EQ(space_protect(child, at(0), PAGE_SIZE, AREA_READ), 0);
	EXPECT_EQ(space_protect(child, at(0), PAGE_SIZE, RW), 0);
	EXPECT_EQ(user_write(child, at(0), 2), 0);
	EXPECT_EQ(user_read(space, at(0)), 1);
	EXPECT_EQ(user_read(child, at(0)), 2);
	space_put(child);
	end();
}

TEST(address_space, fork_inherits)
{
	struct address_space *child, *grandchild;

	if (!begin())
		return;
	space->break_start = at(0);
	space->break_end = at(0);
	EXPECT_EQ(space_break(space, at(1) + 5), at(1) + 5);
	space->mmap_top = at(100);
	space->stack_limit = 3 * PAGE_SIZE;
	space->mapped_max = 50;
	fill(space, at(1), 1, 9);
	ASSERT_TRUE(child = space_fork(space));
	space_put(space);
	ASSERT_TRUE(grandchild = space_fork(child));
	EXPECT_EQ(space_break(grandchild, 0), at(1) + 5);
	EXPECT_EQ(grandchild->mmap_top, at(100));
	EXPECT_EQ(grandchild->stack_limit, 3 * PAGE_SIZE);
	EXPECT_EQ(grandchild->mapped_max, 50);
	EXPECT_EQ(grandchild->break_start, at(0));
	EXPECT_EQ(user_write(grandchild, at(1) + 1, 8), 0);
	EXPECT_EQ(user_read(grandchild, at(1)), 9);
	EXPECT_EQ(user_read(child, at(1) + 1), 0);
	space = grandchild;
	space_put(child);
	end();
}

TEST(address_space, shared_memory_survives_fork)
{
	struct address_space *child;

	if (!begin())
		return;
	map(0, 6, RW | AREA_SHARED);
	fill(space, at(0), 1, 1);
	EXPECT_EQ(user_read(space, at(1)), 0);
	EXPECT(user_page(space, at(1)) != zero_page); /* the other one may write */
	ASSERT_TRUE(child = space_fork(space));
	EXPECT_EQ(user_write(child, at(0), 2), 0);
	EXPECT_EQ(user_read(space, at(0)), 2);
	EXPECT_EQ(user_write(space, at(1), 3), 0);
	EXPECT_EQ(user_read(child, at(1)), 3);
	EXPECT_EQ(user_write(child, at(5), 4), 0); /* first touched after the fork */
	EXPECT_EQ(user_read(space, at(5)), 4);
	/* Pages that one unmaps or discards stay the other's, and come back. */
	EXPECT_EQ(space_discard(space, at(5), PAGE_SIZE), 0);
	EXPECT_EQ(user_read(space, at(5)), 4);
	EXPECT_EQ(space_unmap(space, at(0), 3 * PAGE_SIZE), 0);
	EXPECT_EQ(user_read(child, at(1)), 3);
	EXPECT_EQ(user_read(space, at(0)), -EFAULT);
	space_put(child);
	EXPECT_EQ(user_read(space, at(5)), 4);
	end();
}

TEST(address_space, keys)
{
	struct address_space *child;
	struct memory_key a, b;

	if (!begin())
		return;
	map(0, 2, RW);
	map(2, 2, RW | AREA_SHARED);
	ASSERT_TRUE(child = space_fork(space));
	EXPECT_EQ(space_unmap(space, at(2), PAGE_SIZE), 0); /* the offset counts, not the area */
	EXPECT_EQ(space_key(space, at(3) + 4, &a), 0);
	EXPECT_EQ(space_key(child, at(3) + 4, &b), 0);
	EXPECT(a.memory == b.memory && a.offset == b.offset);
	EXPECT_EQ(space_key(child, at(2) + 4, &b), 0);
	EXPECT(a.memory == b.memory && a.offset != b.offset);
	EXPECT_EQ(space_key(space, at(0), &a), 0);
	EXPECT_EQ(space_key(child, at(0), &b), 0);
	EXPECT(a.memory != b.memory && a.offset == b.offset);
	EXPECT_EQ(space_key(space, at(2), &a), -EFAULT);
	space_put(child);
	end();
}

/* ---- Sources ---- */

#define FILE_PAGES 3
#define FILE_SIZE  (2 * PAGE_SIZE + 1000)

static struct page *file_pages;
static struct area_source *file;
static unsigned files_released;

static int file_byte(size_t offset)
{
	return (int)((offset * 7 + offset / 251) % 255 + 1);
}

static void file_release(struct area_source *source)
{
	EXPECT(source == file);
	EXPECT(source->owner == &files_released);
	files_released++;
}

/* A file whose bytes go on with what is not its own. */
static bool file_begin(void)
{
	unsigned char *bytes;

	file_pages = page_alloc(FILE_PAGES, 1, 0);
	if (!file_pages)
		return false;
	bytes = page_address(file_pages);
	for (size_t i = 0; i < FILE_PAGES * PAGE_SIZE; i++)
		bytes[i] = i < FILE_SIZE ? (unsigned char)file_byte(i) : 0xee;
	file = source_create(bytes, FILE_SIZE);
	if (!file)
		return false;
	file->release = file_release;
	file->owner = &files_released;
	files_released = 0;
	return true;
}

static void file_end(void)
{
	source_put(file);
	EXPECT_EQ(files_released, 1);
	page_free(file_pages, FILE_PAGES);
}

/* What an area at `address` shows that has `size` bytes of the file from `offset`. */
static void expect_file(struct address_space *of, uintptr_t address, size_t length, size_t offset,
			size_t size)
{
	for (size_t i = 0; i < length; i++) {
		int byte = i < size && offset + i < FILE_SIZE ? file_byte(offset + i) : 0;

		if (user_read(of, address + i) != byte) {
			test_fail(__FILE__, __LINE__, "%#lx has %d, not %d",
				  (unsigned long)(address + i), user_read(of, address + i), byte);
			return;
		}
	}
}

static long map_file(unsigned page, unsigned pages, unsigned flags, size_t offset, size_t size)
{
	return space_map_source(space, at(page), pages * PAGE_SIZE, flags, SPACE_FIXED, file,
				offset, size);
}

TEST(address_space, file)
{
	struct address_space *other;

	if (!begin())
		return;
	ASSERT_TRUE(file_begin());
	EXPECT_EQ(map_file(0, 5, RW, 0, SIZE_MAX), (long)at(0));
	EXPECT_EQ(map_file(10, 1, AREA_READ | AREA_EXECUTE, PAGE_SIZE, SIZE_MAX), (long)at(10));
	EXPECT_EQ(file->users, 3);
	EXPECT_EQ(user_touch(space, at(10), AREA_EXECUTE), 0);
	expect_file(space, at(0), 5 * PAGE_SIZE, 0, SIZE_MAX);
	expect_file(space, at(10), PAGE_SIZE, PAGE_SIZE, SIZE_MAX);
	/* Whoever only reads has the same page, in any space. */
	EXPECT(user_page(space, at(1)) == user_page(space, at(10)));
	ASSERT_TRUE(other = space_create());
	EXPECT_EQ(
		space_map_source(other, BASE, PAGE_SIZE, AREA_READ, SPACE_FIXED, file, 0, SIZE_MAX),
		(long)BASE);
	EXPECT_EQ(user_read(other, BASE), file_byte(0));
	EXPECT(user_page(other, BASE) == user_page(space, at(0)));
	/* Who writes has his own, and nobody else sees that. */
	EXPECT_EQ(user_write(space, at(0), 0xfe), 0);
	EXPECT_EQ(user_write(space, at(1) + 5, 0xfd), 0);
	EXPECT_EQ(user_write(space, at(3), 0xfc), 0);
	EXPECT_EQ(user_read(space, at(0)), 0xfe);
	EXPECT_EQ(user_read(other, BASE), file_byte(0));
	expect_file(space, at(10), PAGE_SIZE, PAGE_SIZE, SIZE_MAX);
	expect_file(space, at(0) + 1, PAGE_SIZE - 1, 1, SIZE_MAX);
	space_put(other);
	/* Discarded pages come from the file again. */
	EXPECT_EQ(space_discard(space, at(0), 5 * PAGE_SIZE), 0);
	expect_file(space, at(0), 5 * PAGE_SIZE, 0, SIZE_MAX);
	EXPECT_EQ(files_released, 0);
	EXPECT_EQ(space_unmap(space, at(0), 20 * PAGE_SIZE), 0);
	EXPECT_EQ(file->users, 1);
	file_end();
	end();
}

/* The file goes with its last area, not before. */
TEST(address_space, file_released_with_area)
{
	struct address_space *child;

	if (!begin())
		return;
	ASSERT_TRUE(file_begin());
	EXPECT_EQ(map_file(0, 3, RW, 0, SIZE_MAX), (long)at(0));
	source_put(file);
	EXPECT_EQ(user_write(space, at(1), 1), 0);
	EXPECT_EQ(user_read(space, at(0)), file_byte(0));
	EXPECT_EQ(space_unmap(space, at(1), PAGE_SIZE), 0); /* two areas now */
	EXPECT_EQ(space->area_count, 2);
	ASSERT_TRUE(child = space_fork(space));
	EXPECT_EQ(space_unmap(space, at(0), 3 * PAGE_SIZE), 0);
	EXPECT_EQ(user_read(child, at(2)), file_byte(2 * PAGE_SIZE));
	EXPECT_EQ(space_unmap(child, at(0), PAGE_SIZE), 0);
	EXPECT_EQ(files_released, 0);
	space_put(child);
	EXPECT_EQ(files_released, 1);
	page_free(file_pages, FILE_PAGES);
	end();
}

/* A program's segment: so many bytes of the file, then zeros, in the middle of a page. */
TEST(address_space, segment)
{
	static const unsigned accesses[] = { AREA_READ, AREA_WRITE };

	for (unsigned i = 0; i < ARRAY_SIZE(accesses); i++) {
		if (!begin())
			return;
		ASSERT_TRUE(file_begin());
		EXPECT_EQ(map_file(0, 4, RW, PAGE_SIZE, 300), (long)at(0));
		EXPECT_EQ(map_file(6, 2, AREA_READ, 0, PAGE_SIZE + 300), (long)at(6));
		EXPECT_EQ(user_touch(space, at(0), accesses[i]), 0);
		EXPECT_EQ(user_touch(space, at(2), accesses[i]), 0);
		expect_file(space, at(0), 4 * PAGE_SIZE, PAGE_SIZE, 300);
		expect_file(space, at(6), 2 * PAGE_SIZE, 0, PAGE_SIZE + 300);
		EXPECT_EQ(user_page(space, at(6))->refcount, 2); /* whole: the file's own */
		EXPECT_EQ(user_page(space, at(7))->refcount, 1);
		/* Cut and joined again it is the same. */
		EXPECT_EQ(space_protect(space, at(1), PAGE_SIZE, AREA_READ), 0);
		EXPECT_EQ(space->area_count, 4);
		EXPECT_EQ(space_discard(space, at(0), 4 * PAGE_SIZE), 0);
		expect_file(space, at(0), 4 * PAGE_SIZE, PAGE_SIZE, 300);
		EXPECT_EQ(space_protect(space, at(1), PAGE_SIZE, RW), 0);
		EXPECT_EQ(space->area_count, 2);
		EXPECT_EQ(space_unmap(space, USER_START, USER_END - USER_START), 0);
		file_end();
		end();
	}
}

TEST(address_space, file_shared)
{
	if (!begin())
		return;
	ASSERT_TRUE(file_begin());
	EXPECT_EQ(map_file(0, 1, RW | AREA_SHARED, 0, SIZE_MAX), -EACCES);
	EXPECT_EQ(map_file(0, 5, AREA_READ | AREA_SHARED, 0, SIZE_MAX), (long)at(0));
	expect_file(space, at(0), 5 * PAGE_SIZE, 0, SIZE_MAX);
	EXPECT_EQ(user_write(space, at(0), 1), -EFAULT);
	EXPECT_EQ(space_protect(space, at(0), PAGE_SIZE, RW), -EACCES);
	EXPECT_EQ(space_protect(space, at(1), PAGE_SIZE, AREA_READ | AREA_EXECUTE), 0);
	EXPECT_EQ(space->area_count, 3);
	EXPECT_EQ(space_unmap(space, USER_START, USER_END - USER_START), 0);
	file_end();
	end();
}

/* Large shared memory of which little is touched costs little. */
TEST(address_space, shared_and_sparse)
{
	const size_t size = 64ul << 20;
	long address;

	if (!begin())
		return;
	address = space_map(space, 0, size, RW | AREA_SHARED, 0);
	ASSERT_TRUE(address > 0 || address < -4096);
	for (size_t offset = 0; offset < size; offset += 16ul << 20)
		EXPECT_EQ(user_write(space, (uintptr_t)address + offset,
				     (unsigned char)(offset >> 20)),
			  0);
	EXPECT_EQ(user_write(space, (uintptr_t)address + size - 1, 0x5c), 0);
	for (size_t offset = 0; offset < size; offset += 16ul << 20)
		EXPECT_EQ(user_read(space, (uintptr_t)address + offset), (int)(offset >> 20));
	EXPECT(free_before - user_pages_free() < 60);
	EXPECT_EQ(space_discard(space, (uintptr_t)address, size), 0);
	EXPECT_EQ(user_read(space, (uintptr_t)address + size - 1), 0x5c);
	end();
}

/* SPDX-License-Identifier: MIT */
/*
 * Address spaces against their contract, one promise at a time: areas, limits, the first touch of a
 * page, stack and break. The accesses are the test's own (user_memory.h), so it needs no
 * program and runs on the host too, over simulated page tables.
 */
#include <tessera/address_space.h>
#include <tessera/errno.h>
#include <tessera/page.h>
#include <tessera/test.h>

#include "user_memory.h"

static struct address_space *space;

#define GAP ((uintptr_t)CONFIG_USER_STACK_GAP << PAGE_SHIFT)

TEST(address_space, empty)
{
	bool mapped = true;

	if (!(space = user_space_begin()))
		return;
	EXPECT_EQ(space_fault(space, BASE, AREA_READ, &mapped), -EFAULT);
	EXPECT(!mapped);
	EXPECT_EQ(space_fault(space, 0, AREA_WRITE, &mapped), -EFAULT);
	EXPECT_EQ(space_fault(space, UINTPTR_MAX, AREA_EXECUTE, &mapped), -EFAULT);
	EXPECT(!space_find(space, BASE));
	EXPECT(space_get(space) == space);
	space_put(space);
	user_space_end(space);
}

TEST(address_space, first_touch)
{
	if (!(space = user_space_begin()))
		return;
	user_map(space, 0, 8, RW);
	EXPECT_EQ(space->resident, 0);
	EXPECT_EQ(space->table_pages, 0);
	/* Reads share the page of zeros, also where an instruction is fetched. */
	EXPECT_EQ(user_read(space, at(1)), 0);
	EXPECT_EQ(user_read(space, at(5)), 0);
	EXPECT(user_page(space, at(1)) == zero_page && user_page(space, at(5)) == zero_page);
	EXPECT_EQ(user_touch(space, at(1), AREA_EXECUTE),
		  entry_allows(user_look(space, at(1)), AREA_EXECUTE) ? 0 : -EFAULT);
	/* A write gives a page of one's own, before or after a read. */
	user_fill(space, at(1) + 7, 1, 0x55);
	user_fill(space, at(2), 1, 0x66);
	EXPECT(user_page(space, at(1)) != zero_page && user_page(space, at(2)) != zero_page);
	EXPECT_EQ(user_page(space, at(1))->refcount, 1);
	user_expect(space, at(1), 7, 0);
	user_expect(space, at(1) + 8, PAGE_SIZE - 8, 0);
	user_expect(space, at(2) + 1, PAGE_SIZE - 1, 0);
	user_expect(zero_page ? space : NULL, at(5), PAGE_SIZE, 0);
	EXPECT_EQ(space->resident, 3);
	user_space_end(space);
}

TEST(address_space, access)
{
	bool mapped;

	if (!(space = user_space_begin()))
		return;
	user_map(space, 0, 1, 0);
	user_map(space, 1, 1, AREA_READ);
	user_map(space, 2, 1, RW);
	user_map(space, 3, 1, AREA_READ | AREA_EXECUTE);
	user_map(space, 4, 1, AREA_WRITE);
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
	user_space_end(space);
}

TEST(address_space, bad_arguments)
{
	const size_t huge = USER_END - USER_START + PAGE_SIZE;
	struct area_source *source;

	if (!(space = user_space_begin()))
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
	user_space_end(space);
}

/* ---- Areas ---- */

TEST(address_space, neighbours_are_one_area)
{
	if (!(space = user_space_begin()))
		return;
	user_map(space, 0, 2, RW);
	user_map(space, 4, 2, RW);
	EXPECT_EQ(space->area_count, 2);
	user_map(space, 2, 2, RW);
	EXPECT_EQ(space->area_count, 1);
	user_map(space, 6, 1, AREA_READ);
	user_map(space, 7, 1, RW);
	EXPECT_EQ(space->area_count, 3);
	EXPECT_EQ(space_protect(space, at(6), PAGE_SIZE, RW), 0);
	EXPECT_EQ(space->area_count, 1);
	/* Each shared memory is its own. */
	user_map(space, 10, 1, RW | AREA_SHARED);
	user_map(space, 11, 1, RW | AREA_SHARED);
	EXPECT_EQ(space->area_count, 3);
	EXPECT_EQ(space->mapped, 10);
	user_space_end(space);
}

TEST(address_space, unmap_any_overlap)
{
	if (!(space = user_space_begin()))
		return;
	user_map(space, 0, 8, RW);
	for (unsigned i = 0; i < 8; i++)
		user_fill(space, at(i), 1, (unsigned char)(i + 1));
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
	user_space_end(space);
}

TEST(address_space, protect_needs_every_page)
{
	if (!(space = user_space_begin()))
		return;
	user_map(space, 0, 2, RW);
	user_map(space, 3, 2, RW);
	EXPECT_EQ(space_protect(space, at(1), 3 * PAGE_SIZE, AREA_READ), -ENOMEM);
	EXPECT_EQ(space_discard(space, at(1), 3 * PAGE_SIZE), -ENOMEM);
	EXPECT_EQ(user_write(space, at(1), 3), 0); /* nothing has changed */
	user_map(space, 2, 1, AREA_READ);
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
	user_space_end(space);
}

TEST(address_space, map_over)
{
	if (!(space = user_space_begin()))
		return;
	user_map(space, 0, 6, RW);
	user_fill(space, at(0), 1, 1);
	user_fill(space, at(2), 1, 2);
	user_fill(space, at(5), 1, 3);
	EXPECT_EQ(space_map(space, at(2), PAGE_SIZE, RW, SPACE_NOREPLACE), -EEXIST);
	EXPECT_EQ(space_map(space, at(5), 2 * PAGE_SIZE, RW, SPACE_FIXED | SPACE_NOREPLACE),
		  -EEXIST);
	EXPECT_EQ(user_read(space, at(2)), 2);
	user_map(space, 2, 1, AREA_READ);
	EXPECT_EQ(space->area_count, 3);
	EXPECT_EQ(user_read(space, at(2)), 0);
	EXPECT_EQ(user_read(space, at(0)), 1);
	EXPECT_EQ(user_read(space, at(5)), 3);
	user_map(space, 1, 4, RW);
	EXPECT_EQ(space->area_count, 1);
	EXPECT_EQ(space->mapped, 6);
	EXPECT_EQ(space_map(space, at(6), PAGE_SIZE, RW, SPACE_NOREPLACE), (long)at(6));
	user_space_end(space);
}

TEST(address_space, search)
{
	uintptr_t top;

	if (!(space = user_space_begin()))
		return;
	top = space->mmap_top;
	EXPECT_EQ(top, ALIGN_DOWN(USER_STACK_TOP - space->stack_limit, PAGE_SIZE) - GAP);
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
	/* The gap below a stack is not for mmap, and what the stack could need is taken last. */
	EXPECT_EQ(space_unmap(space, USER_START, USER_END - USER_START), 0);
	EXPECT_EQ(space_map(space, USER_STACK_TOP - PAGE_SIZE,
			    USER_END - USER_STACK_TOP + PAGE_SIZE, RW | AREA_GROWS, SPACE_FIXED),
		  (long)(USER_STACK_TOP - PAGE_SIZE));
	EXPECT_EQ(space_map(space, 0, space->mmap_top - USER_START, RW, 0), (long)USER_START);
	EXPECT_EQ(space_map(space, 0, PAGE_SIZE, RW, 0),
		  (long)(USER_STACK_TOP - GAP - 2 * PAGE_SIZE));
	EXPECT_EQ(space_map(space, USER_STACK_TOP - GAP, PAGE_SIZE, RW, 0),
		  (long)(USER_STACK_TOP - GAP - 3 * PAGE_SIZE));
	EXPECT_EQ(space_map(space, USER_STACK_TOP - 2 * PAGE_SIZE, PAGE_SIZE, RW, SPACE_NOREPLACE),
		  (long)(USER_STACK_TOP - 2 * PAGE_SIZE)); /* who insists gets it */
	user_space_end(space);
}

TEST(address_space, limits)
{
	const unsigned many = CONFIG_USER_AREAS_MAX;
	uintptr_t address = BASE;
	unsigned i;

	if (!(space = user_space_begin()))
		return;
	space->mapped_max = 10;
	user_map(space, 0, 10, RW);
	EXPECT_EQ(space_map(space, 0, 1, RW, 0), -ENOMEM);
	EXPECT_EQ(space_map(space, at(9), 2 * PAGE_SIZE, RW, SPACE_FIXED), -ENOMEM);
	user_map(space, 4, 6, AREA_READ); /* in place of others it is no more */
	EXPECT_EQ(space_unmap(space, at(0), 4 * PAGE_SIZE), 0);
	user_map(space, 20, 4, RW);
	EXPECT_EQ(space_map(space, 0, 1, RW | AREA_SHARED, 0), -ENOMEM);
	EXPECT_EQ(space_unmap(space, at(0), 30 * PAGE_SIZE), 0);

	space->mapped_max = SIZE_MAX;
	for (i = 0; i < many; i++, address += 2 * PAGE_SIZE)
		if (space_map(space, address, PAGE_SIZE, RW, SPACE_FIXED) != (long)address)
			break;
	EXPECT_EQ(i, many);
	EXPECT_EQ(space_map(space, address, PAGE_SIZE, RW, SPACE_FIXED), -ENOMEM);
	EXPECT_EQ(space_map(space, BASE, PAGE_SIZE, AREA_READ, SPACE_FIXED), -ENOMEM);
	user_map(space, 1, 1, RW); /* joins two */
	EXPECT_EQ(space->area_count, many - 1);
	EXPECT_EQ(space_protect(space, at(1), PAGE_SIZE, AREA_READ), -ENOMEM); /* needs two more */
	EXPECT_EQ(space_unmap(space, at(1), PAGE_SIZE), 0);
	EXPECT_EQ(space->area_count, many);
	user_map(space, 1, 1, RW);
	user_map(space, 3, 1, RW);
	EXPECT_EQ(space_protect(space, at(1), PAGE_SIZE, AREA_READ), 0);
	EXPECT_EQ(space->area_count, many);
	EXPECT_EQ(space_unmap(space, at(3), PAGE_SIZE), -ENOMEM); /* would make two of one */
	EXPECT_EQ(user_read(space, at(3)), 0);
	user_space_end(space);
}

/* Tables come with the first page in their range and go with the last area in it. */
TEST(address_space, tables)
{
	if (!(space = user_space_begin()))
		return;
	user_map(space, 0, 8, RW);
	user_fill(space, at(3), 1, 1);
	EXPECT_EQ(space->table_pages, USER_LEVELS - 1);
	user_fill(space, at(4), 1, 2);
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
	user_fill(space, USER_START, 1, 1);
	user_fill(space, USER_END - 1, 1, 2);
	EXPECT_EQ(user_read(space, USER_START + user_span(1)), 0);
	EXPECT_EQ(space_protect(space, USER_START, USER_END - USER_START, AREA_READ), 0);
	EXPECT_EQ(user_read(space, USER_END - 1), 2);
	EXPECT_EQ(user_read(space, USER_START), 1);
	EXPECT_EQ(space->resident, 3);
	EXPECT_EQ(space_unmap(space, USER_START + PAGE_SIZE, USER_END - USER_START - 2 * PAGE_SIZE),
		  0);
	EXPECT_EQ(space->resident, 2);
	EXPECT_EQ(user_read(space, USER_END - 1), 2);
	user_space_end(space);
}

/* ---- Stack and break ---- */

TEST(address_space, stack_grows)
{
	const uintptr_t top = USER_STACK_TOP, wall = top - 40 * PAGE_SIZE - GAP;

	if (!(space = user_space_begin()))
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
	user_space_end(space);
}

TEST(address_space, break_moves)
{
	if (!(space = user_space_begin()))
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
	user_map(space, 5, 1, AREA_READ);
	EXPECT_EQ(space_break(space, at(5)), at(5));
	EXPECT_EQ(space_break(space, at(5) + 1), at(5)); /* something is there */
	EXPECT_EQ(space_break(space, USER_END), at(5));
	EXPECT_EQ(space_break(space, UINTPTR_MAX), at(5));
	EXPECT_EQ(space_break(space, 0), at(5));
	space->mapped_max = space->mapped;
	EXPECT_EQ(space_unmap(space, at(5), PAGE_SIZE), 0);
	EXPECT_EQ(space_break(space, at(7)), at(5));
	EXPECT_EQ(space_break(space, at(6)), at(6));
	user_space_end(space);
}

/* SPDX-License-Identifier: MIT */
/*
 * Address spaces against their contract: what is in a page, and who else sees it. Fork, files, shared
 * memory, and what the processor must forget.
 */
#include <tessera/address_space.h>
#include <tessera/errno.h>
#include <tessera/page.h>
#include <tessera/test.h>

#include "user_memory.h"

static struct address_space *space;

/* ---- Fork ---- */

TEST(address_space, fork_copies_on_write)
{
	struct address_space *child;
	struct page *page;

	if (!(space = user_space_begin()))
		return;
	user_map(space, 0, 8, RW);
	for (unsigned i = 0; i < 3; i++)
		user_fill(space, at(i), PAGE_SIZE, (unsigned char)(i + 1));
	EXPECT_EQ(user_read(space, at(5)), 0);
	ASSERT_TRUE(child = space_fork(space, 0));
	EXPECT_EQ(child->resident, 4);
	EXPECT_EQ(child->mapped, 8);
	EXPECT(user_page(child, at(0)) == user_page(space, at(0)));
	EXPECT_EQ(user_page(space, at(0))->refcount, 2);
	/* Each sees what was, and what it writes itself. */
	page = user_page(space, at(0));
	EXPECT_EQ(user_write(child, at(0) + 100, 0x77), 0);
	EXPECT(user_page(child, at(0)) != page && user_page(space, at(0)) == page);
	user_expect(space, at(0), PAGE_SIZE, 1);
	user_expect(child, at(0), 100, 1);
	user_expect(child, at(0) + 101, PAGE_SIZE - 101, 1);
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
	user_expect(space, at(2) + 1, PAGE_SIZE - 1, 3);
	user_space_end(space);
}

/* The page that both write at once is copied at once, and only that. */
TEST(address_space, fork_copies_the_stack)
{
	struct address_space *child, *other;
	struct page *page;

	if (!(space = user_space_begin()))
		return;
	user_map(space, 0, 3, RW);
	user_map(space, 3, 1, RW | AREA_SHARED);
	for (unsigned i = 0; i < 4; i++)
		user_fill(space, at(i), PAGE_SIZE, (unsigned char)(i + 1));
	page = user_page(space, at(1));
	ASSERT_TRUE(child = space_fork(space, at(1) + 100));
	EXPECT(user_page(space, at(1)) == page && user_page(child, at(1)) != page);
	EXPECT(entry_allows(user_look(space, at(1)), AREA_WRITE));
	EXPECT(entry_allows(user_look(child, at(1)), AREA_WRITE));
	user_expect(child, at(1), PAGE_SIZE, 2);
	EXPECT_EQ(user_write(space, at(1), 0x11), 0);
	EXPECT_EQ(user_write(child, at(1), 0x22), 0);
	EXPECT_EQ(user_read(space, at(1)), 0x11);
	EXPECT_EQ(user_read(child, at(1)), 0x22);
	EXPECT(user_page(child, at(0)) == user_page(space, at(0)));
	/* Not what others have as well, what is shared for good, or what is nowhere. */
	ASSERT_TRUE(other = space_fork(space, at(0)));
	EXPECT(user_page(other, at(0)) == user_page(child, at(0)));
	space_put(other);
	ASSERT_TRUE(other = space_fork(space, at(3)));
	EXPECT(user_page(other, at(3)) == user_page(space, at(3)));
	space_put(other);
	EXPECT_EQ(space_protect(space, at(2), PAGE_SIZE, AREA_READ), 0);
	ASSERT_TRUE(other = space_fork(space, at(2)));
	EXPECT_EQ(user_write(other, at(2), 1), -EFAULT);
	space_put(other);
	ASSERT_TRUE(other = space_fork(space, at(9)));
	space_put(other);
	ASSERT_TRUE(other = space_fork(space, UINTPTR_MAX));
	space_put(other);
	space_put(child);
	user_space_end(space);
}

/* mprotect between fork and write gives no way around the copy. */
TEST(address_space, fork_and_protect)
{
	struct address_space *child;

	if (!(space = user_space_begin()))
		return;
	user_map(space, 0, 1, RW);
	user_fill(space, at(0), 1, 1);
	ASSERT_TRUE(child = space_fork(space, 0));
	EXPECT_EQ(space_protect(child, at(0), PAGE_SIZE, AREA_READ), 0);
	EXPECT_EQ(space_protect(child, at(0), PAGE_SIZE, RW), 0);
	EXPECT_EQ(user_write(child, at(0), 2), 0);
	EXPECT_EQ(user_read(space, at(0)), 1);
	EXPECT_EQ(user_read(child, at(0)), 2);
	space_put(child);
	user_space_end(space);
}

TEST(address_space, fork_inherits)
{
	struct address_space *child, *grandchild;

	if (!(space = user_space_begin()))
		return;
	space->break_start = at(0);
	space->break_end = at(0);
	EXPECT_EQ(space_break(space, at(1) + 5), at(1) + 5);
	space->mmap_top = at(100);
	space->stack_limit = 3 * PAGE_SIZE;
	space->mapped_max = 50;
	user_fill(space, at(1), 1, 9);
	ASSERT_TRUE(child = space_fork(space, 0));
	space_put(space);
	ASSERT_TRUE(grandchild = space_fork(child, 0));
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
	user_space_end(space);
}

TEST(address_space, shared_memory_survives_fork)
{
	struct address_space *child;

	if (!(space = user_space_begin()))
		return;
	user_map(space, 0, 6, RW | AREA_SHARED);
	user_fill(space, at(0), 1, 1);
	EXPECT_EQ(user_read(space, at(1)), 0);
	EXPECT(user_page(space, at(1)) != zero_page); /* the other one may write */
	ASSERT_TRUE(child = space_fork(space, 0));
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
	user_space_end(space);
}

TEST(address_space, keys)
{
	struct address_space *child;
	struct memory_key a, b;

	if (!(space = user_space_begin()))
		return;
	user_map(space, 0, 2, RW);
	user_map(space, 2, 2, RW | AREA_SHARED);
	ASSERT_TRUE(child = space_fork(space, 0));
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
	user_space_end(space);
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

	if (!(space = user_space_begin()))
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
	/* What goes on in the file as well goes on as one area, on either side. */
	EXPECT_EQ(map_file(22, 1, AREA_READ, PAGE_SIZE, SIZE_MAX), (long)at(22));
	EXPECT_EQ(map_file(23, 1, AREA_READ, 2 * PAGE_SIZE, SIZE_MAX), (long)at(23));
	EXPECT_EQ(map_file(21, 1, AREA_READ, 0, SIZE_MAX), (long)at(21));
	EXPECT_EQ(space->area_count, 3);
	expect_file(space, at(21), 3 * PAGE_SIZE, 0, SIZE_MAX);
	EXPECT_EQ(space_unmap(space, at(21), 3 * PAGE_SIZE), 0);
	/* Only zeros can go on downwards. */
	EXPECT_EQ(map_file(1000, 1, RW | AREA_GROWS, 0, SIZE_MAX), (long)at(1000));
	EXPECT_EQ(user_read(space, at(1000) - 1), -EFAULT);
	EXPECT_EQ(space_unmap(space, at(1000), PAGE_SIZE), 0);
	/* Discarded pages come from the file again. */
	EXPECT_EQ(space_discard(space, at(0), 5 * PAGE_SIZE), 0);
	expect_file(space, at(0), 5 * PAGE_SIZE, 0, SIZE_MAX);
	EXPECT_EQ(files_released, 0);
	EXPECT_EQ(space_unmap(space, at(0), 20 * PAGE_SIZE), 0);
	EXPECT_EQ(file->users, 1);
	file_end();
	user_space_end(space);
}

/* The file goes with its last area, not before. */
TEST(address_space, file_released_with_area)
{
	struct address_space *child;

	if (!(space = user_space_begin()))
		return;
	ASSERT_TRUE(file_begin());
	EXPECT_EQ(map_file(0, 3, RW, 0, SIZE_MAX), (long)at(0));
	source_put(file);
	EXPECT_EQ(user_write(space, at(1), 1), 0);
	EXPECT_EQ(user_read(space, at(0)), file_byte(0));
	EXPECT_EQ(space_unmap(space, at(1), PAGE_SIZE), 0); /* two areas now */
	EXPECT_EQ(space->area_count, 2);
	ASSERT_TRUE(child = space_fork(space, 0));
	EXPECT_EQ(space_unmap(space, at(0), 3 * PAGE_SIZE), 0);
	EXPECT_EQ(user_read(child, at(2)), file_byte(2 * PAGE_SIZE));
	EXPECT_EQ(space_unmap(child, at(0), PAGE_SIZE), 0);
	EXPECT_EQ(files_released, 0);
	space_put(child);
	EXPECT_EQ(files_released, 1);
	page_free(file_pages, FILE_PAGES);
	user_space_end(space);
}

/* A program's segment: so many bytes of the file, then zeros, in the middle of a page. */
TEST(address_space, segment)
{
	static const unsigned accesses[] = { AREA_READ, AREA_WRITE };

	for (unsigned i = 0; i < ARRAY_SIZE(accesses); i++) {
		if (!(space = user_space_begin()))
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
		/* Another part of the same file, that seems to go on here, is an area of its own. */
		EXPECT_EQ(map_file(8, 1, AREA_READ, 2 * PAGE_SIZE, SIZE_MAX), (long)at(8));
		EXPECT_EQ(space->area_count, 3);
		expect_file(space, at(8), PAGE_SIZE, 2 * PAGE_SIZE, SIZE_MAX);
		EXPECT_EQ(space_unmap(space, at(8), PAGE_SIZE), 0);
		/* Cut and joined again it is the same. */
		EXPECT_EQ(space_protect(space, at(1), PAGE_SIZE, AREA_READ), 0);
		EXPECT_EQ(space->area_count, 4);
		EXPECT_EQ(space_discard(space, at(0), 4 * PAGE_SIZE), 0);
		expect_file(space, at(0), 4 * PAGE_SIZE, PAGE_SIZE, 300);
		EXPECT_EQ(space_protect(space, at(1), PAGE_SIZE, RW), 0);
		EXPECT_EQ(space->area_count, 2);
		EXPECT_EQ(space_unmap(space, USER_START, USER_END - USER_START), 0);
		file_end();
		user_space_end(space);
	}
}

TEST(address_space, file_shared)
{
	if (!(space = user_space_begin()))
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
	user_space_end(space);
}

/* Large shared memory of which little is touched costs little. */
TEST(address_space, shared_and_sparse)
{
	const size_t size = 64ul << 20;
	size_t free_before;
	long address;

	if (!(space = user_space_begin()))
		return;
	free_before = user_pages_free();
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
	user_space_end(space);
}

/* ---- What the processor must forget ---- */

#define MANY 20 /* more entries than are forgotten one by one */

/* Maps, writes and looks at many pages, so that the processor knows them. */
static void many_begin(void)
{
	user_map(space, 0, MANY, RW);
	for (unsigned i = 0; i < MANY; i++)
		EXPECT_EQ(user_write(space, at(i) + 9, (unsigned char)(i + 1)), 0);
}

TEST(address_space, forgets_many)
{
	struct address_space *child;

	if (!(space = user_space_begin()))
		return;
	many_begin();
	EXPECT_EQ(space_discard(space, at(0), MANY * PAGE_SIZE), 0);
	for (unsigned i = 0; i < MANY; i++)
		EXPECT_EQ(user_read(space, at(i) + 9), 0);
	many_begin();
	EXPECT_EQ(space_protect(space, at(0), MANY * PAGE_SIZE, AREA_READ), 0);
	for (unsigned i = 0; i < MANY; i++)
		EXPECT_EQ(user_write(space, at(i) + 9, 1), -EFAULT);
	many_begin();
	EXPECT_EQ(space_map(space, at(0), (MANY - 1) * PAGE_SIZE, AREA_READ, SPACE_FIXED),
		  (long)at(0));
	for (unsigned i = 0; i < MANY; i++)
		EXPECT_EQ(user_read(space, at(i) + 9), i == MANY - 1 ? MANY : 0);
	many_begin();
	ASSERT_TRUE(child = space_fork(space, 0));
	for (unsigned i = 0; i < MANY; i++) {
		EXPECT_EQ(user_write(space, at(i) + 9, 0x99), 0);
		EXPECT_EQ(user_read(child, at(i) + 9), (int)i + 1);
	}
	space_put(child);
	EXPECT_EQ(space_unmap(space, at(0), (MANY - 1) * PAGE_SIZE), 0);
	for (unsigned i = 0; i < MANY - 1; i++)
		EXPECT_EQ(user_read(space, at(i) + 9), -EFAULT);
	user_space_end(space);
}

// SPDX-License-Identifier: MIT
/* Memory: first touch, copy-on-write, mmap and its relatives at their edges, brk, the stack. */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

#define ANONYMOUS (MAP_PRIVATE | MAP_ANONYMOUS)

/* ---- First touch ---- */

TEST(new_memory_is_zero)
{
	char *memory = pages(64);

	ASSERT(memory != MAP_FAILED);
	for (size_t i = 0; i < 64 * PAGE; i += 97)
		EXPECT_EQ(memory[i], 0);
	memset(memory, 0x5a, 64 * PAGE);
	EXPECT_EQ(munmap(memory, 64 * PAGE), 0);
	memory = pages(64);
	for (size_t i = 0; i < 64 * PAGE; i += 97)
		EXPECT_EQ(memory[i], 0);
}

TEST(untouched_memory_costs_nothing)
{
	size_t before = free_pages();
	volatile char *memory;

	NEED_SPACE(5000 * PAGE);
	memory = pages(4096);
	ASSERT(memory != MAP_FAILED);
	for (size_t i = 0; i < 4096; i += 512)
		memory[i * PAGE] = 1;
	EXPECT(before - free_pages() < 100);
}

TEST(reads_share_one_page)
{
	size_t before = free_pages();
	volatile char *memory;
	int sum = 0;

	NEED_SPACE(2000 * PAGE);
	memory = pages(1024);
	for (size_t i = 0; i < 1024; i++)
		sum += memory[i * PAGE];
	EXPECT_EQ(sum, 0);
	EXPECT(before - free_pages() < 100);
	memory[5 * PAGE] = 7; /* and the zeros stay zeros */
	EXPECT_EQ(memory[6 * PAGE], 0);
	EXPECT_EQ(memory[5 * PAGE], 7);
}

/* ---- Copy on write ---- */

TEST(copies_on_write)
{
	unsigned *memory = pages(8);

	for (unsigned i = 0; i < 8 * PAGE / sizeof(*memory); i++)
		memory[i] = i;
	EXPECT_EXIT(0, {
		for (unsigned i = 0; i < 8 * PAGE / sizeof(*memory); i++)
			if (memory[i] != i)
				_exit(1);
		memset(memory, 0xff, 8 * PAGE);
	});
	for (unsigned i = 0; i < 8 * PAGE / sizeof(*memory); i++)
		EXPECT_EQ(memory[i], i);
}

TEST(parent_writes_first)
{
	int go[2];
	volatile int *memory = pages(4);
	pid_t child;
	char byte;

	memory[0] = 1;
	memory[PAGE / 4] = 2;
	ASSERT(pipe(go) == 0);
	child = fork();
	if (child == 0) {
		read(go[0], &byte, 1);
		_exit(memory[0] * 10 + memory[PAGE / 4]);
	}
	memory[0] = 7;
	memory[PAGE / 4] = 8;
	write(go[1], "", 1);
	EXPECT_EQ(WEXITSTATUS(status_of(child)), 12);
	EXPECT_EQ(memory[0], 7);
}

TEST(generations_of_copies)
{
	volatile int *memory = pages(2);

	memory[0] = 0;
	for (int i = 0; i < 6; i++) {
		pid_t child = fork();

		if (child != 0) {
			EXPECT_EQ(memory[0], i);
			EXPECT_EQ(status_of(child), 0);
			EXPECT_EQ(memory[0], i);
			_exit(0);
		}
		memory[0] = i + 1;
	}
	_exit(0);
}

TEST(last_owner_writes_in_place)
{
	size_t before;
	volatile char *memory;

	NEED_SPACE(1000 * PAGE);
	memory = pages(256);
	memset((void *)memory, 1, 256 * PAGE);
	EXPECT_EXIT(0, (void)0);
	before = free_pages();
	for (size_t i = 0; i < 256; i++)
		memory[i * PAGE] = 2;
	EXPECT(before - free_pages() < 20);
}

TEST(kernel_writes_copy_too)
{
	int ends[2];
	char *memory = pages(1);

	strlcpy(memory, "mine", PAGE);
	ASSERT(pipe(ends) == 0);
	ASSERT(write(ends[1], "yours", 6) == 6);
	EXPECT_EXIT(0,
		    _exit(read(ends[0], memory, 6) == 6 && strcmp(memory, "yours") == 0 ? 0 : 1));
	EXPECT(strcmp(memory, "mine") == 0);
}

/* ---- Shared memory ---- */

TEST(shared_memory_survives_fork)
{
	volatile int *memory = shared_pages(16);

	ASSERT(memory != MAP_FAILED);
	memory[0] = 1;
	EXPECT_EXIT(0, {
		if (memory[0] != 1)
			_exit(1);
		memory[0] = 2;
		memory[8 * PAGE / sizeof(int)] = 3; /* nobody had touched this page */
	});
	EXPECT_EQ(memory[0], 2);
	EXPECT_EQ(memory[8 * PAGE / sizeof(int)], 3);
}

TEST(shared_memory_among_grandchildren)
{
	volatile int *memory = shared_pages(4);

	EXPECT_EXIT(0, EXPECT_EXIT(0, memory[3 * PAGE / sizeof(int)] = 9));
	EXPECT_EQ(memory[3 * PAGE / sizeof(int)], 9);
	EXPECT_EQ(munmap((void *)memory, PAGE), 0);
	EXPECT_EXIT(0, memory[2 * PAGE / sizeof(int)] = 4);
	EXPECT_EQ(memory[2 * PAGE / sizeof(int)], 4);
}

/* ---- mmap ---- */

TEST(mmap_bad_arguments)
{
	char *memory = pages(4);
	void *kernel = (void *)((uintptr_t)KERNEL_ADDRESS & -PAGE);

	EXPECT_ERROR(mmap(NULL, 0, PROT_READ, ANONYMOUS, -1, 0), EINVAL);
	EXPECT_ERROR(mmap(memory + 1, PAGE, PROT_READ, ANONYMOUS | MAP_FIXED, -1, 0), EINVAL);
	EXPECT_ERROR(mmap(NULL, PAGE, PROT_READ, MAP_ANONYMOUS, -1, 0), EINVAL);
	EXPECT_ERROR(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, -1, 0), EBADF);
	EXPECT_ERROR(mmap(kernel, PAGE, PROT_READ, ANONYMOUS | MAP_FIXED, -1, 0), ENOMEM);
	EXPECT_ERROR(mmap(NULL, ~0ul - PAGE, PROT_READ, ANONYMOUS, -1, 0), ENOMEM);
	EXPECT_ERROR(mmap(NULL, ~0ul, PROT_READ, ANONYMOUS, -1, 0), ENOMEM);
	EXPECT_ERROR(mmap(memory, PAGE, PROT_READ, ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0), EEXIST);
	EXPECT_EQ(mmap(memory, PAGE, PROT_READ, ANONYMOUS | MAP_FIXED, -1, 0), memory);
}

TEST(mmap_takes_hints)
{
	char *memory = pages(16);

	munmap(memory, 16 * PAGE);
	EXPECT_EQ(mmap(memory + 4 * PAGE, PAGE, PROT_READ, ANONYMOUS, -1, 0), memory + 4 * PAGE);
	/* What is taken is not taken again. */
	EXPECT(mmap(memory + 4 * PAGE, PAGE, PROT_READ, ANONYMOUS, -1, 0) != memory + 4 * PAGE);
	EXPECT_EQ(mmap(memory + 6 * PAGE, PAGE, PROT_READ, ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0),
		  memory + 6 * PAGE);
}

TEST(mmap_at_zero)
{
	/* Linux forbids it to all but root, Tessera to all. */
	void *memory = mmap(NULL, PAGE, PROT_READ, ANONYMOUS | MAP_FIXED, -1, 0);

	if (memory == MAP_FAILED)
		EXPECT(errno == EINVAL || errno == EPERM || errno == ENOMEM);
	else
		test_note("page 0 can be mapped");
}

TEST(fixed_replaces_all_overlaps)
{
	unsigned char *memory = pages(10);

	/* 0..9: three areas with holes between them. */
	memset(memory, 1, 10 * PAGE);
	munmap(memory + 2 * PAGE, PAGE);
	munmap(memory + 6 * PAGE, PAGE);
	EXPECT_EQ(
		mmap(memory + PAGE, 7 * PAGE, PROT_READ | PROT_WRITE, ANONYMOUS | MAP_FIXED, -1, 0),
		memory + PAGE);
	EXPECT_EQ(memory[0], 1);
	for (int i = 1; i < 8; i++)
		EXPECT_EQ(memory[i * PAGE], 0);
	EXPECT_EQ(memory[8 * PAGE], 1);
}

TEST(mmap_of_a_file)
{
	char bytes[4];
	int file = open("/proc/self/exe", O_RDONLY);
	unsigned char *memory;

	ASSERT(file >= 0);
	ASSERT(read(file, bytes, 4) == 4);
	memory = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0);
	ASSERT(memory != MAP_FAILED);
	EXPECT_EQ(close(file), 0);
	EXPECT_EQ(memcmp(memory, bytes, 4), 0);
	memory[0] = 'X';
	EXPECT_EQ(memory[0], 'X');
	file = open("/proc/self/exe", O_RDONLY);
	read(file, bytes, 1);
	EXPECT_EQ(bytes[0], 0x7f); /* the file does not change */
	EXPECT_ERROR(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, file, 1), EINVAL);
	EXPECT_ERROR(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, 999, 0), EBADF);
}

TEST(pages_of_a_file_are_right)
{
	static char expected[PAGE];
	int file = open("/proc/self/exe", O_RDONLY);
	char *memory;
	ssize_t n;

	ASSERT(lseek(file, PAGE, SEEK_SET) == (off_t)PAGE);
	n = read(file, expected, sizeof(expected));
	ASSERT(n > 0);
	memory = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, file, PAGE);
	ASSERT(memory != MAP_FAILED);
	EXPECT_EQ(memcmp(memory, expected, (size_t)n), 0);
	for (size_t i = (size_t)n; i < PAGE; i++)
		EXPECT_EQ(memory[i], 0);
}

TEST(devices_cannot_be_mapped)
{
	int ends[2];

	ASSERT(pipe(ends) == 0);
	EXPECT_ERROR(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, ends[0], 0), ENODEV);
}

TEST(many_areas)
{
	char *areas[200];

	for (int i = 0; i < 200; i++) {
		/* Different rights, so that neighbours do not become one. */
		areas[i] = mmap(NULL, PAGE, i % 2 ? PROT_READ : PROT_READ | PROT_WRITE, ANONYMOUS,
				-1, 0);
		ASSERT(areas[i] != MAP_FAILED);
	}
	for (int i = 0; i < 200; i += 2)
		areas[i][0] = (char)i;
	for (int i = 0; i < 200; i += 2)
		EXPECT_EQ(areas[i][0], (char)i);
	for (int i = 0; i < 200; i += 3)
		EXPECT_EQ(munmap(areas[i], PAGE), 0);
}

/* ---- munmap ---- */

TEST(unmapped_memory_is_gone)
{
	volatile char *memory = pages(3);

	memory[0] = memory[PAGE] = memory[2 * PAGE] = 1;
	EXPECT_EQ(munmap((char *)memory + PAGE, PAGE), 0);
	EXPECT_EQ(memory[0] + memory[2 * PAGE], 2);
	EXPECT_SIGNAL(SIGSEGV, memory[PAGE] = 1);
	EXPECT_SIGNAL(SIGSEGV, (void)memory[2 * PAGE - 1]);
}

TEST(munmap_edges)
{
	char *memory = pages(8);

	EXPECT_ERROR(munmap(memory, 0), EINVAL);
	EXPECT_ERROR(munmap(memory + 1, PAGE), EINVAL);
	EXPECT_ERROR(munmap((void *)((uintptr_t)KERNEL_ADDRESS & -PAGE), PAGE), EINVAL);
	EXPECT_ERROR(munmap(memory, ~0ul), EINVAL);
	EXPECT_EQ(munmap(memory + 2 * PAGE, 1), 0);    /* a page at least */
	EXPECT_EQ(munmap(memory + 2 * PAGE, PAGE), 0); /* nothing is there */
	EXPECT_EQ(munmap(memory, 8 * PAGE), 0);	       /* nor everywhere */
	EXPECT_SIGNAL(SIGSEGV, memory[0] = 1);
}

TEST(a_hole_in_every_page)
{
	char *memory = pages(64);

	memset(memory, 3, 64 * PAGE);
	for (int i = 1; i < 64; i += 2)
		EXPECT_EQ(munmap(memory + (size_t)i * PAGE, PAGE), 0);
	for (int i = 0; i < 64; i += 2)
		EXPECT_EQ(memory[(size_t)i * PAGE], 3);
	EXPECT_EQ(munmap(memory, 64 * PAGE), 0);
}

/* ---- mprotect ---- */

TEST(protection_holds)
{
	volatile char *memory = pages(3);

	memory[0] = memory[PAGE] = memory[2 * PAGE] = 1;
	EXPECT_EQ(mprotect((char *)memory + PAGE, PAGE, PROT_READ), 0);
	EXPECT_EQ(memory[PAGE], 1);
	EXPECT_SIGNAL(SIGSEGV, memory[PAGE] = 2);
	memory[0] = memory[2 * PAGE] = 2;
	EXPECT_EQ(mprotect((char *)memory + PAGE, PAGE, PROT_NONE), 0);
	EXPECT_SIGNAL(SIGSEGV, (void)memory[PAGE]);
	EXPECT_EQ(mprotect((char *)memory, 3 * PAGE, PROT_READ | PROT_WRITE), 0);
	EXPECT_EQ(memory[PAGE], 1);
	memory[PAGE] = 3;
}

TEST(mprotect_edges)
{
	char *memory = pages(4);

	EXPECT_EQ(mprotect(memory, 0, PROT_READ), 0);
	EXPECT_ERROR(mprotect(memory + 1, PAGE, PROT_READ), EINVAL);
	EXPECT_ERROR(mprotect(memory, PAGE, 0x80), EINVAL);
	munmap(memory + PAGE, PAGE);
	EXPECT_ERROR(mprotect(memory, 3 * PAGE, PROT_READ), ENOMEM);
	EXPECT_ERROR(mprotect((void *)((uintptr_t)KERNEL_ADDRESS & -PAGE), PAGE, PROT_READ),
		     ENOMEM);
	EXPECT_ERROR(mprotect(memory, ~0ul & -PAGE, PROT_READ), ENOMEM);
}

TEST(protection_before_first_touch)
{
	volatile char *memory = mmap(NULL, 4 * PAGE, PROT_NONE, ANONYMOUS, -1, 0);

	EXPECT_SIGNAL(SIGSEGV, (void)memory[0]);
	EXPECT_EQ(mprotect((char *)memory, PAGE, PROT_READ), 0);
	EXPECT_EQ(memory[0], 0);
	EXPECT_SIGNAL(SIGSEGV, memory[0] = 1);
	EXPECT_EQ(mprotect((char *)memory, PAGE, PROT_READ | PROT_WRITE), 0);
	memory[0] = 1;
	EXPECT_SIGNAL(SIGSEGV, (void)memory[PAGE]);
}

/* Rights that change while a page is shared after fork must not let the child's writes through. */
TEST(mprotect_keeps_copies_apart)
{
	volatile char *memory = pages(1);

	memory[0] = 1;
	EXPECT_EXIT(0, {
		mprotect((char *)memory, PAGE, PROT_READ);
		mprotect((char *)memory, PAGE, PROT_READ | PROT_WRITE);
		memory[0] = 2;
	});
	EXPECT_EQ(memory[0], 1);
}

TEST(text_is_read_only)
{
	EXPECT_SIGNAL(SIGSEGV, *(volatile char *)(uintptr_t)status_of = 0);
}

/* ---- madvise ---- */

TEST(discarded_memory_is_zero_again)
{
	size_t before;
	char *memory;

	NEED_SPACE(1000 * PAGE);
	memory = pages(512);
	memset(memory, 1, 512 * PAGE);
	before = free_pages();
	EXPECT_EQ(madvise(memory + PAGE, 510 * PAGE, MADV_DONTNEED), 0);
	EXPECT(free_pages() >= before + 480);
	EXPECT_EQ(memory[0], 1);
	EXPECT_EQ(memory[PAGE], 0);
	EXPECT_EQ(memory[510 * PAGE], 0);
	EXPECT_EQ(memory[511 * PAGE], 1);
	EXPECT_ERROR(madvise(memory + 1, PAGE, MADV_DONTNEED), EINVAL);
}

/* ---- brk ---- */

TEST(brk_grows_and_shrinks)
{
	char *start = sbrk(0);
	char *end = (char *)(((uintptr_t)start + PAGE - 1) & -PAGE) + 3 * PAGE;

	EXPECT_EQ(brk(end), 0);
	memset(start, 7, (size_t)(end - start));
	EXPECT_EQ(brk(end - 2 * PAGE), 0);
	EXPECT_SIGNAL(SIGSEGV, *(volatile char *)(end - 1) = 1);
	EXPECT_EQ(brk(end), 0);
	EXPECT_EQ(*(end - 1), 0);
	EXPECT_EQ(brk(start + 5), 0); /* need not be at a page */
	EXPECT_EQ(brk(start + 6), 0);
	EXPECT_EQ(sbrk(0), start + 6);
	EXPECT_EQ(brk(start), 0);
}

TEST(brk_limits)
{
	char *start = sbrk(0);

	EXPECT_ERROR(brk((void *)PAGE), ENOMEM);
	EXPECT_ERROR(brk(KERNEL_ADDRESS), ENOMEM);
	EXPECT_ERROR(brk((void *)~0ul), ENOMEM);
	EXPECT_EQ(sbrk(0), start);
}

TEST(brk_stops_at_a_mapping)
{
	char *start = (char *)(((uintptr_t)sbrk(0) + PAGE - 1) & -PAGE);
	char *wall = mmap(start + 16 * PAGE, PAGE, PROT_READ, ANONYMOUS | MAP_FIXED, -1, 0);

	ASSERT(wall == start + 16 * PAGE);
	EXPECT_EQ(brk(start + 15 * PAGE), 0); /* Linux keeps a page of distance */
	EXPECT_ERROR(brk(start + 17 * PAGE), ENOMEM);
	EXPECT_ERROR(brk(start + 64 * PAGE), ENOMEM);
}

TEST(brk_is_inherited)
{
	char *memory = sbrk(PAGE);

	memory[0] = 5;
	EXPECT_EXIT(5, {
		sbrk(16 * PAGE);
		_exit(memory[0]);
	});
	EXPECT_EQ(sbrk(0), memory + PAGE);
}

/* ---- The stack ---- */

static int __attribute__((noinline)) deep(int depth)
{
	volatile char room[8 * PAGE];

	room[0] = (char)depth;
	return depth ? deep(depth - 1) + room[0] : 0;
}

TEST(stack_grows)
{
	NEED_SPACE(1000 * PAGE);
	EXPECT(deep(60) != 1); /* 2 MiB */
}

TEST(stack_has_an_end)
{
	EXPECT_SIGNAL(SIGSEGV, deep(100000));
}

TEST(stack_pages_are_given_on_touch)
{
	size_t before = free_pages();
	char here;
	volatile uintptr_t below = (uintptr_t)&here - 1024 * 1024;

	NEED_SPACE(1000 * PAGE);
	/* Far below, but within the stack's limit: one page, and tables for it. */
	*(volatile char *)below = 1;
	EXPECT(before - free_pages() < 20);
}

/* A mapping below the stack keeps its distance: the stack does not grow into it. */
TEST(stack_keeps_a_gap)
{
	volatile char here;
	char *below = (char *)((uintptr_t)&here & -PAGE) - 2048 * PAGE / 2;
	char *wall = mmap(below, PAGE, PROT_READ | PROT_WRITE, ANONYMOUS | MAP_FIXED, -1, 0);

	ASSERT(wall == below);
	wall[0] = 1;
	EXPECT_SIGNAL(SIGSEGV, *(volatile char *)(wall + PAGE) = 1);
	EXPECT_EQ(wall[0], 1);
}

/* ---- Size ---- */

TEST(out_of_address_space)
{
	size_t size = (size_t)1 << (8 * sizeof(long) - 3);

	/* 7/8 of all addresses are more than a program has; the process lives on. */
	EXPECT_ERROR(mmap(NULL, size * 7, PROT_READ, ANONYMOUS, -1, 0), ENOMEM);
	EXPECT(pages(1) != MAP_FAILED);
}

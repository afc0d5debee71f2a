/* SPDX-License-Identifier: MIT */
/*
 * Address spaces without their programs: what the memory's part of a fault, of fork and of mmap costs.
 *
 *	space.touch	first write to a page: finding its area, a page, clearing it, its entry
 *	space.read	first read: the page of zeros
 *	space.copy	write after fork to a page that the other one still has
 *	space.reuse	write after fork to a page that the other one no longer has
 *	space.map	mmap and munmap of a page that nobody touches
 *	space.fork	fork and exit of a program with text, data, heap, stack and 8 pages written
 */
#include <tessera/address_space.h>
#include <tessera/benchmark.h>
#include <tessera/console.h>

#define RW    (AREA_READ | AREA_WRITE)
#define PAGES 32
#define BASE  ((uintptr_t)0x400000)
#define TIMES 50

static struct address_space *space;

static uintptr_t at(unsigned page)
{
	return BASE + page * PAGE_SIZE;
}

static void fault(struct address_space *of, uintptr_t address, unsigned access)
{
	bool mapped;

	if (space_fault(of, address, access, &mapped))
		print("# a fault was refused\n");
}

/* As exec leaves a small program, with `PAGES` pages of data. */
static bool begin(void)
{
	const uintptr_t stack = USER_STACK_TOP - 4 * PAGE_SIZE;

	space = space_create();
	if (!space)
		return false;
	space_map(space, BASE - 16 * PAGE_SIZE, 8 * PAGE_SIZE, AREA_READ | AREA_EXECUTE,
		  SPACE_FIXED);
	space_map(space, BASE - 8 * PAGE_SIZE, 8 * PAGE_SIZE, AREA_READ, SPACE_FIXED);
	space_map(space, BASE, PAGES * PAGE_SIZE, RW, SPACE_FIXED);
	space_map(space, stack, 4 * PAGE_SIZE, RW | AREA_GROWS, SPACE_FIXED);
	fault(space, BASE, AREA_WRITE);
	return true;
}

BENCHMARK(space_touch)
{
	uint64_t start;

	if (!begin())
		return;
	start = benchmark_begin();
	for (unsigned i = 1; i < PAGES; i++)
		fault(space, at(i), AREA_WRITE);
	benchmark_end("space.touch", start, PAGES - 1);
	space_discard(space, at(0), PAGES * PAGE_SIZE);
	start = benchmark_begin();
	for (unsigned i = 0; i < PAGES; i++)
		fault(space, at(i), AREA_READ);
	benchmark_end("space.read", start, PAGES);
	space_put(space);
}

BENCHMARK(space_copy)
{
	struct address_space *child;
	uint64_t start;

	if (!begin())
		return;
	for (unsigned i = 1; i < PAGES; i++)
		fault(space, at(i), AREA_WRITE);
	child = space_fork(space, 0);
	start = benchmark_begin();
	for (unsigned i = 0; i < PAGES && child; i++)
		fault(child, at(i), AREA_WRITE);
	benchmark_end("space.copy", start, PAGES);
	start = benchmark_begin();
	for (unsigned i = 0; i < PAGES; i++)
		fault(space, at(i), AREA_WRITE);
	benchmark_end("space.reuse", start, PAGES);
	if (child)
		space_put(child);
	space_put(space);
}

BENCHMARK(space_map)
{
	uint64_t start;

	if (!begin())
		return;
	start = benchmark_begin();
	for (unsigned i = 0; i < TIMES; i++) {
		long address = space_map(space, 0, PAGE_SIZE, RW, 0);

		space_unmap(space, (uintptr_t)address, PAGE_SIZE);
	}
	benchmark_end("space.map", start, TIMES);
	space_put(space);
}

BENCHMARK(space_fork)
{
	uint64_t start;

	if (!begin())
		return;
	for (unsigned i = 1; i < 7; i++)
		fault(space, at(i), AREA_WRITE);
	fault(space, USER_STACK_TOP - 1, AREA_WRITE);
	for (unsigned i = 9; i < 16; i++)
		fault(space, BASE - i * PAGE_SIZE, AREA_EXECUTE);
	start = benchmark_begin();
	for (unsigned i = 0; i < TIMES; i++) {
		struct address_space *child = space_fork(space, 0);

		if (child)
			space_put(child);
	}
	benchmark_end("space.fork", start, TIMES);
	space_put(space);
}

/* SPDX-License-Identifier: MIT */
/*
 * Drives the selected page allocator with whatever operations the bytes stand for, on memory laid
 * out as the first bytes say, and compares it with the simplest model there is: one flag per page.
 *
 *	byte 0		the frame at which the window of WINDOW frames begins
 *	byte 1		how many ranges the window has; for each three bytes: two for its first
 *			frame, one for its length. Every third is reserved, the others are usable
 *	one byte	what the memory holds before
 *	then		operations: free one (a byte says which) or many, allocate a run (count,
 *			alignment, limit, clearing) or many single pages
 */
#include <tessera/kernel.h>
#include <tessera/memory_map.h>
#include <tessera/page.h>
#include <tessera/string.h>

#include "../host/machine.h"

#define WINDOW	   1024
#define SURE_PAGES 128 /* at the end of the window; so there is always room for the page array */
#define LIVE_MAX   WINDOW

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

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

/* ---- The model ---- */

/* The fuzzer looks for new paths in the allocator, not in the model. */
#define MODEL noinline __attribute__((no_sanitize("coverage")))

static pfn_t window;
static bool initially_free[WINDOW], is_free[WINDOW];
static size_t free_pages;

static struct {
	struct page *page;
	size_t count;
} live[LIVE_MAX];
static unsigned live_count;

#define CHECK(condition)                                                    \
	do {                                                                \
		if (!(condition))                                           \
			panic("%s:%d: %s", __FILE__, __LINE__, #condition); \
	} while (0)

static MODEL bool room_for(size_t count, size_t align, pfn_t end)
{
	size_t run = 0;

	for (size_t i = 0; i < WINDOW && window + i < end; i++) {
		run = is_free[i] ? run + 1 : 0;
		if (run >= count && ALIGN_UP(window + i + 1 - run, align) <= window + i + 1 - count)
			return true;
	}
	return false;
}

static MODEL void set_range(size_t first, size_t count, bool from, bool to)
{
	CHECK(first < WINDOW && count <= WINDOW - first);
	for (size_t i = first; i < first + count; i++) {
		CHECK(is_free[i] == from);
		is_free[i] = to;
	}
	free_pages += to ? count : -count;
}

static MODEL void mark_free(pfn_t first, pfn_t count, void *arg)
{
	set_range(first - window, count, false, true);
}

static MODEL void check_run(pfn_t first, size_t count, void *arg)
{
	size_t *next = arg, start = first - window;

	CHECK(start < WINDOW && count <= WINDOW - start);
	for (; *next < start; (*next)++)
		CHECK(!is_free[*next]);
	for (; *next < start + count; (*next)++)
		CHECK(is_free[*next]);
	CHECK(*next == WINDOW || !is_free[*next]);
}

/* The allocator's account of all memory is the model's. */
static MODEL void compare(void)
{
	size_t next = 0;

	page_each_free(check_run, &next);
	for (; next < WINDOW; next++)
		CHECK(!is_free[next]);
	CHECK(page_free_count() == free_pages);
}

/* ---- Memory and operations ---- */

/* Fills the memory that the page array will probably get with heads of free blocks. */
static void make_dirty(size_t length)
{
	const size_t bytes = 2 * WINDOW * sizeof(struct page);
	phys_addr_t base = memory_map_find(&memory_map, bytes, PAGE_SIZE, DIRECT_MAP_LIMIT);
	struct page *memory = phys_to_virt(base);

	for (size_t i = 0; i < 2 * WINDOW; i++)
		memory[i] = (struct page){ .state = PAGE_FREE | PAGE_LENGTH(length) };
}

static void lay_out(void)
{
	unsigned ranges, first, count;

	memory_map = (struct memory_map){ 0 };
	window = next_byte() * 677ul;
	ranges = next_byte() % 16;
	for (unsigned n = 0; n < ranges; n++) {
		first = next_byte() * ((WINDOW - SURE_PAGES) / 256);
		first += next_byte() % 16;
		count = MIN(next_byte() + 1, WINDOW - SURE_PAGES - first);
		memory_map_add((phys_addr_t)(window + first) * PAGE_SIZE,
			       (phys_addr_t)count * PAGE_SIZE,
			       n % 3 == 2 ? MEMORY_RESERVED : MEMORY_USABLE);
	}
	memory_map_add((phys_addr_t)(window + WINDOW - SURE_PAGES) * PAGE_SIZE,
		       SURE_PAGES * PAGE_SIZE, MEMORY_USABLE);
	host_allow(phys_to_virt((phys_addr_t)window * PAGE_SIZE), WINDOW * PAGE_SIZE);
	memory_map_finish(DIRECT_MAP_LIMIT);
	make_dirty(1u << next_byte() % 16);
	page_init();

	memset(is_free, false, sizeof(is_free));
	free_pages = 0;
	live_count = 0;
	memory_map_each_free(mark_free, NULL);
	memcpy(initially_free, is_free, sizeof(is_free));
	compare();
}

static void allocate(size_t count, size_t align, unsigned bits, bool zero)
{
	unsigned flags = PAGE_BELOW(bits) | (zero ? PAGE_ZERO : 0);
	pfn_t end = bits == 0 ? ~0ul : bits < PAGE_SHIFT ? 0 : 1ul << (bits - PAGE_SHIFT);
	struct page *page;
	char *bytes;

	if (live_count == LIVE_MAX)
		return;
	page = page_alloc(count, align, flags);
	if (!page) {
		CHECK(!room_for(count, align, end));
		return;
	}
	CHECK(page_to_pfn(page) % align == 0);
	CHECK(page_to_pfn(page) + count <= end);
	set_range(page_to_pfn(page) - window, count, true, false);
	bytes = page_address(page);
	for (size_t i = 0; i < count * PAGE_SIZE; i += PAGE_SIZE / 2) {
		CHECK(!zero || bytes[i] == 0);
		bytes[i] = 0x77;
	}
	live[live_count].page = page;
	live[live_count++].count = count;
}

static void release(unsigned i)
{
	set_range(page_to_pfn(live[i].page) - window, live[i].count, false, true);
	page_free(live[i].page, live[i].count);
	live[i] = live[--live_count];
}

static void allocate_run(unsigned kind)
{
	size_t count = 1 + next_byte() * (kind & 0x10 ? 4 : 1) / (kind & 0x20 ? 16 : 1);
	size_t align = kind & 0x40 ? 1ul << next_byte() % 14 : 1;
	unsigned bits = kind & 0x80 ? next_byte() % 40 : 0;

	allocate(count, align, bits, kind & 0x08 && count <= 8); /* clearing takes time */
}

static void step(void)
{
	unsigned kind = next_byte(), choice, many;

	choice = next_byte();
	many = choice % 64;
	switch (kind % 8) {
	case 0:
		while (many-- && live_count)
			release(choice % live_count);
		break;
	case 1:
		while (many--)
			allocate(1, 1, 0, false);
		break;
	case 2:
	case 3:
	case 4:
		if (live_count)
			release(choice % live_count);
		break;
	default:
		allocate_run(kind);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!host_memory)
		host_memory = host_reserve(DIRECT_MAP_LIMIT);
	input = data;
	input_left = size;
	lay_out();
	for (unsigned n = 0; input_left; n++) {
		step();
		if (n % 32 == 0)
			compare();
	}
	while (live_count)
		release(0);
	CHECK(memcmp(is_free, initially_free, sizeof(is_free)) == 0);
	compare();
	return 0;
}

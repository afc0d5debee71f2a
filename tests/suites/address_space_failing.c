/* SPDX-License-Identifier: MIT */
/*
 * Everything that takes memory for a program, with each of its allocations failing in turn: -ENOMEM,
 * and the space is as it was before; the ledger of the suite fault_injection says that nothing is lost.
 */
#include <tessera/address_space.h>
#include <tessera/errno.h>
#include <tessera/page.h>
#include <tessera/string.h>
#include <tessera/test.h>

#include "fault_injection.h"
#include "user_memory.h"

static struct address_space *space;

static unsigned char file_bytes[PAGE_SIZE + 100] __aligned(sizeof(long));

/* What can be seen of a space. */
struct view {
	struct {
		uintptr_t start, end;
		unsigned flags;
	} areas[8];
	size_t mapped, resident;
	int bytes[10];
};

static struct view look(struct address_space *at_space)
{
	struct view view = { .mapped = at_space->mapped, .resident = at_space->resident };
	unsigned i = 0;

	list_for_each(node, &at_space->areas) {
		const struct area *area = list_entry(node, struct area, link);

		if (i == ARRAY_SIZE(view.areas))
			break;
		view.areas[i].start = area->start;
		view.areas[i].end = area->end;
		view.areas[i++].flags = area->flags & ~AREA_TOUCHED;
	}
	for (i = 0; i < ARRAY_SIZE(view.bytes); i++) {
		const struct page *page = user_page(at_space, at(i));

		view.bytes[i] = page ? *(unsigned char *)page_address(page) : -1;
	}
	return view;
}

/* An area of eight pages, two of them written, in two tables. */
static bool prepare(void)
{
	space_reclaim();
	space = space_create();
	if (!space)
		return false;
	user_map(space, 0, 8, RW);
	user_fill(space, at(2), 1, 0x22);
	user_fill(space, at(5), 1, 0x55);
	return true;
}

static void finish(void)
{
	space_put(space);
	space_reclaim();
}

static void expect_same(const struct view *before)
{
	struct view now = look(space);

	EXPECT(!memcmp(before, &now, sizeof(now)));
}

enum operation {
	CREATE,
	FORK,
	MAP,
	MAP_OVER,
	MAP_SHARED,
	UNMAP,
	PROTECT,
	BREAK,
	TOUCH,
	TOUCH_STACK,
	TOUCH_SHARED,
	READ_FILE,
	WRITE_FILE,
	COPY,
};

/* Operations on `space` that give 0 or an address, or -ENOMEM. */
static long operate(enum operation operation)
{
	struct address_space *child;

	switch (operation) {
	case CREATE:
		child = space_create();
		if (child)
			space_put(child);
		return child ? 0 : -ENOMEM;
	case FORK:
		child = space_fork(space, at(2));
		if (child)
			space_put(child);
		return child ? 0 : -ENOMEM;
	case MAP:
		return space_map(space, at(10), PAGE_SIZE, AREA_READ, SPACE_FIXED);
	case MAP_OVER:
		return space_map(space, at(3), PAGE_SIZE, AREA_READ, SPACE_FIXED);
	case MAP_SHARED:
		return space_map(space, at(1), PAGE_SIZE, RW | AREA_SHARED, SPACE_FIXED);
	case UNMAP:
		return space_unmap(space, at(3), PAGE_SIZE);
	case PROTECT:
		return space_protect(space, at(3), PAGE_SIZE, AREA_READ);
	case BREAK:
		return space_break(space, at(22)) == at(22) ? 0 : -ENOMEM;
	case COPY:
		return user_write(space, at(2), 7);
	default:
		return user_touch(space, USER_STACK_TOP - 3 * PAGE_SIZE,
				  operation == READ_FILE ? AREA_READ : AREA_WRITE);
	}
}

/* What some operations need besides the eight pages. */
static bool prepare_for(enum operation operation, struct area_source *file,
			struct address_space **child)
{
	const uintptr_t address = USER_STACK_TOP - 3 * PAGE_SIZE;

	switch (operation) {
	case BREAK:
		space->break_start = space->break_end = at(20);
		return true;
	case COPY:
		*child = space_fork(space, 0);
		return *child;
	case TOUCH:
		return space_map(space, address, PAGE_SIZE, RW, SPACE_FIXED) == (long)address;
	case TOUCH_STACK:
		return space_map(space, address + PAGE_SIZE, PAGE_SIZE, RW | AREA_GROWS,
				 SPACE_FIXED) == (long)(address + PAGE_SIZE);
	case TOUCH_SHARED:
		return space_map(space, address, PAGE_SIZE, RW | AREA_SHARED, SPACE_FIXED) ==
		       (long)address;
	case READ_FILE:
	case WRITE_FILE:
		return space_map_source(space, address, PAGE_SIZE, RW, SPACE_FIXED, file, PAGE_SIZE,
					SIZE_MAX) == (long)address;
	default:
		return true;
	}
}

static bool try_once(size_t operation)
{
	struct area_source *file = source_create(file_bytes, sizeof(file_bytes));
	struct address_space *child = NULL;
	struct view before;
	long result;

	EXPECT(file && prepare() && prepare_for(operation, file, &child));
	space_reclaim();
	before = look(space);
	FAILING(result = operate(operation));
	if (result != -ENOMEM)
		EXPECT(result >= 0 || result < -4096);
	else if (operation != TOUCH_STACK) /* the stack may have grown without its page */
		expect_same(&before);
	if (operation == FORK && result == -ENOMEM)
		EXPECT_EQ(user_write(space, at(2), 0x23), 0);
	if (child)
		space_put(child);
	source_put(file);
	finish();
	return result != -ENOMEM;
}

#define TEST_FAILING(name, operation)                                      \
	TEST(address_space_failing, name)                                  \
	{                                                                  \
		if (!IS_ENABLED(CONFIG_FAULT_INJECTION))                   \
			SKIP("FAULT_INJECTION");                           \
		EXPECT(repeat_failing(#name, try_once, operation, 0) > 0); \
	}

TEST_FAILING(create, CREATE)
TEST_FAILING(fork, FORK)
TEST_FAILING(map, MAP)
TEST_FAILING(map_over, MAP_OVER)
TEST_FAILING(map_shared, MAP_SHARED)
TEST_FAILING(unmap, UNMAP)
TEST_FAILING(protect, PROTECT)
TEST_FAILING(move_break, BREAK)
TEST_FAILING(touch, TOUCH)
TEST_FAILING(touch_stack, TOUCH_STACK)
TEST_FAILING(touch_shared, TOUCH_SHARED)
TEST_FAILING(read_file, READ_FILE)
TEST_FAILING(write_file, WRITE_FILE)
TEST_FAILING(copy_on_write, COPY)

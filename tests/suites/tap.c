/* SPDX-License-Identifier: MIT */
/* The test machinery itself, as far as a passing test can show it. */
#include <tessera/kernel.h>
#include <tessera/test.h>

#include "../filter.h"

TEST(tap, filter)
{
	EXPECT(filter_selects("all", "page.alloc"));
	EXPECT(filter_selects("", "page.alloc"));
	EXPECT(filter_selects("page", "page.alloc"));
	EXPECT(filter_selects("page.alloc", "page.alloc"));
	EXPECT(filter_selects("lib,page.a", "page.alloc"));
	EXPECT(filter_selects(",,page", "page.alloc"));
	EXPECT(!filter_selects("page.allocate", "page.alloc"));
	EXPECT(!filter_selects("age", "page.alloc"));
	EXPECT(!filter_selects(",", "page.alloc"));
	EXPECT(!filter_selects("lib,", "page.alloc"));
	EXPECT(!filter_selects("all,-page", "page.alloc"));
	EXPECT(!filter_selects("-page.a,page", "page.alloc"));
	EXPECT(!filter_selects("-page", "lib.format"));
	EXPECT(filter_selects("all,-page.free", "page.alloc"));
	EXPECT(filter_selects("lib,page,-", "page.alloc"));
}

static noinline void panic_unless_zero(int number)
{
	if (number)
		panic("the number is %d", number);
}

TEST(tap, panic_is_caught)
{
	EXPECT_PANIC(panic_unless_zero(42), "number is 42");
	/* And again: nothing is left over from the first. */
	EXPECT_PANIC(panic_unless_zero(43), "number is 43");
	panic_unless_zero(0);
}

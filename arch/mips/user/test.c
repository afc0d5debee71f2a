/* SPDX-License-Identifier: MIT */
/* Tests of the port's user mode that need no program: copies, address spaces in the TLB, branches. */
#include <asm/irqflags.h>
#include <asm/user_copy.h>
#include <asm/user_page.h>
#include <tessera/address_space.h>
#include <tessera/errno.h>
#include <tessera/page.h>
#include <tessera/sched.h>
#include <tessera/string.h>
#include <tessera/test.h>
#include <tessera/user_copy.h>

#include "user.h"

#define BASE  ((uintptr_t)0x400000)
#define BYTES (2 * PAGE_SIZE)

/* A space with BYTES at BASE, present and loaded, and nothing behind; NULL: no memory. */
static struct address_space *loaded_space(void)
{
	struct address_space *space = space_create();
	unsigned long flags;
	bool mapped;

	if (!space)
		return NULL;
	space_map(space, BASE, BYTES, AREA_READ | AREA_WRITE, SPACE_FIXED);
	for (uintptr_t at = BASE; at < BASE + BYTES; at += PAGE_SIZE)
		space_fault(space, at, AREA_WRITE, &mapped);
	flags = irq_save();
	arch_space_load(space);
	irq_restore(flags);
	return space;
}

/* Every alignment of both sides, every length to the end of what is mapped and beyond it. */
TEST(mips_user, copies)
{
	struct address_space *space;
	unsigned char from[80], back[80];

	sched_hold();
	space = loaded_space();
	ASSERT_TRUE(space);
	for (unsigned i = 0; i < sizeof(from); i++)
		from[i] = (unsigned char)(i + 1);
	for (size_t n = 0; n <= 72; n++) {
		for (unsigned shift = 0; shift < 16; shift++) {
			unsigned char *source = from + shift % 4, *target = back + shift / 4;
			uintptr_t fits = BASE + BYTES - n, over = fits + 1;

			memset(back, 0, sizeof(back));
			EXPECT_EQ(user_copy((void *)fits, source, n), 0);
			EXPECT_EQ(user_copy(target, (void *)fits, n), 0);
			EXPECT(memcmp(target, source, n) == 0);
			EXPECT(target[n] == 0);
			if (n == 0)
				continue;
			EXPECT_EQ(user_copy((void *)over, source, n), 1);
			EXPECT_EQ(user_copy(target, (void *)over, n), 1);
			EXPECT(memcmp(target, source, n - 1) == 0);
			EXPECT_EQ(user_clear(over, n), 1);
			EXPECT_EQ(user_clear(fits, n), 0);
			memset(back, 1, sizeof(back));
			EXPECT_EQ(user_copy(target, (void *)fits, n), 0);
			EXPECT(target[0] == 0 && target[n - 1] == 0 && target[n] == 1);
		}
	}
	space_put(space);
	sched_release();
}

TEST(mips_user, words)
{
	static const uintptr_t bad[] = {
		0,	    BASE + BYTES, BASE + BYTES - 1, BASE + BYTES - 3, USER_END - 1,
		USER_END,   0x7ffffffd,	  0x7fffffff,	    0x80000000,	      0xfffffffd,
		UINTPTR_MAX
	};
	struct address_space *space;
	uint32_t word = 0;
	uint8_t byte = 0;

	sched_hold();
	space = loaded_space();
	ASSERT_TRUE(space);
	for (unsigned shift = 0; shift < 4; shift++) {
		EXPECT_EQ(user_store_u32(BASE + shift, 0x12345678 + shift), 0);
		EXPECT_EQ(user_load_u32(BASE + shift, &word), 0);
		EXPECT_EQ(word, 0x12345678 + shift);
	}
	EXPECT_EQ(user_load_u8(BASE + 3 + (IS_ENABLED(CONFIG_CPU_BIG_ENDIAN) ? 3 : 0), &byte), 0);
	EXPECT_EQ(byte, 0x7b);
	for (unsigned i = 0; i < ARRAY_SIZE(bad); i++) {
		EXPECT_EQ(user_load_u32(bad[i], &word), -EFAULT);
		EXPECT_EQ(user_store_u32(bad[i], word), -EFAULT);
	}
	space_put(space);
	sched_release();
}

/* More spaces than ASIDs: each sees its own memory, those from before the turn too. */
TEST(mips_user, address_space_identifiers)
{
	enum { SPACES = 300 };
	static struct address_space *spaces[SPACES];
	uint32_t generation = user_mmu.generation, word = 0;
	unsigned made;

	sched_hold();
	for (made = 0; made < SPACES; made++) {
		spaces[made] = loaded_space();
		if (!spaces[made])
			break;
		EXPECT_EQ(user_store_u32(BASE, made), 0);
	}
	EXPECT_EQ(made, SPACES);
	EXPECT(user_mmu.generation != generation);
	for (unsigned i = 0; i < made; i++) {
		unsigned long flags = irq_save();

		arch_space_load(spaces[i]);
		irq_restore(flags);
		EXPECT_EQ(user_load_u32(BASE, &word), 0);
		EXPECT_EQ(word, i);
	}
	for (unsigned i = 0; i < made; i++)
		space_put(spaces[i]);
	/* The kernel's own is loaded again, and has nothing there. */
	EXPECT_EQ(user_load_u32(BASE, &word), -EFAULT);
	sched_release();
}

TEST(mips_user, pages)
{
	struct page *pages = page_alloc(2, 1, 0);
	unsigned char *a, *b;

	ASSERT_TRUE(pages);
	a = page_address(pages);
	b = a + PAGE_SIZE;
	memset(a, 0xff, 2 * PAGE_SIZE);
	page_clear(a);
	EXPECT(a[0] == 0 && memcmp(a, a + 1, PAGE_SIZE - 1) == 0 && *b == 0xff);
	for (unsigned i = 0; i < PAGE_SIZE; i++)
		a[i] = (unsigned char)(i ^ i >> 8);
	page_copy(b, a);
	EXPECT(memcmp(a, b, PAGE_SIZE) == 0);
	page_free(pages, 2);
}

/* What the kernel takes for the target of a branch, when it must do what stands in the delay slot. */
TEST(mips_user, branches)
{
	enum { EPC = 0x400000, THERE = EPC + 4 + 0x40, BEHIND = EPC + 8, RA = 1 };
	static const struct {
		uint32_t instruction;
		int32_t s0, s1;
		uintptr_t target;
		bool link;
	} cases[] = {
		{ 0x12110010, 1, 1, THERE, false }, /* beq s0,s1 */
		{ 0x12110010, 1, 2, BEHIND, false },
		{ 0x16110010, 1, 2, THERE, false }, /* bne */
		{ 0x16110010, 2, 2, BEHIND, false },
		{ 0x52110010, 1, 1, THERE, false }, /* beql */
		{ 0x56110010, 1, 2, THERE, false }, /* bnel */
		{ 0x1a000010, 0, 0, THERE, false }, /* blez s0 */
		{ 0x1a000010, 1, 0, BEHIND, false },
		{ 0x1e000010, 1, 0, THERE, false }, /* bgtz */
		{ 0x1e000010, -1, 0, BEHIND, false },
		{ 0x5a000010, -1, 0, THERE, false }, /* blezl */
		{ 0x06000010, -1, 0, THERE, false }, /* bltz */
		{ 0x06000010, 0, 0, BEHIND, false },
		{ 0x06010010, 0, 0, THERE, false },  /* bgez */
		{ 0x06020010, -1, 0, THERE, false }, /* bltzl */
		{ 0x06100010, -1, 0, THERE, true },  /* bltzal */
		{ 0x06110010, -1, 0, BEHIND, true }, /* bgezal */
		{ 0x1211fff0, 1, 1, EPC + 4 - 0x40, false },
		{ 0x08100100, 0, 0, 0x400400, false },	  /* j */
		{ 0x0c100100, 0, 0, 0x400400, true },	  /* jal */
		{ 0x02000008, 0x1234, 0, 0x1234, false }, /* jr s0 */
		{ 0x0200f809, 0x1234, 0, 0x1234, true },  /* jalr s0 */
	};
	struct trap_frame frame = { .epc = EPC };
	uintptr_t target;

	for (unsigned i = 0; i < ARRAY_SIZE(cases); i++) {
		frame.regs[16] = (uint32_t)cases[i].s0;
		frame.regs[17] = (uint32_t)cases[i].s1;
		frame.regs[REG_RA] = RA;
		EXPECT(branch_target(&frame, cases[i].instruction, &target));
		EXPECT_EQ(target, cases[i].target);
		EXPECT_EQ(frame.regs[REG_RA], cases[i].link ? BEHIND : RA);
	}
	EXPECT(!branch_target(&frame, 0x02000020, &target)); /* add */
	EXPECT(!branch_target(&frame, 0x8c000000, &target)); /* lw */
	EXPECT(!branch_target(&frame, 0x06080000, &target)); /* tgei */
}

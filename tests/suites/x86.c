/* SPDX-License-Identifier: MIT */
/*
 * What the x86 port promises about the address space and about traps. The page tables are read from
 * CR3 on, by a walk of our own: every page that the kernel has is looked at, however it came to be
 * mapped.
 */
#include <asm/irqflags.h>
#include <asm/paging.h>
#include <asm/registers.h>
#include <asm/trap.h>
#include <tessera/arch.h>
#include <tessera/i8259.h>
#include <tessera/linker.h>
#include <tessera/memory_map.h>
#include <tessera/page.h>
#include <tessera/string.h>
#include <tessera/test.h>

typedef void visit(uintptr_t virtual, int level, page_entry entry);

static void walk_table(const page_entry *table, int level, uintptr_t base, visit *each)
{
	unsigned entries =
		level == PAGE_LEVELS - 1 ? TOP_TABLE_SIZE / sizeof(page_entry) : ENTRIES_PER_TABLE;

	for (unsigned i = 0; i < entries; i++) {
		page_entry entry = table[i];
		uintptr_t virtual = base + ((uintptr_t)i << level_shift(level));

		if (!(entry & ENTRY_PRESENT))
			continue;
		/* Addresses are sign-extended above the highest bit that the tables translate. */
		if (PAGE_LEVELS == 4 && level == 3 && i >= ENTRIES_PER_TABLE / 2)
			virtual |= (uintptr_t)-1 << (level_shift(3) + LEVEL_BITS - 1);
		if (level == 0 || (entry & ENTRY_LARGE))
			each(virtual, level, entry);
		else
			walk_table(phys_to_virt(entry & ENTRY_ADDRESS), level - 1, virtual, each);
	}
}

static void walk(visit *each)
{
	walk_table(phys_to_virt(read_cr3() & ~0x1ful), PAGE_LEVELS - 1, 0, each);
}

static bool overlaps(uintptr_t virtual, int level, const char *start, const char *end)
{
	return virtual < (uintptr_t)end &&
	       virtual + (((uintptr_t)1 << level_shift(level)) - 1) >= (uintptr_t)start;
}

static struct {
	unsigned pages, executable, writable_text, writable_executable, user, low, not_global;
} found;

/* The one page there that is for programs to execute: the user suite looks at it. */
#ifdef TRAMPOLINE
#define IS_TRAMPOLINE(virtual) ((virtual) == TRAMPOLINE)
#else
#define IS_TRAMPOLINE(virtual) false
#endif

static void count(uintptr_t virtual, int level, page_entry entry)
{
	bool is_executable = !(entry & ENTRY_NO_EXECUTE);
	bool is_writable = entry & ENTRY_WRITE;
	bool is_text = overlaps(virtual, level, __text_start, __text_end);
	uintptr_t alias = (uintptr_t)phys_to_virt(image_to_phys(__text_start));
	uintptr_t alias_end = (uintptr_t)phys_to_virt(image_to_phys(__rodata_end));

	if (IS_TRAMPOLINE(virtual))
		return;
	found.pages++;
	found.user += !!(entry & ENTRY_USER);
	found.low += virtual < DIRECT_MAP_BASE;
	found.not_global += !(entry & ENTRY_GLOBAL);
	found.executable += is_executable && !is_text;
	found.writable_executable += is_executable && is_writable;
	found.writable_text +=
		is_writable && (overlaps(virtual, level, __text_start, __rodata_end) ||
				overlaps(virtual, level, (char *)alias, (char *)alias_end));
}

static void count_all(void)
{
	memset(&found, 0, sizeof(found));
	walk(count);
}

TEST(x86, lower_half_is_empty)
{
	count_all();
	EXPECT(found.pages > 0);
	EXPECT_EQ(found.low, 0);
	EXPECT_EQ(found.user, 0);
	EXPECT_EQ(page_lookup(0, NULL), 0);
	if (cpu_features.global_pages)
		EXPECT_EQ(found.not_global, 0);
}

/* By any address: the image's own, or that in the direct map. */
TEST(x86, text_and_constants_are_read_only)
{
	count_all();
	EXPECT_EQ(found.writable_text, 0);
	for (const char *at = __text_start; at < __text_end; at += PAGE_SIZE)
		EXPECT(page_lookup((uintptr_t)at, NULL));
	EXPECT(read_cr0() & CR0_WP);
}

TEST(x86, nothing_is_writable_and_executable)
{
	if (!cpu_features.no_execute)
		SKIP("X86_PAE");
	count_all();
	EXPECT_EQ(found.writable_executable, 0);
	EXPECT_EQ(found.executable, 0);
}

TEST(x86, boot_stack_has_a_guard)
{
	EXPECT(__boot_guard_end - __boot_guard_start >= (ptrdiff_t)PAGE_SIZE);
	for (const char *at = __boot_guard_start; at < __boot_guard_end; at += PAGE_SIZE)
		EXPECT_EQ(page_lookup((uintptr_t)at, NULL), 0);
	EXPECT(page_lookup((uintptr_t)__boot_guard_start - 1, NULL));
	EXPECT(page_lookup((uintptr_t)__boot_guard_end, NULL));
}

/* All memory of the map, and the largest pages that fit. */
TEST(x86, direct_map_reaches_all_memory)
{
	unsigned n;
	const struct memory_range *range = memory_map_ranges(&n);
	int largest = 0;

	for (; n; n--, range++) {
		phys_addr_t last = range->end - 1;
		int level;

		if ((range->type != MEMORY_USABLE && range->type != MEMORY_ACPI) ||
		    last >= DIRECT_MAP_LIMIT)
			continue;
		EXPECT(page_lookup((uintptr_t)phys_to_virt(range->base), &level));
		largest = MAX(largest, level);
		EXPECT(page_lookup((uintptr_t)phys_to_virt(last), &level));
		largest = MAX(largest, level);
		EXPECT_EQ((page_lookup((uintptr_t)phys_to_virt(last), NULL) & ENTRY_ADDRESS) >>
				  level_shift(level),
			  last >> level_shift(level));
	}
	if (memory_map_end() >= (phys_addr_t)4 << level_shift(largest_page_level()))
		EXPECT_EQ(largest, largest_page_level());
	else if (memory_map_end() >= (phys_addr_t)4 << level_shift(1))
		EXPECT(largest >= 1);
}

TEST(x86, protections_of_the_processor_are_on)
{
	unsigned long cr4 = read_cr4();

	EXPECT_EQ(!!(cr4 & CR4_SMEP), cpu_features.smep);
	EXPECT_EQ(!!(cr4 & CR4_SMAP), cpu_features.smap);
	EXPECT_EQ(!!(cr4 & CR4_UMIP), cpu_features.umip);
	EXPECT_EQ(!!(cr4 & CR4_PGE), cpu_features.global_pages);
	if (cpu_features.no_execute)
		EXPECT(read_msr(MSR_EFER) & EFER_NXE);
}

static struct trap_frame seen;

static void keep_frame(struct trap_frame *frame)
{
	seen = *frame;
}

/* Runs an instruction with a known value in every register that a handler might lose; false: one of
 * them came back different. */
#define REGISTERS_SURVIVE(instruction)                                              \
	({                                                                          \
		uintptr_t a = 0x101, c = 0x202, d = 0x303, s = 0x404, t = 0x505;    \
		__asm__ volatile(instruction                                        \
				 : "+a"(a), "+c"(c), "+d"(d), "+S"(s), "+D"(t)      \
				 :                                                  \
				 : "memory");                                       \
		a == 0x101 && c == 0x202 && d == 0x303 && s == 0x404 && t == 0x505; \
	})

TEST(x86, exceptions_see_and_keep_all_registers)
{
	trap_handler *before = trap_set_handler(TRAP_BREAKPOINT, keep_frame);
	unsigned long flags = cpu_flags();

	memset(&seen, 0, sizeof(seen));
	EXPECT(REGISTERS_SURVIVE("int3"));
	trap_set_handler(TRAP_BREAKPOINT, before);

	EXPECT_EQ(seen.vector, TRAP_BREAKPOINT);
	EXPECT_EQ(seen.error, 0);
#ifdef CONFIG_64BIT
	EXPECT_EQ(seen.rax, 0x101);
	EXPECT_EQ(seen.rcx, 0x202);
	EXPECT_EQ(seen.rdx, 0x303);
	EXPECT_EQ(seen.rsi, 0x404);
	EXPECT_EQ(seen.rdi, 0x505);
#else
	EXPECT_EQ(seen.eax, 0x101);
	EXPECT_EQ(seen.ecx, 0x202);
	EXPECT_EQ(seen.edx, 0x303);
	EXPECT_EQ(seen.esi, 0x404);
	EXPECT_EQ(seen.edi, 0x505);
#endif
	EXPECT_EQ(trap_frame_flags(&seen) & FLAGS_IF, flags & FLAGS_IF);
	/* The processor stopped behind the one-byte instruction, on our stack. */
	EXPECT_EQ(*(const uint8_t *)(trap_frame_pc(&seen) - 1), 0xcc);
	EXPECT(trap_frame_sp(&seen) - (uintptr_t)__builtin_frame_address(0) + BOOT_STACK_SIZE <
	       2 * BOOT_STACK_SIZE);
}

TEST(x86, interrupts_keep_all_registers)
{
	EXPECT(REGISTERS_SURVIVE("int $" __stringify(VECTOR_SOFTWARE)));
}

/* What the handler writes into the frame is what the processor goes on with. */
static void skip_invalid_instruction(struct trap_frame *frame)
{
	seen = *frame;
#ifdef CONFIG_64BIT
	frame->rip += 2;
	frame->rax = 0x606;
#else
	frame->eip += 2;
	frame->eax = 0x606;
#endif
}

TEST(x86, handlers_can_change_the_frame)
{
	trap_handler *before = trap_set_handler(TRAP_INVALID, skip_invalid_instruction);
	unsigned long value = 0;

	__asm__ volatile("ud2" : "+a"(value) : : "memory");
	trap_set_handler(TRAP_INVALID, before);
	EXPECT_EQ(seen.vector, TRAP_INVALID);
	EXPECT_EQ(value, 0x606);
}

/* No request is pending, so what arrives on the last lines can only be noise. */
TEST(x86, spurious_interrupts_are_told_apart)
{
	unsigned long flags = irq_save();

	EXPECT(i8259_is_spurious(7));
	EXPECT(i8259_is_spurious(15));
	EXPECT(!i8259_is_spurious(6));
	irq_restore(flags);
}

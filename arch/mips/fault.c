/* SPDX-License-Identifier: MIT */
/*
 * Deliberate faults (DEBUG_FAULTS). The kernel's text and data are not protected in kseg0, so
 * there is neither "write-text" nor "exec-data".
 */
#include <asm/cpu.h>
#include <asm/irqflags.h>
#include <asm/setup.h>
#include <tessera/arch.h>
#include <tessera/errno.h>
#include <tessera/string.h>

static volatile unsigned sink; /* 0, but the compiler does not know */

static void divide(void)
{
	unsigned zero = sink;

	sink = 100 / zero;
}

static void read_unmapped(void)
{
	sink = *(volatile unsigned *)0xc0001000; /* kseg2 is reached through the TLB only */
}

static void read_null(void)
{
	sink = *(volatile unsigned *)sink;
}

static void read_unaligned(void)
{
	uintptr_t address = (uintptr_t)&sink;

	__asm__("" : "+r"(address)); /* gcc would use lwl and lwr if it knew */
	sink = *(volatile unsigned *)(address + 2);
}

static void jump_null(void)
{
	((void (*)(void))(uintptr_t)sink)();
}

static void reserved_instruction(void)
{
	__asm__ volatile(".word 0x7000003d"); /* SPECIAL2 without a function */
}

/* Then a trap cannot be saved where the stack pointer says. */
static void lose_stack_pointer(void)
{
	__asm__ volatile("move $sp, $0\n\tlw $0, 0($sp)" : : : "memory");
}

/* Goes over the end of the stack, but not farther than a frame (below the boot stack lies the emergency
 * stack), and waits for the tick to see it. */
static noinline void overflow_stack(void)
{
	volatile unsigned local[64];

	local[0] = sink;
	if ((uintptr_t)local > (uintptr_t)current_stack())
		overflow_stack();
	else /* the guard word may lie in a gap of the frame */
		*(volatile unsigned *)current_stack() = sink;
	irq_disable();
	cpu_wait();
	sink = local[0];
}

static const struct {
	const char *kind;
	void (*run)(void);
} faults[] = {
	{ "divide", divide },
	{ "read", read_unmapped },
	{ "null", read_null },
	{ "jump-null", jump_null },
	{ "unaligned", read_unaligned },
	{ "instruction", reserved_instruction },
	{ "stack", overflow_stack },
	{ "stack-pointer", lose_stack_pointer },
};

int arch_fault(const char *kind)
{
	for (size_t i = 0; i < ARRAY_SIZE(faults); i++) {
		if (strcmp(faults[i].kind, kind) == 0) {
			faults[i].run();
			return 0;
		}
	}
	return -ENOENT;
}

const char *const *arch_fault_kinds(void)
{
	static const char *kinds[ARRAY_SIZE(faults) + 1];

	for (size_t i = 0; i < ARRAY_SIZE(faults); i++)
		kinds[i] = faults[i].kind;
	return kinds;
}

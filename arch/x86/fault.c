/* SPDX-License-Identifier: MIT */
/* Deliberate faults, each in the plainest way that the processor offers. */
#include <asm/cpu.h>
#include <asm/page.h>
#include <tessera/arch.h>
#include <tessera/errno.h>
#include <tessera/linker.h>
#include <tessera/string.h>

/* The compiler must not know where it points. */
static volatile uint8_t *hide(uintptr_t address)
{
	__asm__ volatile("" : "+r"(address));
	return (volatile uint8_t *)address;
}

static void fault_divide(void)
{
	uint32_t low = 1, high = 0;

	__asm__ volatile("divl %2" : "+a"(low), "+d"(high) : "r"(0));
}

static void fault_read(void)
{
	/* A gap on i386; on x86_64 it would take 64 TiB of memory to reach it. */
	volatile uint8_t *unmapped = hide(VMAP_START - PAGE_SIZE);

	*unmapped;
}

static void fault_write_text(void)
{
	*hide((uintptr_t)fault_write_text) = 0x90;
}

static void fault_exec_data(void)
{
	static uint8_t code[] = { 0xc3 }; /* ret */

	((void (*)(void))hide((uintptr_t)code))();
}

static void fault_instruction(void)
{
	__asm__ volatile("ud2");
}

static unsigned fault_stack_deeper(unsigned depth)
{
	volatile char local[128];

	local[depth % sizeof(local)] = 1;
	if (depth == UINT32_MAX) /* no stack is that deep */
		return 0;
	return fault_stack_deeper(depth + 1) + (unsigned)local[0];
}

static void fault_null(void)
{
	*hide(0);
}

static void fault_overflow_stack(void)
{
	volatile unsigned depth = fault_stack_deeper(0);

	(void)depth;
}

/* In the order of the names below. The last needs a processor with no-execute pages. */
static void (*const faults[])(void) = {
	fault_divide,	      fault_read, fault_write_text, fault_instruction,
	fault_overflow_stack, fault_null, fault_exec_data,
};

static const char *const kinds[] = {
	"divide", "read", "write-text", "instruction", "stack", "null", "exec-data", NULL,
};

const char *const *arch_fault_kinds(void)
{
	static const char *kinds_here[ARRAY_SIZE(kinds)];

	memcpy(kinds_here, kinds, sizeof(kinds));
	if (!cpu_features.no_execute)
		kinds_here[ARRAY_SIZE(faults) - 1] = NULL;
	return kinds_here;
}

int arch_fault(const char *kind)
{
	const char *const *here = arch_fault_kinds();

	for (unsigned i = 0; here[i]; i++) {
		if (strcmp(here[i], kind) == 0) {
			faults[i]();
			return 0;
		}
	}
	return -ENOENT;
}

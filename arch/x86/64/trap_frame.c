/* SPDX-License-Identifier: MIT */
/* All registers, in words of their own. */
#include <asm/registers.h>
#include <asm/trap.h>
#include <tessera/console.h>

/* In the order of struct trap_frame. */
static const char names[][8] = {
	"r15", "r14", "r13", "r12", "rbp", "rbx", "r11", "r10", "r9", "r8",  "rax",
	"rcx", "rdx", "rsi", "rdi", "vec", "err", "rip", "cs",	"fl", "rsp", "ss",
};

_Static_assert(sizeof(names) == sizeof(struct trap_frame), "a name of 8 bytes for each register");

void trap_frame_print(struct trap_frame *frame)
{
	const uint64_t *value = &frame->r15;

	for (unsigned i = 0; i < ARRAY_SIZE(names); i++)
		print("%-3s %016lx%s", names[i], value[i], i % 3 == 2 ? "\n" : "  ");
	print("cr2 %016lx  cr3 %016lx\ncr0 %016lx  cr4 %016lx\n", read_cr2(), read_cr3(),
	      read_cr0(), read_cr4());
}

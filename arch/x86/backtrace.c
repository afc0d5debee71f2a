/* SPDX-License-Identifier: MIT */
/*
 * Call chains. With FRAME_POINTER every function keeps its caller's frame pointer and, above it, the
 * return address: a linked list. Without it the stack is searched for words that point into the text
 * behind a call instruction; old ones that are still lying about are found too.
 *
 * The stack may be broken, so nothing is read before the page tables say that it is mapped, the list
 * must lead upwards, and the search is bounded. An exception inside a function's first or last
 * instructions hides that function's caller.
 */
#include <asm/paging.h>
#include <asm/trap.h>
#include <tessera/arch.h>
#include <tessera/linker.h>

#define SEARCH_BYTES 4096 /* of the stack, from its top */

struct stack_frame {
	uintptr_t caller; /* its frame pointer */
	uintptr_t return_address;
};

typedef bool visit(uintptr_t address, bool certain, void *arg);

/* The frame pointer below the first frame of a system call is the program's. */
static bool is_mapped(uintptr_t address)
{
	if (IS_ENABLED(CONFIG_USER_MODE) && address < USER_END)
		return false;
	return page_lookup(address, NULL) != 0;
}

static bool is_text(uintptr_t address)
{
	return address >= (uintptr_t)__text_start && address < (uintptr_t)__text_end;
}

static void follow_frames(uintptr_t frame_pointer, visit *each, void *arg)
{
	uintptr_t below = 0;

	while (frame_pointer > below && frame_pointer % sizeof(uintptr_t) == 0 &&
	       is_mapped(frame_pointer) &&
	       is_mapped(frame_pointer + sizeof(struct stack_frame) - 1)) {
		const struct stack_frame *frame = (const void *)frame_pointer;

		if (!is_text(frame->return_address) || !each(frame->return_address, true, arg))
			return;
		below = frame_pointer;
		frame_pointer = frame->caller;
	}
}

/* True when a call instruction ends at the address: e8 with a distance, or ff /2 with the shortest
 * operands. */
static bool follows_call(uintptr_t address)
{
	const uint8_t *code = (const uint8_t *)address;

	return is_text(address - 5) && is_text(address) &&
	       (code[-5] == 0xe8 || (code[-2] == 0xff && (code[-1] & 0x38) == 0x10) ||
		(code[-3] == 0xff && (code[-2] & 0x38) == 0x10));
}

static void search_stack(uintptr_t stack_pointer, visit *each, void *arg)
{
	uintptr_t at = ALIGN_UP(stack_pointer, sizeof(uintptr_t));
	uintptr_t end = at + SEARCH_BYTES;

	/* After an overflow it points into the guard page; the stack begins behind that. */
	if (!is_mapped(at))
		at = ALIGN_UP(at, PAGE_SIZE);

	for (; at < end; at += sizeof(uintptr_t)) {
		uintptr_t word;

		if (!is_mapped(at))
			return;
		word = *(const uintptr_t *)at;
		if (follows_call(word) && !each(word, false, arg))
			return;
	}
}

void arch_backtrace(const struct trap_frame *frame, visit *each, void *arg)
{
	uintptr_t frame_pointer = (uintptr_t)__builtin_frame_address(0);
	uintptr_t stack_pointer = frame_pointer;

	if (frame) {
		frame_pointer = trap_frame_fp(frame);
		stack_pointer = trap_frame_sp(frame);
		if (!each(trap_frame_pc(frame), true, arg))
			return;
	}
	if (IS_ENABLED(CONFIG_FRAME_POINTER))
		follow_frames(frame_pointer, each, arg);
	else
		search_stack(stack_pointer, each, arg);
}

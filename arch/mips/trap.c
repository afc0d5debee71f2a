/* SPDX-License-Identifier: MIT */
/*
 * Exceptions of kernel code that are not interrupts: its bugs, but for accesses to user memory that need
 * a page or were wrong (user/trap.c).
 *
 * The kernel's stacks end in a guard word instead of an unmapped page. It is looked at on every
 * tick (drivers/timer) and before any fault is reported, because an overflow is what then really happened.
 * Source of the cause codes: MIPS32 Architecture For Programmers, Volume III (MD00090), table 9.
 */
#include <asm/cp0.h>
#include <asm/page.h>
#include <asm/setup.h>
#include <asm/trap.h>
#include <tessera/arch.h>
#include <tessera/console.h>
#include <tessera/kernel.h>
#include <tessera/linker.h>
#include <tessera/thread.h>
#include <tessera/vmap.h>

#include "user/user.h"

/* The instruction that trapped, or 0 (nop) when it cannot be read. */
static uint32_t instruction_at(uintptr_t pc)
{
	if (pc % 4 || pc < (uintptr_t)__text_start || pc >= (uintptr_t)__text_end)
		return 0;
	return *(const uint32_t *)pc;
}

/* gcc checks each divisor with `teq divisor, $0, 7`; the code lies in bits 6 to 15. */
static const char *trap_name(uint32_t instruction)
{
	switch ((instruction >> 6) & 0x3ff) {
	case 6:
		return "integer overflow";
	case 7:
		return "divide by zero";
	default:
		return "trap instruction";
	}
}

/* The lowest word of the stack that is in use: the first thread runs on the boot stack. */
const void *current_stack(void)
{
	const struct thread *thread = current_thread();

	return thread && thread->stack ? thread->stack : boot_stack;
}

static noinline void stack_overflow(void)
{
	panic("kernel stack overflow: its guard word at %p is overwritten", current_stack());
}

void current_stack_check(void)
{
	if (unlikely(!stack_check(current_stack())))
		stack_overflow();
}

/* Words for the causes of which there is nothing more to say. */
static const char *cause_name(unsigned code)
{
	switch (code) {
	case EXCEPTION_TLB_MODIFIED:
		return "write to a read-only page";
	case EXCEPTION_BUS_FETCH:
	case EXCEPTION_BUS_DATA:
		return "bus error";
	case EXCEPTION_SYSTEM_CALL:
		return "system call from the kernel";
	case EXCEPTION_BREAKPOINT:
		return "breakpoint instruction";
	case EXCEPTION_OVERFLOW:
		return "integer overflow";
	case EXCEPTION_WATCHPOINT:
		return "watchpoint";
	case EXCEPTION_MACHINE_CHECK:
		return "machine check";
	default:
		return "unknown exception";
	}
}

/* What else is wrong, and may be the reason. */
static const char *stack_state(const struct trap_frame *frame)
{
	uintptr_t pointer = trap_frame_sp(frame);

	if (pointer < KSEG0_BASE || pointer >= KSEG1_BASE || pointer % 8)
		return ", with a useless stack pointer";
	return stack_check(current_stack()) ? "" : ", after a kernel stack overflow";
}

static noinline void __noreturn report(struct trap_frame *frame)
{
	unsigned code = (frame->cause & CAUSE_EXCCODE) >> CAUSE_EXCCODE_SHIFT;
	unsigned long address = frame->bad_address;
	uintptr_t pc = trap_frame_pc(frame);
	const char *stack = stack_state(frame);
	const char *access = code == EXCEPTION_TLB_STORE || code == EXCEPTION_ADDRESS_STORE
				     ? "write to"
			     : address == pc ? "execution of"
					     : "read from";

	if (frame->status & STATUS_ERL) {
		frame->epc = cp0_read(CP0_ERROREPC); /* a cache error does not set EPC */
		panic_frame(frame, "cache error%s", stack);
	}
	switch (code) {
	case EXCEPTION_TLB_LOAD:
	case EXCEPTION_TLB_STORE:
		panic_frame(frame, "%s %s 0x%08lx%s", access,
			    address < PAGE_SIZE ? "a null pointer:" : "unmapped address", address,
			    stack);
	case EXCEPTION_ADDRESS_LOAD:
	case EXCEPTION_ADDRESS_STORE:
		panic_frame(frame, "%s %s 0x%08lx%s", access,
			    address % 4 ? "unaligned address" : "forbidden address", address,
			    stack);
	case EXCEPTION_TRAP:
		panic_frame(frame, "%s%s", trap_name(instruction_at(pc)), stack);
	case EXCEPTION_RESERVED_INSTRUCTION:
		panic_frame(frame, "reserved instruction 0x%08x%s", (unsigned)instruction_at(pc),
			    stack);
	case EXCEPTION_COPROCESSOR:
		panic_frame(frame, "use of coprocessor %u, which is disabled%s",
			    (unsigned)(frame->cause >> 28) & 3, stack);
	default:
		panic_frame(frame, "%s%s", cause_name(code), stack);
	}
}

void trap_handle(struct trap_frame *frame)
{
	if ((IS_ENABLED(CONFIG_BENCHMARKS) || IS_ENABLED(CONFIG_KERNEL_TESTS)) &&
	    (frame->cause & CAUSE_EXCCODE) == EXCEPTION_BREAKPOINT << CAUSE_EXCCODE_SHIFT &&
	    *(const uint32_t *)(uintptr_t)frame->epc == BREAK_NOTHING)
		frame->epc += 4;
	else if (!IS_ENABLED(CONFIG_USER_MODE) || !user_copy_fault(frame))
		report(frame);
}

static void print_register(const char *name, uint32_t value, const char *end)
{
	print("%7s %08x%s", name, (unsigned)value, end);
}

void arch_print_registers(const struct trap_frame *frame)
{
	static const char names[32][3] = { "0",	 "at", "v0", "v1", "a0", "a1", "a2", "a3",
					   "t0", "t1", "t2", "t3", "t4", "t5", "t6", "t7",
					   "s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7",
					   "t8", "t9", "k0", "k1", "gp", "sp", "fp", "ra" };
	struct trap_frame now;

	if (!frame) {
		registers_capture(&now);
		frame = &now;
	}
	for (unsigned i = 0; i < 32; i++)
		if (i != 0 && i != 26 && i != 27)
			print_register(names[i], frame->regs[i],
				       i % 4 == 3 || i == 25 ? "\n" : " ");
	print_register("hi", frame->hi, " ");
	print_register("lo", frame->lo, " ");
	print_register("status", frame->status, " ");
	print_register("cause", frame->cause, "\n");
	print_register("epc", frame->epc, " ");
	print_register("badaddr", frame->bad_address, "\n");
}

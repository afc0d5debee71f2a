/* SPDX-License-Identifier: MIT */
/*
 * Exceptions of user programs, what entry.S has C do before it returns to them, and the kernel's own
 * failed accesses to user memory.
 *
 * Signals and codes are Linux's for MIPS. An unaligned load or store gets SIGBUS, as on Linux with
 * its emulation switched off; so does an access to a kernel address. rdhwr of register 29 is
 * the one instruction that is emulated, because programs for release 2 rely on it; vectors.S has the
 * common case of it.
 */
#include <asm/irqflags.h>
#include <asm/user_copy.h>
#include <tessera/kernel.h>
#include <tessera/process.h>
#include <tessera/signal.h>

#include "user.h"

static unsigned exception_code(uint32_t cause)
{
	return (cause & CAUSE_EXCCODE) >> CAUSE_EXCCODE_SHIFT;
}

/* What a TLB exception tells of the access; `pc`: the instruction, in a delay slot too. */
static inline unsigned access_of(uint32_t cause, uintptr_t address, uintptr_t pc)
{
	/* Modified (1) and store (3) against load (2), which is fetch as well. */
	if (cause & 1u << CAUSE_EXCCODE_SHIFT)
		return AREA_WRITE;
	return address == pc ? AREA_EXECUTE : AREA_READ;
}

static noinline void page_fault_failed(void)
{
	struct trap_frame *frame = user_frame(current_thread());

	user_page_fault(frame, frame->bad_address,
			access_of(frame->cause, frame->bad_address, trap_frame_pc(frame)));
}

/* The common case ends here. What goes wrong is tried once more by user_page_fault, which knows what to
 * do about it. */
void user_tlb_exception(struct trap_frame *frame, uintptr_t address, uint32_t cause, uintptr_t epc)
{
	unsigned access = access_of(cause, address, epc + (cause >> 31) * 4);
	bool mapped;

	frame->cause = cause;
	frame->bad_address = address;
	if (unlikely(space_fault(current_process()->space, address, access, &mapped)))
		page_fault_failed();
}

/* ---- The way back ---- */

static inline bool work_is_due(void)
{
	return current_thread()->work;
}

static void do_work(struct trap_frame *frame)
{
	irq_enable();
	user_exit_work(frame);
	irqs_off_end();
}

void user_trap_leave(struct trap_frame *frame)
{
	frame->regs[FRAME_CALL] = NOT_A_CALL;
	irq_disable();
	if (work_is_due())
		do_work(frame);
	else
		irqs_off_end();
}

/* There is work. */
void system_call_leave(struct trap_frame *frame, long result)
{
	frame->regs[FRAME_CALL] = frame->regs[REG_V0];
	frame->regs[FRAME_CALL_A3] = frame->regs[REG_A3];
	user_frame_set_result(frame, result);
	do_work(frame);
}

/* A frame that was replaced (execve, rt_sigreturn) is no longer a call's. */
void full_call_leave(struct trap_frame *frame, long result)
{
	if (frame->regs[FRAME_CALL] != NOT_A_CALL)
		user_frame_set_result(frame, result);
	irq_disable();
	if (work_is_due())
		do_work(frame);
	else
		irqs_off_end();
}

/* ---- Exceptions ---- */

/* The instruction that trapped; 0 (nop) when another thread has unmapped it meanwhile. */
static uint32_t user_instruction(uintptr_t pc)
{
	uint32_t instruction;

	return user_load_u32(pc, &instruction) ? 0 : instruction;
}

/* Goes on behind the instruction that trapped. False: that cannot be found out. */
static bool skip_instruction(struct trap_frame *frame)
{
	uintptr_t target;

	if (frame->cause & CAUSE_BD) {
		if (!branch_target(frame, user_instruction(frame->epc), &target))
			return false;
		frame->epc = target;
	} else {
		frame->epc += 4;
	}
	return true;
}

#define RDHWR_MASK	     0xffe007ff
#define RDHWR		     0x7c00003b
#define RDHWR_THREAD_POINTER 29

static bool emulate(struct trap_frame *frame)
{
	uint32_t instruction = user_instruction(trap_frame_pc(frame));
	unsigned to = (instruction >> 16) & 31, from = (instruction >> 11) & 31;

	if ((instruction & RDHWR_MASK) != RDHWR || from != RDHWR_THREAD_POINTER ||
	    !skip_instruction(frame))
		return false;
	if (to)
		frame->regs[to] = current_task()->user.thread_pointer;
	return true;
}

/*
 * sdbbp belongs to debuggers, but a program can execute it, and no CPU of release 2 can forbid that: it goes
 * to the boot ROM at 0xbfc00480 in debug mode, which is privileged. A board's ROM has a handler there;
 * QEMU's has empty words and then one that is no instruction. That one is the only reserved
 * instruction that the kernel sees at such an address. Gives where sdbbp was, and leaves the mode.
 */
static uintptr_t leave_debug_mode(void)
{
	uintptr_t place = cp0_read(CP0_DEPC);

	__asm__ volatile(".set push\n\t.set noat\n\t.set noreorder\n\t"
			 "lui $1, %%hi(1f)\n\taddiu $1, $1, %%lo(1f)\n\t"
			 "mtc0 $1, " CP0_DEPC "\n\tehb\n\tderet\n1:\n\t.set pop"
			 :
			 :
			 : "$1", "memory");
	return place;
}

static void reserved_instruction(struct trap_frame *frame, uintptr_t pc)
{
	if (frame->epc >= KSEG0_BASE) {
		frame->epc = leave_debug_mode();
		user_exception(frame, SIGTRAP, TRAP_BRKPT, frame->epc, "debugger's breakpoint");
	} else if (!emulate(frame)) {
		user_exception(frame, SIGILL, ILL_ILLOPC, pc, "reserved instruction");
	}
}

static void coprocessor(struct trap_frame *frame, uintptr_t pc)
{
	unsigned number = (frame->cause >> CAUSE_CE_SHIFT) & 3;

	if (number == 1) {
		if (!fpu_claim())
			user_exception(frame, SIGILL, ILL_COPROC, pc,
				       "floating-point instruction, but this processor has no FPU");
	} else if (number == 0) {
		user_exception(frame, SIGILL, ILL_PRVOPC, pc, "privileged instruction");
	} else {
		user_exception(frame, SIGILL, ILL_COPROC, pc, "instruction of a coprocessor");
	}
}

static void floating_point(struct trap_frame *frame, uintptr_t pc)
{
	unsigned causes = fpu_exception_take();
	int code = causes & FCSR_INVALID     ? FPE_FLTINV
		   : causes & FCSR_DIVIDE    ? FPE_FLTDIV
		   : causes & FCSR_OVERFLOW  ? FPE_FLTOVF
		   : causes & FCSR_UNDERFLOW ? FPE_FLTUND
		   : causes & FCSR_INEXACT   ? FPE_FLTRES
					     : SI_KERNEL;

	if (causes & FCSR_UNIMPLEMENTED)
		user_exception(frame, SIGILL, ILL_COPROC, pc,
			       "floating-point operation that this FPU leaves to software");
	else
		user_exception(frame, SIGFPE, code, pc, "floating-point exception");
}

/* The codes of `break` and of the trap instructions with two registers; compilers give them to tests
 * for errors of arithmetic. */
#define CODE_OVERFLOW 6
#define CODE_DIVIDE   7

static void break_or_trap(struct trap_frame *frame, uintptr_t pc, unsigned code, const char *what)
{
	if (code == CODE_DIVIDE)
		user_exception(frame, SIGFPE, FPE_INTDIV, pc, "divide by zero");
	else if (code == CODE_OVERFLOW)
		user_exception(frame, SIGFPE, FPE_INTOVF, pc, "integer overflow");
	else
		user_exception(frame, SIGTRAP, TRAP_BRKPT, pc, what);
}

/* Old assemblers put the code of `break` into the upper half of its 20 bits. */
static unsigned break_code(uint32_t instruction)
{
	unsigned code = (instruction >> 6) & 0xfffff;

	return code >= 0x400 ? code >> 10 : code;
}

/* Only those with opcode 0 have room for a code. */
static unsigned trap_code(uint32_t instruction)
{
	return instruction >> 26 ? 0 : (instruction >> 6) & 0x3ff;
}

void user_trap_handle(struct trap_frame *frame, uintptr_t address, uint32_t cause)
{
	uintptr_t pc;

	frame->cause = cause;
	pc = trap_frame_pc(frame);
	switch (exception_code(cause)) {
	case EXCEPTION_ADDRESS_LOAD:
	case EXCEPTION_ADDRESS_STORE:
		if (address >= KSEG0_BASE)
			user_exception(frame, SIGBUS, BUS_ADRERR, address,
				       "access to a kernel address");
		else
			user_exception(frame, SIGBUS, BUS_ADRALN, address, "unaligned access");
		break;
	case EXCEPTION_BUS_FETCH:
	case EXCEPTION_BUS_DATA:
		user_exception(frame, SIGBUS, BUS_ADRERR, pc, "bus error");
		break;
	case EXCEPTION_BREAKPOINT:
		break_or_trap(frame, pc, break_code(user_instruction(pc)), "breakpoint");
		break;
	case EXCEPTION_RESERVED_INSTRUCTION:
		reserved_instruction(frame, pc);
		break;
	case EXCEPTION_COPROCESSOR:
		coprocessor(frame, pc);
		break;
	case EXCEPTION_OVERFLOW:
		user_exception(frame, SIGFPE, FPE_INTOVF, pc, "integer overflow");
		break;
	case EXCEPTION_TRAP:
		break_or_trap(frame, pc, trap_code(user_instruction(pc)), "trap instruction");
		break;
	case EXCEPTION_FLOATING_POINT:
		floating_point(frame, pc);
		break;
	case EXCEPTION_MACHINE_CHECK:
		panic_frame(frame, "machine check in a program: two TLB entries for one address");
	default: /* instruction sets that are switched off: DSP, MSA */
		user_exception(frame, SIGILL, ILL_ILLOPC, pc, "instruction that is not enabled");
	}
}

/* ---- The kernel's accesses to user memory ---- */

extern const struct fixup __start_fixups[], __stop_fixups[];

static uintptr_t fixup_find(uintptr_t pc)
{
	for (const struct fixup *fixup = __start_fixups; fixup < __stop_fixups; fixup++)
		if (fixup->access == pc)
			return fixup->go_on;
	return 0;
}

bool user_copy_fault(struct trap_frame *frame)
{
	unsigned code = exception_code(frame->cause);
	uintptr_t pc = trap_frame_pc(frame), fixup = fixup_find(pc);
	struct task *task = current_thread() ? current_task() : NULL;
	bool mapped;
	int error = -EFAULT;

	if (!fixup || code > EXCEPTION_BUS_DATA)
		return false;
	/* With interrupts masked nothing can be mended. */
	if (task && code <= EXCEPTION_TLB_STORE && frame->bad_address < USER_END &&
	    frame->status & STATUS_IE) {
		irq_enable();
		error = space_fault(task->process->space, frame->bad_address,
				    access_of(frame->cause, frame->bad_address, pc), &mapped);
		irq_disable();
		/* What the CPU has masked, and whether the FPU is usable, may have changed. */
		frame->status = (cp0_read(CP0_STATUS) & ~((1u << STATUS_MODE_BITS) - 1)) |
				(frame->status & ((1u << STATUS_MODE_BITS) - 1));
		irqs_off_end();
	}
	if (error)
		frame->epc = fixup;
	return true;
}

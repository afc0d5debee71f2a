/* SPDX-License-Identifier: MIT */
/*
 * Who called whom, without frame pointers: from the code itself.
 *
 * A function that calls others begins with `addiu sp,sp,-size` and saves its return address with
 * `sw ra,offset(sp)`. So the nearest such addiu above an address in the function tells the frame's
 * size, and the sw behind it where the return address lies. A function that calls nobody has
 * neither: only the innermost one can be that, or the one that an interrupt or trap hit, and there
 * the register ra is known.
 *
 * Every word is checked before it is believed: instructions are read only from the kernel's
 * text, the stack only within memory, and a return address must have a call in front of it. What
 * it does badly: a function that changes sp a second time (alloca) ends the chain.
 */
#include <asm/page.h>
#include <asm/setup.h>
#include <asm/trap.h>
#include <tessera/arch.h>
#include <tessera/linker.h>
#include <tessera/memory_map.h>
#include <tessera/symbols.h>

#define SCAN_BYTES 0x10000 /* no function is longer */

#define ADDIU_SP     0x27bd0000 /* addiu sp,sp,immediate */
#define SW_RA	     0xafbf0000 /* sw ra,immediate(sp) */
#define IMMEDIATE    0x0000ffff
#define is(insn, op) (((insn) & ~(uint32_t)IMMEDIATE) == (op))

struct position {
	uintptr_t pc, sp;
	uintptr_t ra; /* 0: on the stack */
	bool exact;   /* pc is the very instruction, not where a call returns to */
};

static bool in_text(uintptr_t pc)
{
	return pc % 4 == 0 && pc >= (uintptr_t)__text_start && pc < (uintptr_t)__text_end;
}

static uint32_t instruction(uintptr_t pc)
{
	return *(const uint32_t *)pc;
}

static bool stack_readable(uintptr_t address, size_t size)
{
	uintptr_t end = KSEG0_BASE + (uintptr_t)memory_map_end();

	/* Before the map is finished only the image is known to be memory. */
	if (end == KSEG0_BASE)
		end = (uintptr_t)__image_end;
	return address % 4 == 0 && address >= KSEG0_BASE && address < end && size <= end - address;
}

static bool is_call(uint32_t insn)
{
	return insn >> 26 == 3 ||				   /* jal */
	       (insn >> 26 == 0 && (insn & 0x3f) == 9) ||	   /* jalr */
	       (insn >> 26 == 1 && ((insn >> 16) & 0x1c) == 0x10); /* bal and its conditions */
}

/* Jumps that do not come back: j, jr. */
static bool is_jump(uint32_t insn)
{
	return insn >> 26 == 2 || (insn >> 26 == 0 && (insn & 0x3f) == 8);
}

static bool is_return_address(uintptr_t address)
{
	return in_text(address) && in_text(address - 8) && is_call(instruction(address - 8));
}

/* Where the function that holds pc begins, as far as can be told. */
static uintptr_t scan_limit(uintptr_t pc)
{
	uintptr_t limit = (uintptr_t)__text_start;
	size_t offset;

	if (symbol_lookup(pc, &offset))
		return pc - offset;
	return pc - limit > SCAN_BYTES ? pc - SCAN_BYTES : limit;
}

/* True when the epilogue whose addiu is at `place` ends with a jump before `pc`: then pc belongs to
 * another branch of the function. The addiu may be in the jump's delay slot. */
static bool epilogue_is_over(uintptr_t place, uintptr_t pc)
{
	if (in_text(place - 4) && is_jump(instruction(place - 4)))
		return true;
	while ((place += 4) + 8 <= pc)
		if (is_jump(instruction(place)))
			return true;
	return false;
}

/* The nearest prologue above `pc`, or 0: there is none, or its frame is gone again. */
static uintptr_t find_prologue(uintptr_t pc, uintptr_t limit)
{
	for (uintptr_t place = pc - 4; place >= limit; place -= 4) {
		uint32_t insn = instruction(place);

		if (!is(insn, ADDIU_SP))
			continue;
		if ((int16_t)insn < 0)
			return place;
		if (!epilogue_is_over(place, pc))
			return 0;
	}
	return 0;
}

/* From a function that compiled code called, to its caller. */
static bool leave_function(struct position *at)
{
	/* The call itself may be a function's last: look at it, not behind. */
	uintptr_t pc = at->exact ? at->pc : at->pc - 8;
	uintptr_t prologue = find_prologue(pc, scan_limit(pc));

	if (prologue) {
		size_t size = (size_t)(-(int)(int16_t)instruction(prologue));

		if (!stack_readable(at->sp, size))
			return false;
		for (uintptr_t p = prologue + 4; p < pc; p += 4) {
			uint32_t insn = instruction(p);

			if (is(insn, SW_RA) && (insn & IMMEDIATE) + 4 <= size) {
				at->ra = *(const uint32_t *)(at->sp + (insn & IMMEDIATE));
				break;
			}
		}
		at->sp += size;
	}
	at->pc = at->ra;
	at->ra = 0;
	at->exact = false;
	return is_return_address(at->pc);
}

/* From the handler of an interrupt or a trap to what was interrupted. */
static bool leave_interrupt(struct position *at)
{
	const struct irq_frame *frame = (const struct irq_frame *)at->sp;

	if (!stack_readable(at->sp, sizeof(*frame)))
		return false;
	/* The halt runs through kseg1, which shows the same text. */
	*at = (struct position){ frame->epc & ~(KSEG1_BASE - KSEG0_BASE), at->sp + sizeof(*frame),
				 frame->ra, true };
	return in_text(at->pc);
}

static bool leave_trap(struct position *at)
{
	const struct trap_frame *frame = (const struct trap_frame *)at->sp;

	if (!stack_readable(at->sp, sizeof(*frame)))
		return false;
	*at = (struct position){ trap_frame_pc(frame), trap_frame_sp(frame), frame->regs[REG_RA],
				 true };
	return in_text(at->pc);
}

static bool leave(struct position *at)
{
	if (at->pc == (uintptr_t)interrupt_return)
		return leave_interrupt(at);
	if (at->pc == (uintptr_t)trap_return)
		return leave_trap(at);
	return leave_function(at);
}

void arch_backtrace(const struct trap_frame *frame,
		    bool (*each)(uintptr_t address, bool certain, void *arg), void *arg)
{
	struct trap_frame here;
	struct position at;

	if (!frame) {
		registers_capture(&here);
		at = (struct position){ here.epc, trap_frame_sp(&here), 0, true };
		if (!leave_function(&at))
			return;
	} else {
		at = (struct position){ trap_frame_pc(frame), trap_frame_sp(frame),
					frame->regs[REG_RA], true };
		if (!each(at.pc, true, arg))
			return;
		/* A call through a bad pointer: its caller is the next. */
		if (!in_text(at.pc)) {
			at = (struct position){ at.ra, at.sp, 0, false };
			if (!is_return_address(at.pc))
				return;
			if (!each(at.pc, true, arg))
				return;
		}
		if (!leave(&at))
			return;
	}
	while (each(at.pc, true, arg) && leave(&at))
		;
}

/* SPDX-License-Identifier: MIT */
/*
 * Where a branch goes, for an instruction in its delay slot that the kernel does in the CPU's place.
 * Branches on a condition of the FPU (bc1f, bc1t) are not known: no compiler puts rdhwr behind one.
 * Source: MIPS32 Architecture For Programmers, Volume II (MD00086).
 */
#include "user.h"

#define OP_SPECIAL 0
#define OP_REGIMM  1
#define OP_J	   2
#define OP_JAL	   3
#define OP_BEQ	   4
#define OP_BNE	   5
#define OP_BLEZ	   6
#define OP_BGTZ	   7
#define OP_LIKELY  0x10 /* beql to bgtzl: with this bit */

#define SPECIAL_JR   8
#define SPECIAL_JALR 9

#define REGIMM_GEZ  0x01 /* else: less than zero */
#define REGIMM_LINK 0x10
#define REGIMM_ODD  0x0c /* none of these bits in a branch (0x02: likely) */

bool branch_target(struct trap_frame *frame, uint32_t instruction, uintptr_t *target)
{
	uintptr_t next = frame->epc + 4, behind = frame->epc + 8;
	unsigned op = instruction >> 26, rs = (instruction >> 21) & 31,
		 rt = (instruction >> 16) & 31;
	int32_t a = rs ? (int32_t)frame->regs[rs] : 0, b = rt ? (int32_t)frame->regs[rt] : 0;
	uintptr_t there = next + (uintptr_t)(int16_t)instruction * 4;

	switch (op < OP_LIKELY + OP_BEQ ? op : op - OP_LIKELY) {
	case OP_SPECIAL:
		if ((instruction & 0x3f) == SPECIAL_JALR)
			frame->regs[(instruction >> 11) & 31] = behind;
		else if ((instruction & 0x3f) != SPECIAL_JR)
			return false;
		*target = (uintptr_t)a;
		return true;
	case OP_REGIMM:
		if (rt & REGIMM_ODD)
			return false;
		*target = (a >= 0) == (rt & REGIMM_GEZ) ? there : behind;
		if (rt & REGIMM_LINK)
			frame->regs[REG_RA] = behind;
		return true;
	case OP_JAL:
		frame->regs[REG_RA] = behind;
		/* fall through */
	case OP_J:
		*target = (next & 0xf0000000) | (instruction & 0x03ffffff) << 2;
		return true;
	case OP_BEQ:
		*target = a == b ? there : behind;
		return true;
	case OP_BNE:
		*target = a != b ? there : behind;
		return true;
	case OP_BLEZ:
		*target = a <= 0 ? there : behind;
		return true;
	case OP_BGTZ:
		*target = a > 0 ? there : behind;
		return true;
	default:
		return false;
	}
}

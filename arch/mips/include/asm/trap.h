/* SPDX-License-Identifier: MIT */
/*
 * What the exception vectors save. A frame lies at the stack pointer, so it begins with the room
 * that the o32 calling convention lets a called function use for its first four arguments, and
 * its size is a multiple of 8 like every stack pointer.
 */
#ifndef ASM_TRAP_H
#define ASM_TRAP_H

/* The instruction `break 0x3f`: only goes through trap entry and exit (bench.c, test.c). */
#define BREAK_NOTHING 0x003f000d

/* rdhwr $3,$29: how programs find their thread-local variables. */
#define READ_THREAD_POINTER 0x7c03e83b

#ifndef __ASSEMBLY__

#include <tessera/compiler.h>

/* A fault, panic or debugger sees everything; $0, $26 and $27 (k0, k1) are left out. */
struct trap_frame {
	uint32_t arguments[4];
	uint32_t regs[32]; /* by number */
	uint32_t hi, lo;
	uint32_t status, cause, epc, bad_address;
} __aligned(8);

/* An interrupt saves what a called function may change, and where to go on. */
struct irq_frame {
	uint32_t arguments[4];
	uint32_t at;
	uint32_t v[2];
	uint32_t a[4];
	uint32_t t[10];
	uint32_t ra;
	uint32_t hi, lo;
	uint32_t epc;
} __aligned(8);

#define REG_SP 29
#define REG_RA 31

/* The instruction that trapped: behind EPC when that is a branch. */
static inline uintptr_t trap_frame_pc(const struct trap_frame *frame)
{
	return frame->epc + (frame->cause >> 31) * 4;
}

static inline uintptr_t trap_frame_sp(const struct trap_frame *frame)
{
	return frame->regs[REG_SP];
}

/* vectors.S: the registers as they are when it returns. Costs about 40 instructions. */
void registers_capture(struct trap_frame *frame);

/* Called by vectors.S, interrupts masked. */
void trap_handle(struct trap_frame *frame);
void interrupt_handle(uint32_t pending);

#endif
#endif

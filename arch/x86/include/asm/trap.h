/* SPDX-License-Identifier: MIT */
/*
 * Exceptions and interrupts. Vectors 0 to 31 are the processor's exceptions and save a full
 * struct trap_frame (asm/trap_frame.h, per width); those from 32 on are interrupts and save only
 * what the ABI lets a function destroy. Also read by assembly.
 */
#ifndef ASM_TRAP_H
#define ASM_TRAP_H

#define TRAP_DIVIDE	   0
#define TRAP_DEBUG	   1
#define TRAP_NMI	   2
#define TRAP_BREAKPOINT	   3
#define TRAP_OVERFLOW	   4
#define TRAP_BOUND	   5
#define TRAP_INVALID	   6
#define TRAP_NO_FPU	   7
#define TRAP_DOUBLE_FAULT  8
#define TRAP_TSS	   10
#define TRAP_SEGMENT	   11
#define TRAP_STACK	   12
#define TRAP_PROTECTION	   13
#define TRAP_PAGE_FAULT	   14
#define TRAP_FPU	   16
#define TRAP_ALIGNMENT	   17
#define TRAP_MACHINE_CHECK 18
#define TRAP_SIMD	   19
#define TRAP_CONTROL	   21
#define TRAPS		   32

#define VECTOR_IRQ_BASE 32 /* irqs 0 to 15 of the i8259 pair */
#define VECTOR_SOFTWARE 48 /* raised by `int` only: measures the interrupt path */
#define VECTORS		49

/* What the frames of programs say that came by no exception (`vector`; USER_MODE). */
#define VECTOR_SYSTEM_CALL 0x80 /* i386: the vector too */
#define VECTOR_NONE	   0xff /* a new program, or a system call that is over */

/* Bytes of the entry stub of each vector: three instructions. */
#define TRAP_STUB_SIZE 12

#ifndef __ASSEMBLY__

#include <asm/trap_frame.h>

/* Handles an exception; the frame may be changed, and is what the processor returns to. */
typedef void trap_handler(struct trap_frame *frame);

/*
 * Installs the handler of an exception (vector < TRAPS; NULL: the default, which reports the exception
 * and panics) and gives the one before. Any context, O(1).
 */
trap_handler *trap_set_handler(unsigned vector, trap_handler *handler);

/* Reports an exception that nothing handles, in words, and panics. */
void trap_report(struct trap_frame *frame) __noreturn;

/* Prints the frame and the control registers. Panic context. */
void trap_frame_print(struct trap_frame *frame);

/* Called by the entry code: an exception, an interrupt. */
void trap_dispatch(struct trap_frame *frame);
struct interrupt_frame;
void interrupt_dispatch(unsigned irq, struct interrupt_frame *frame);

/* The same of programs (USER_MODE, user_fault.c; the interrupt is in trap.c). */
void user_trap(struct trap_frame *frame);
void user_page_fault_trap(struct trap_frame *frame, uintptr_t address);
void user_interrupt(unsigned irq);

/* iret cannot go back to the program. */
void user_return_fault(struct trap_frame *frame);

#endif
#endif

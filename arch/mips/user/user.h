/* SPDX-License-Identifier: MIT */
/* What the files of the port that deal with user mode need of one another. */
#ifndef USER_USER_H
#define USER_USER_H

#include <asm/cp0.h>
#include <asm/user.h>

/* cpu.c: sets the processor up for user mode. Start-up. */
void user_cpu_init(unsigned tlb_entries);

/* tlb.c */
void tlb_init(void);
/* The code at USER_TRAMPOLINE, in every space. */
void trampoline_set(const uint32_t *code, size_t size);

/* signal.c */
void signal_init(void);

/* context.c: gives the FPU to the running task. False: there is none. */
bool fpu_claim(void);
/* The causes of a floating-point exception (FCSR_...), which it takes out of the register. */
#define FCSR_INEXACT	   0x01
#define FCSR_UNDERFLOW	   0x02
#define FCSR_OVERFLOW	   0x04
#define FCSR_DIVIDE	   0x08
#define FCSR_INVALID	   0x10
#define FCSR_UNIMPLEMENTED 0x20
unsigned fpu_exception_take(void);

/* fpu_registers.S: the FPU is usable. */
void fpu_registers_save(struct user_context *context);
void fpu_registers_load(const struct user_context *context);
uint32_t fpu_control(void);
void fpu_control_set(uint32_t value);

static inline void thread_pointer_load(uintptr_t value)
{
	if (cp0_read(CP0_CONFIG3) & CONFIG3_ULRI)
		cp0_write(CP0_USERLOCAL, value);
}

/* branch.c: where the branch at frame->epc, `instruction`, goes to; sets the link register too. False:
 * it is no branch that is known. */
bool branch_target(struct trap_frame *frame, uint32_t instruction, uintptr_t *target);

/* trap.c: an exception of kernel code, when it was an access to user memory: mends that, or goes to
 * the fix-up. False: it was none. Interrupts masked. */
bool user_copy_fault(struct trap_frame *frame);

/* copy.S: as page_code_written, of any range of user memory. Not 0: it cannot be read. */
int user_code_written(uintptr_t address, size_t size);

/* mips_calls.c, called through the table. */
long sys_set_thread_area(unsigned long address);
long sys_cacheflush(unsigned long address, unsigned long size, unsigned long caches);
uint64_t pipe_in_registers(void);

/* trap.c, called by entry.S. */
void user_tlb_exception(struct trap_frame *frame, uintptr_t address, uint32_t cause, uintptr_t epc);
void user_trap_handle(struct trap_frame *frame, uintptr_t address, uint32_t cause);
void user_trap_leave(struct trap_frame *frame);
void system_call_leave(struct trap_frame *frame, long result);
void full_call_leave(struct trap_frame *frame, long result);

#endif

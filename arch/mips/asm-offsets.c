/* SPDX-License-Identifier: MIT */
#include <asm/trap.h>
#include <tessera/asm_offsets.h>
#include <tessera/thread.h>
#ifdef CONFIG_USER_MODE
#include <tessera/process.h>
#endif

void asm_offsets(void)
{
	OFFSET(TRAP_REGS, trap_frame, regs);
	OFFSET(TRAP_HI, trap_frame, hi);
	OFFSET(TRAP_LO, trap_frame, lo);
	OFFSET(TRAP_STATUS, trap_frame, status);
	OFFSET(TRAP_CAUSE, trap_frame, cause);
	OFFSET(TRAP_EPC, trap_frame, epc);
	OFFSET(TRAP_BAD_ADDRESS, trap_frame, bad_address);
	DEFINE(TRAP_SIZE, sizeof(struct trap_frame));

	OFFSET(IRQ_AT, irq_frame, at);
	OFFSET(IRQ_V, irq_frame, v);
	OFFSET(IRQ_A, irq_frame, a);
	OFFSET(IRQ_T, irq_frame, t);
	OFFSET(IRQ_RA, irq_frame, ra);
	OFFSET(IRQ_HI, irq_frame, hi);
	OFFSET(IRQ_LO, irq_frame, lo);
	OFFSET(IRQ_EPC, irq_frame, epc);
	DEFINE(IRQ_SIZE, sizeof(struct irq_frame));

	OFFSET(CONTEXT_S, thread, context.s);
	OFFSET(CONTEXT_SP, thread, context.sp);
	OFFSET(CONTEXT_RA, thread, context.ra);
	OFFSET(THREAD_WAIT_RESULT, thread, wait_result);

#ifdef CONFIG_USER_MODE
	OFFSET(CPU_CURRENT, cpu, current);
	OFFSET(THREAD_TASK, thread, task);
	OFFSET(THREAD_WORK, thread, work);
	OFFSET(TASK_THREAD_POINTER, task, user.thread_pointer);
	OFFSET(THREAD_SPACE, thread, space);
	OFFSET(SPACE_ROOT, address_space, table.root);
	OFFSET(SPACE_GENERATION, address_space, table.generation);
	OFFSET(SPACE_ASID, address_space, table.asid);
	OFFSET(MMU_LOADED, user_mmu, loaded);
	OFFSET(MMU_FPU_USABLE, user_mmu, fpu_usable);
	OFFSET(MMU_GENERATION, user_mmu, generation);
	OFFSET(CONTEXT_FPU, user_context, fpu);
	OFFSET(CONTEXT_FPU_CONTROL, user_context, fpu_control);
#endif
}

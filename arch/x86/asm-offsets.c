/* SPDX-License-Identifier: MIT */
#include <tessera/asm_offsets.h>
#include <tessera/thread.h>

void asm_offsets(void)
{
	OFFSET(CPU_CURRENT, cpu, current);
	OFFSET(CONTEXT_SP, thread, context.sp);
	OFFSET(CONTEXT_BP, thread, context.bp);
	OFFSET(CONTEXT_BX, thread, context.bx);
#ifdef __x86_64__
	OFFSET(CONTEXT_R12, thread, context.r12);
	OFFSET(CONTEXT_R13, thread, context.r13);
	OFFSET(CONTEXT_R14, thread, context.r14);
	OFFSET(CONTEXT_R15, thread, context.r15);
#else
	OFFSET(CONTEXT_SI, thread, context.si);
	OFFSET(CONTEXT_DI, thread, context.di);
#endif
	OFFSET(THREAD_WAIT_RESULT, thread, wait_result);
}

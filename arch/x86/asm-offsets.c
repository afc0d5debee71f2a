/* SPDX-License-Identifier: MIT */
#include <tessera/asm_offsets.h>
#include <tessera/thread.h>

#ifdef CONFIG_USER_MODE

#include <tessera/process.h>

static __always_inline void user_offsets(void)
{
	OFFSET(THREAD_TASK, thread, task);
	OFFSET(THREAD_WORK, thread, work);
	OFFSET(TASK_FPU, task, user.fpu);
	OFFSET(THREAD_SPACE, thread, space);
	OFFSET(SPACE_CR3, address_space, table.cr3);
	DEFINE(FRAME_SIZE, sizeof(struct trap_frame));
	OFFSET(FRAME_VECTOR, trap_frame, vector);
	OFFSET(FRAME_ERROR, trap_frame, error);
	OFFSET(FRAME_CS, trap_frame, cs);
#ifdef __x86_64__
	OFFSET(TASK_FS_BASE, task, user.fs_base);
	OFFSET(TASK_GS_BASE, task, user.gs_base);
	OFFSET(FRAME_R15, trap_frame, r15);
	OFFSET(FRAME_R14, trap_frame, r14);
	OFFSET(FRAME_R13, trap_frame, r13);
	OFFSET(FRAME_R12, trap_frame, r12);
	OFFSET(FRAME_BP, trap_frame, rbp);
	OFFSET(FRAME_BX, trap_frame, rbx);
	OFFSET(FRAME_REST, trap_frame, r11); /* what C keeps lies below it */
	OFFSET(FRAME_R11, trap_frame, r11);
	OFFSET(FRAME_R10, trap_frame, r10);
	OFFSET(FRAME_R9, trap_frame, r9);
	OFFSET(FRAME_R8, trap_frame, r8);
	OFFSET(FRAME_AX, trap_frame, rax);
	OFFSET(FRAME_CX, trap_frame, rcx);
	OFFSET(FRAME_DX, trap_frame, rdx);
	OFFSET(FRAME_SI, trap_frame, rsi);
	OFFSET(FRAME_DI, trap_frame, rdi);
	OFFSET(FRAME_IP, trap_frame, rip);
	OFFSET(FRAME_FLAGS, trap_frame, rflags);
	OFFSET(FRAME_SP, trap_frame, rsp);
	OFFSET(FRAME_SS, trap_frame, ss);
#else
	OFFSET(TASK_TLS, task, user.tls);
	OFFSET(TASK_FS, task, user.fs);
	OFFSET(TASK_GS, task, user.gs);
	OFFSET(FRAME_AX, trap_frame, eax);
#endif
}

#endif

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
#ifdef CONFIG_USER_MODE
	user_offsets();
#endif
}

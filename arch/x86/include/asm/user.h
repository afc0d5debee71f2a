/* SPDX-License-Identifier: MIT */
/*
 * Programs: their registers (tessera/arch_user.h has the contract). The kernel itself never uses FPU,
 * SSE and the FS and GS segments, so these always hold what the last program left there. They change
 * hands in switch.S, all at once and every time: under an instruction count, and on processors of
 * today, two instructions are less than the question whether they are needed.
 */
#ifndef ASM_USER_H
#define ASM_USER_H

#include <asm/cpu.h>
#include <asm/user_frame.h>
#include <tessera/arch_user.h>
#include <tessera/percpu.h>

/* The first of Tessera's own system calls. */
#define TESSERA_CALLS 1024

/* What FXSAVE stores (FNSAVE, where there is no FXSAVE: the first 108 bytes). */
struct fpu_state {
	uint32_t words[128];
} __aligned(16);

#define FXSAVE_MXCSR	  6 /* words of it */
#define FXSAVE_MXCSR_MASK 7

/* Where a task's structure is allocated, it has to be aligned as this asks for. */
struct user_context {
	struct fpu_state fpu;
#ifdef CONFIG_64BIT
	uint64_t fs_base, gs_base; /* a selector that a program loads lasts until the next switch */
#else
	uint64_t tls[TLS_ENTRIES]; /* descriptors; 0: not used */
	uint16_t fs, gs;	   /* selectors; of the running task: in the registers */
#endif
};

static inline struct trap_frame *user_frame(struct thread *thread)
{
	return (struct trap_frame *)thread - 1;
}

/* user_entry.S: leaves the kernel with the registers in the running thread's frame. */
void user_return(struct trap_frame *frame) __noreturn;

/* user_context.c */
void user_context_init(struct user_context *context);
void user_context_fork(struct user_context *to, const struct user_context *from);
void user_context_save(struct user_context *context);
void user_context_load(const struct user_context *context);

/* Nothing is saved lazily. */
static inline void user_context_drop(struct user_context *context)
{
}

/* The calls that only this architecture has. */
#ifdef CONFIG_64BIT
long sys_arch_prctl(unsigned long code, unsigned long value);
#else
long sys_set_thread_area(unsigned long description);
long sys_get_thread_area(unsigned long description);
#endif

struct task;
int user_set_thread_pointer(struct task *task, unsigned long value);

int signal_frame_push(struct trap_frame *frame, const struct signal_delivery *delivery);
int signal_frame_pop(struct trap_frame *frame, uint64_t *mask);

/* What exec accepts and tells. */
#define USER_ELF_DATA 1 /* little endian */
#ifdef CONFIG_64BIT
#define USER_ELF_MACHINE 62
#define USER_ELF_CLASS	 2
#define USER_PLATFORM	 "x86_64"
#else
#define USER_ELF_MACHINE 3
#define USER_ELF_CLASS	 1
#define USER_PLATFORM	 "i686"
#endif
#define USER_HWCAP fpu_features.capabilities

/* ---- Between the files of this port ---- */

struct fpu_features {
	bool fxsr;	       /* FXSAVE; all x86_64 */
	uint32_t capabilities; /* CPUID's, as programs are told (AT_HWCAP) */
};

extern struct fpu_features fpu_features;

/* The FPU's state of a new program; bits of MXCSR that the processor knows, all others fault. */
extern struct fpu_state fpu_initial;
extern uint32_t fpu_mxcsr_mask;

void fpu_save(struct fpu_state *state);
void fpu_load(const struct fpu_state *state);

/* The thread pointer's part of the functions above: thread_pointer.c of each width. */
void thread_pointer_init(struct user_context *context);
void thread_pointer_fork(struct user_context *to, const struct user_context *from);
void thread_pointer_save(struct user_context *context);
void thread_pointer_load(const struct user_context *context);

/* The FPU's exceptions that have happened and are not masked: x87's, and SSE's. */
unsigned fpu_raised(void);
unsigned simd_raised(void);

/* Start-up, before there is any program. */
void page_table_init(void);
void user_fault_init(void);

#endif

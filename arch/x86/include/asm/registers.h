/* SPDX-License-Identifier: MIT */
/*
 * Control registers and instructions that have no C (Intel SDM volume 3A, chapter 2). The bits are
 * for assembly too.
 */
#ifndef ASM_REGISTERS_H
#define ASM_REGISTERS_H

#define CR0_PE 0x00000001 /* protected mode */
#define CR0_MP 0x00000002 /* wait instructions obey TS */
#define CR0_EM 0x00000004 /* there is no FPU */
#define CR0_ET 0x00000010 /* always 1 */
#define CR0_NE 0x00000020 /* FPU errors are exceptions */
#define CR0_WP 0x00010000 /* the kernel obeys read-only pages too */
#define CR0_AM 0x00040000 /* programs may ask for alignment checks (FLAGS_AC) */
#define CR0_PG 0x80000000 /* paging */

#define CR4_PSE	       0x00000010 /* 4 MiB pages */
#define CR4_PAE	       0x00000020 /* 64-bit page table entries */
#define CR4_PGE	       0x00000080 /* global pages */
#define CR4_OSFXSR     0x00000200 /* FXSAVE, and SSE instructions */
#define CR4_OSXMMEXCPT 0x00000400 /* SSE exceptions are #XM */
#define CR4_UMIP       0x00000800
#define CR4_SMEP       0x00100000
#define CR4_SMAP       0x00200000

#define MSR_EFER 0xc0000080
#define EFER_SCE 0x00000001 /* syscall and sysret */
#define EFER_LME 0x00000100 /* long mode */
#define EFER_NXE 0x00000800 /* no-execute bit in page table entries */

#define MSR_STAR    0xc0000081 /* segments of syscall (bits 32 on) and sysret (48 on) */
#define MSR_LSTAR   0xc0000082 /* where syscall goes */
#define MSR_FMASK   0xc0000084 /* the flags that it clears */
#define MSR_FS_BASE 0xc0000100
#define MSR_GS_BASE 0xc0000101

/* Flags that the kernel's code names (asm/irqflags.h has FLAGS_IF). */
#define FLAGS_RESERVED 0x000002 /* always 1 */
#define FLAGS_TF       0x000100 /* trap after each instruction */
#define FLAGS_DF       0x000400 /* string instructions go downwards */
#define FLAGS_NT       0x004000
#define FLAGS_RF       0x010000 /* no breakpoint at the next instruction */
#define FLAGS_AC       0x040000 /* alignment checks; kernel: user memory may be accessed (SMAP) */

#ifndef __ASSEMBLY__

#include <stdint.h>

#define DEFINE_CONTROL_REGISTER(name)                                           \
	static inline unsigned long read_##name(void)                           \
	{                                                                       \
		unsigned long value;                                            \
                                                                                \
		__asm__ volatile("mov %%" #name ", %0" : "=r"(value));          \
		return value;                                                   \
	}                                                                       \
                                                                                \
	static inline void write_##name(unsigned long value)                    \
	{                                                                       \
		__asm__ volatile("mov %0, %%" #name : : "r"(value) : "memory"); \
	}

DEFINE_CONTROL_REGISTER(cr0)
DEFINE_CONTROL_REGISTER(cr2) /* the address of the last page fault */
DEFINE_CONTROL_REGISTER(cr3) /* the top page table */
DEFINE_CONTROL_REGISTER(cr4)
DEFINE_CONTROL_REGISTER(dr6) /* why the last debug exception came; nobody else clears it */

#define DR6_STEP 0x4000 /* FLAGS_TF was set */

static inline uint64_t read_msr(uint32_t msr)
{
	uint32_t low, high;

	__asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(msr));
	return (uint64_t)high << 32 | low;
}

static inline void write_msr(uint32_t msr, uint64_t value)
{
	__asm__ volatile("wrmsr" : : "c"(msr), "a"((uint32_t)value), "d"((uint32_t)(value >> 32)));
}

struct cpuid {
	uint32_t eax, ebx, ecx, edx;
};

static inline struct cpuid cpuid(uint32_t leaf)
{
	struct cpuid r;

	__asm__ volatile("cpuid"
			 : "=a"(r.eax), "=b"(r.ebx), "=c"(r.ecx), "=d"(r.edx)
			 : "a"(leaf), "c"(0));
	return r;
}

/* Forgets the translation of one page. */
static inline void tlb_flush_page(uintptr_t virtual)
{
	__asm__ volatile("invlpg (%0)" : : "r"(virtual) : "memory");
}

#endif
#endif

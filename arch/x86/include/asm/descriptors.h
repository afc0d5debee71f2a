/* SPDX-License-Identifier: MIT */
/*
 * Segment and interrupt descriptor tables (Intel SDM volume 3A, chapters 3, 6 and 7). Segments are
 * flat; what remains of them is the privilege level, and the task state segment that names the
 * stack for double faults. Also read by assembly.
 */
#ifndef ASM_DESCRIPTORS_H
#define ASM_DESCRIPTORS_H

/* Selectors: offsets into the global descriptor table. */
#define KERNEL_CODE	 0x08
#define KERNEL_DATA	 0x10
#define KERNEL_TSS	 0x18
#define DOUBLE_FAULT_TSS 0x28 /* i386; the TSS of x86_64 takes two places */

/* Of user programs (USER_MODE): with the privilege level that they ask for. The numbers are Linux's
 * where programs may know them. */
#ifdef CONFIG_ARCH_X86_64
#define SYSRET_BASE 0x23 /* sysret takes the data segment 8 behind this, and code 16 behind it */
#define USER_DATA   0x2b
#define USER_CODE   0x33
#else
#define TLS_FIRST   6 /* entries that set_thread_area fills, by number in the table */
#define TLS_ENTRIES 3
#define USER_CODE   0x4b
#define USER_DATA   0x53
#endif

#define TSS_STACK 4 /* offset of the stack pointer for entries from user mode */

#ifndef __ASSEMBLY__

#include <tessera/compiler.h>

/* What lgdt and lidt read. */
struct descriptor_table {
	uint16_t limit;
	uintptr_t base;
} __packed;

_Static_assert(sizeof(struct descriptor_table) == 2 + sizeof(void *), "read by lgdt and lidt");

/* The descriptor of a data structure (a TSS): 32-bit base and limit, access byte. */
#define SYSTEM_SEGMENT(base, limit, access)                               \
	(((uint64_t)(limit)&0xffff) | ((uint64_t)(base)&0xffffff) << 16 | \
	 (uint64_t)(access) << 40 | ((uint64_t)(base)&0xff000000) << 32)

#define SEGMENT_TSS 0x89 /* present, available task state segment */

/* The stubs of trap_entry.S. */
extern const char trap_stubs[];

/* Where system calls enter (user_entry.S). */
extern const char system_call_entry[];

/* Where double faults run, because the stack that they come from is no good any more. */
#define FAULT_STACK_SIZE 8192
extern char fault_stack[FAULT_STACK_SIZE];

/* The global descriptor table. */
extern uint64_t gdt[];

/* The task state segment: all that is read of it while the kernel runs is the stack for entries from
 * user mode. switch.S stores that. */
struct tss;
extern struct tss kernel_tss;

/* The segment registers hold the right selectors already: head.S loaded them. */
static inline void descriptors_load(const void *gdt, size_t gdt_size, const void *idt,
				    size_t idt_size)
{
	struct descriptor_table gdt_pointer = { (uint16_t)(gdt_size - 1), (uintptr_t)gdt };
	struct descriptor_table idt_pointer = { (uint16_t)(idt_size - 1), (uintptr_t)idt };

	__asm__ volatile("lgdt %0" : : "m"(gdt_pointer));
	__asm__ volatile("lidt %0" : : "m"(idt_pointer));
	__asm__ volatile("ltr %w0" : : "r"(KERNEL_TSS));
	/* No local table: at reset it lies at address 0, where a program could forge one. */
	if (IS_ENABLED(CONFIG_USER_MODE))
		__asm__ volatile("lldt %w0" : : "r"(0));
}

/* Loads the tables: from then on exceptions are reported. Start-up, once, before anything that could
 * go wrong. */
void descriptors_init(void);

/* What entering from and returning to programs needs (USER_MODE). user_init: that and all else that
 * programs need of the port. Start-up, with memory. */
void user_entry_init(void);
void user_init(void);

/* A double fault brings its page tables along (i386). Start-up, when the final ones are made. */
#ifdef CONFIG_ARCH_I386
void descriptors_set_page_table(unsigned long cr3);
#else
static inline void descriptors_set_page_table(unsigned long cr3)
{
}
#endif

#endif
#endif

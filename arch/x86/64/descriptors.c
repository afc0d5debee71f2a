/* SPDX-License-Identifier: MIT */
/*
 * Descriptor tables of x86_64. Double faults run on a stack of their own through the interrupt
 * stack table, so that the overflow of a kernel stack into its guard page is reported: the page
 * fault cannot push its frame there and becomes a double fault. Every other exception stays on the
 * stack that it interrupts, or begins on the running thread's when it interrupts a program.
 *
 * With USER_MODE, those that may come at any instruction (non-maskable interrupt, machine check) take
 * the stack for double faults too: between `syscall` and the load of the kernel's stack pointer, and
 * between the load of the program's and `sysret`, the kernel runs on a stack pointer that is the
 * program's to choose. They end in a panic, so one stack does for all. No other exception can come
 * there: interrupts are masked, the trap flag is clear, nothing is accessed but kernel memory.
 */
#include <asm/descriptors.h>
#include <asm/irqflags.h>
#include <asm/registers.h>
#include <asm/trap.h>

struct tss {
	uint32_t reserved0;
	uint64_t rsp[3];
	uint64_t reserved1;
	uint64_t ist[7];
	uint64_t reserved2;
	uint16_t reserved3;
	uint16_t io_map; /* offset of the I/O permission bits: behind the limit, there are none */
} __packed;

_Static_assert(sizeof(struct tss) == 104, "Intel SDM 3A, figure 7-11");
_Static_assert(offsetof(struct tss, rsp) == TSS_STACK, "switch.S stores there");

/* In words, because they are written a word at a time. */
struct gate {
	uint32_t low; /* offset, bits 0 to 15; selector */
	uint32_t
		middle; /* stack: 0 the current one, n ist[n - 1]; type, bits 8 to 15; offset, 16 to 31 */
	uint64_t high; /* offset, bits 32 to 63; reserved */
};

_Static_assert(sizeof(struct gate) == 16, "Intel SDM 3A, figure 6-8");

#define GATE_INTERRUPT	 0x8e /* present; masks interrupts on entry */
#define GATE_USER	 0x60 /* programs may raise it by an instruction */
#define DOUBLE_FAULT_IST 1

char fault_stack[FAULT_STACK_SIZE] __aligned(16);

struct tss kernel_tss = {
	.ist[DOUBLE_FAULT_IST - 1] = (uintptr_t)fault_stack + FAULT_STACK_SIZE,
	.io_map = sizeof(struct tss),
};

/* 64/head.S loads it too, by its physical address. */
uint64_t gdt[] = {
	[KERNEL_CODE / 8] = 0x00af9b000000ffff, /* 64-bit code, accessed */
	[KERNEL_DATA / 8] = 0x00cf93000000ffff, /* writable data, accessed */
	[KERNEL_TSS / 8 + 1] = 0,		/* the TSS: filled below */
#ifdef CONFIG_USER_MODE
	[USER_DATA / 8] = 0x00cff3000000ffff, /* the same for privilege level 3 */
	[USER_CODE / 8] = 0x00affb000000ffff,
#endif
};

static struct gate idt[VECTORS];

void descriptors_init(void)
{
	uintptr_t base = (uintptr_t)&kernel_tss;

	gdt[KERNEL_TSS / 8] = SYSTEM_SEGMENT(base, sizeof(kernel_tss) - 1, SEGMENT_TSS);
	gdt[KERNEL_TSS / 8 + 1] = base >> 32;

	for (unsigned i = 0; i < VECTORS; i++) {
		uintptr_t stub = (uintptr_t)trap_stubs + i * TRAP_STUB_SIZE;

		idt[i].low = (stub & 0xffff) | KERNEL_CODE << 16;
		idt[i].middle = (stub & 0xffff0000) | GATE_INTERRUPT << 8;
		idt[i].high = stub >> 32;
	}
	idt[TRAP_DOUBLE_FAULT].middle |= DOUBLE_FAULT_IST;
	if (IS_ENABLED(CONFIG_USER_MODE)) {
		idt[TRAP_NMI].middle |= DOUBLE_FAULT_IST;
		idt[TRAP_MACHINE_CHECK].middle |= DOUBLE_FAULT_IST;
		idt[TRAP_BREAKPOINT].middle |= GATE_USER << 8;
		idt[TRAP_OVERFLOW].middle |= GATE_USER << 8;
	}

	descriptors_load(gdt, sizeof(gdt), idt, sizeof(idt));
}

/* Interrupts stay masked until the kernel's stack pointer is loaded; the other flags are the program's
 * to set, and would surprise C, the debugger's exception, SMAP and iret. */
void user_entry_init(void)
{
	write_msr(MSR_STAR, (uint64_t)SYSRET_BASE << 48 | (uint64_t)KERNEL_CODE << 32);
	write_msr(MSR_LSTAR, (uintptr_t)system_call_entry);
	write_msr(MSR_FMASK, FLAGS_IF | FLAGS_TF | FLAGS_DF | FLAGS_NT | FLAGS_AC);
	write_msr(MSR_EFER, read_msr(MSR_EFER) | EFER_SCE);
}

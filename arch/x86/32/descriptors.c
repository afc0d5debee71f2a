/* SPDX-License-Identifier: MIT */
/*
 * Descriptor tables of i386. A double fault is a task of its own: a task switch is the only way by
 * which this processor changes to another stack inside the kernel, and it saves the registers of the
 * code that failed in the task state segment. So the overflow of a kernel stack into its guard
 * page, where a page fault cannot push its frame, is reported.
 */
#include <asm/descriptors.h>
#include <asm/registers.h>
#include <asm/trap.h>

struct tss {
	uint32_t previous;
	uint32_t esp0, ss0, esp1, ss1, esp2, ss2;
	uint32_t cr3;
	uint32_t eip, eflags;
	uint32_t eax, ecx, edx, ebx, esp, ebp, esi, edi;
	uint32_t es, cs, ss, ds, fs, gs;
	uint32_t ldt;
	uint16_t trap;
	uint16_t io_map; /* offset of the I/O permission bits: behind the limit, there are none */
};

_Static_assert(sizeof(struct tss) == 104, "Intel SDM 3A, figure 7-2");

/* In words, because they are written a word at a time. */
struct gate {
	uint32_t low;  /* offset, bits 0 to 15; selector */
	uint32_t high; /* reserved; type, bits 8 to 15; offset, bits 16 to 31 */
};

_Static_assert(sizeof(struct gate) == 8, "Intel SDM 3A, figure 6-2");

#define GATE_INTERRUPT 0x8e /* present; masks interrupts on entry */
#define GATE_TASK      0x85

static void double_fault(void) __noreturn;

char fault_stack[FAULT_STACK_SIZE] __aligned(16);

static struct tss tss = {
	.io_map = sizeof(struct tss),
};

static struct tss double_fault_tss = {
	.eip = (uintptr_t)double_fault,
	.eflags = 2, /* always 1 */
	.esp = (uintptr_t)fault_stack + FAULT_STACK_SIZE,
	.es = KERNEL_DATA,
	.cs = KERNEL_CODE,
	.ss = KERNEL_DATA,
	.ds = KERNEL_DATA,
	.io_map = sizeof(struct tss),
};

/* 32/head.S loads it too. */
extern uint64_t gdt[];
uint64_t gdt[] = {
	[KERNEL_CODE / 8] = 0x00cf9b000000ffff, /* 32-bit code, 4 GiB, accessed */
	[KERNEL_DATA / 8] = 0x00cf93000000ffff, /* writable data, 4 GiB, accessed */
	[DOUBLE_FAULT_TSS / 8] = 0,		/* both TSS are filled below */
};

static struct gate idt[VECTORS];

/* The double fault's task: what it interrupted is in the TSS that the processor left. */
static void double_fault(void)
{
	struct trap_frame frame = {
		.edi = tss.edi,
		.esi = tss.esi,
		.ebp = tss.ebp,
		.ebx = tss.ebx,
		.edx = tss.edx,
		.ecx = tss.ecx,
		.eax = tss.eax,
		.vector = TRAP_DOUBLE_FAULT,
		.eip = tss.eip,
		.cs = tss.cs,
		.eflags = tss.eflags,
	};

	frame.pusha_esp = tss.esp - (trap_frame_sp(&frame) - frame.pusha_esp);
	trap_report(&frame);
}

void descriptors_init(void)
{
	descriptors_set_page_table(read_cr3());
	gdt[KERNEL_TSS / 8] = SYSTEM_SEGMENT((uintptr_t)&tss, sizeof(tss) - 1, SEGMENT_TSS);
	gdt[DOUBLE_FAULT_TSS / 8] = SYSTEM_SEGMENT((uintptr_t)&double_fault_tss,
						   sizeof(double_fault_tss) - 1, SEGMENT_TSS);

	for (unsigned i = 0; i < VECTORS; i++) {
		uintptr_t stub = (uintptr_t)trap_stubs + i * TRAP_STUB_SIZE;

		idt[i].low = (stub & 0xffff) | KERNEL_CODE << 16;
		idt[i].high = (stub & 0xffff0000) | GATE_INTERRUPT << 8;
	}
	idt[TRAP_DOUBLE_FAULT].low = DOUBLE_FAULT_TSS << 16;
	idt[TRAP_DOUBLE_FAULT].high = GATE_TASK << 8;

	descriptors_load(gdt, sizeof(gdt), idt, sizeof(idt));
}

void descriptors_set_page_table(unsigned long cr3)
{
	double_fault_tss.cr3 = cr3;
}

/* SPDX-License-Identifier: MIT */
/*
 * Descriptor tables of x86_64. Double faults run on a stack of their own through the interrupt
 * stack table, so that the overflow of a kernel stack into its guard page is reported: the page
 * fault cannot push its frame there and becomes a double fault. Every other exception stays on the
 * stack that it interrupts.
 */
#include <asm/descriptors.h>
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

/* In words, because they are written a word at a time. */
struct gate {
	uint32_t low; /* offset, bits 0 to 15; selector */
	uint32_t
		middle; /* stack: 0 the current one, n ist[n - 1]; type, bits 8 to 15; offset, 16 to 31 */
	uint64_t high; /* offset, bits 32 to 63; reserved */
};

_Static_assert(sizeof(struct gate) == 16, "Intel SDM 3A, figure 6-8");

#define GATE_INTERRUPT	 0x8e /* present; masks interrupts on entry */
#define DOUBLE_FAULT_IST 1

char fault_stack[FAULT_STACK_SIZE] __aligned(16);

static struct tss tss = {
	.ist[DOUBLE_FAULT_IST - 1] = (uintptr_t)fault_stack + FAULT_STACK_SIZE,
	.io_map = sizeof(struct tss),
};

/* 64/head.S loads it too, by its physical address. */
extern uint64_t gdt[];
uint64_t gdt[] = {
	[KERNEL_CODE / 8] = 0x00af9b000000ffff, /* 64-bit code, accessed */
	[KERNEL_DATA / 8] = 0x00cf93000000ffff, /* writable data, accessed */
	[KERNEL_TSS / 8 + 1] = 0,		/* the TSS: filled below */
};

static struct gate idt[VECTORS];

void descriptors_init(void)
{
	uintptr_t base = (uintptr_t)&tss;

	gdt[KERNEL_TSS / 8] = SYSTEM_SEGMENT(base, sizeof(tss) - 1, SEGMENT_TSS);
	gdt[KERNEL_TSS / 8 + 1] = base >> 32;

	for (unsigned i = 0; i < VECTORS; i++) {
		uintptr_t stub = (uintptr_t)trap_stubs + i * TRAP_STUB_SIZE;

		idt[i].low = (stub & 0xffff) | KERNEL_CODE << 16;
		idt[i].middle = (stub & 0xffff0000) | GATE_INTERRUPT << 8;
		idt[i].high = stub >> 32;
	}
	idt[TRAP_DOUBLE_FAULT].middle |= DOUBLE_FAULT_IST;

	descriptors_load(gdt, sizeof(gdt), idt, sizeof(idt));
}

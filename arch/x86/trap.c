/* SPDX-License-Identifier: MIT */
/*
 * What happens on an exception or interrupt, after the entry code. An exception goes to the handler
 * of its vector; those that nobody handles are bugs of the kernel and are reported in words.
 */
#include <asm/descriptors.h>
#include <asm/irqflags.h>
#include <asm/paging.h>
#include <asm/registers.h>
#include <asm/trap.h>
#include <tessera/arch.h>
#include <tessera/i8259.h>
#include <tessera/irq.h>
#include <tessera/kernel.h>
#include <tessera/linker.h>
#include <tessera/vmap.h>

static const char *const names[TRAPS] = {
	"divide error: division by zero, or the quotient is too large",
	"debug exception",
	"non-maskable interrupt: hardware failure",
	"breakpoint",
	"overflow",
	"bound range exceeded",
	"invalid instruction",
	"FPU instruction, which the kernel must not use",
	NULL, /* double fault: see below */
	"coprocessor segment overrun",
	"invalid task state segment",
	"segment not present",
	"stack segment fault",
	"general protection fault",
	NULL, /* page fault: see below */
	NULL,
	"FPU error",
	"alignment check",
	"machine check: hardware failure",
	"SIMD error",
	"virtualization exception",
	"control protection exception",
};

/* NULL: trap_report. */
static trap_handler *handlers[TRAPS];

trap_handler *trap_set_handler(unsigned vector, trap_handler *handler)
{
	trap_handler *before = handlers[vector];

	handlers[vector] = handler;
	return before;
}

/* Bits of a page fault's error code. */
#define FAULT_PRESENT  0x01 /* there is a page, but it forbids the access */
#define FAULT_WRITE    0x02
#define FAULT_USER     0x04
#define FAULT_RESERVED 0x08
#define FAULT_EXECUTE  0x10

static bool is_in(uintptr_t address, const char *start, const char *end)
{
	return address >= (uintptr_t)start && address < (uintptr_t)end;
}

/* Whose guard page the address lies in; NULL: it is none. */
static const char *guarded_stack(uintptr_t address)
{
	if (is_in(address, __boot_guard_start, __boot_guard_end))
		return "the boot stack";
	return stack_is_guard(address) ? "a kernel stack" : NULL;
}

static const char *region_name(uintptr_t address)
{
	if (address < PAGE_SIZE)
		return "page 0 (a null pointer)";
	if (is_in(address, __text_start, __text_end))
		return "kernel text";
	if (is_in(address, __rodata_start, __rodata_end))
		return "kernel constants";
	if (is_in(address, __data_start, __bss_end))
		return "kernel data";
	if (address >= VMAP_START && address < VMAP_END)
		return "the vmap range";
	if (address >= DIRECT_MAP_BASE && address - DIRECT_MAP_BASE < DIRECT_MAP_LIMIT)
		return "the direct map";
	return address < DIRECT_MAP_BASE ? "user space" : "no region of the kernel";
}

static const char *reason(uintptr_t address, unsigned long error)
{
	if (!(error & FAULT_PRESENT))
		return "nothing is mapped there";
	if (error & FAULT_RESERVED)
		return "a page table entry has a reserved bit set";
	if (page_lookup(address, NULL) & ENTRY_USER)
		return "it belongs to the user";
	if (error & FAULT_EXECUTE)
		return "it is not executable";
	if (error & FAULT_WRITE)
		return "it is read-only";
	return "protection";
}

static void __noreturn report_page_fault(const struct trap_frame *frame)
{
	uintptr_t address = read_cr2();
	unsigned long error = frame->error;
	const char *access = error & FAULT_EXECUTE ? "execution"
			     : error & FAULT_WRITE ? "write"
						   : "read";

	if (guarded_stack(address))
		panic_frame(frame, "stack overflow: %s at %p, in the guard page of %s", access,
			    (void *)address, guarded_stack(address));
	panic_frame(frame, "page fault: %s at %p, %s: %s", access, (void *)address,
		    region_name(address), reason(address, error));
}

/* A page fault whose frame could not be pushed ends here: CR2 still has its address. */
static void __noreturn report_double_fault(const struct trap_frame *frame)
{
	uintptr_t address = read_cr2();

	if (guarded_stack(address))
		panic_frame(frame, "stack overflow: push at %p, in the guard page of %s",
			    (void *)address, guarded_stack(address));
	panic_frame(frame, "double fault: an exception cannot be delivered; last page fault at %p",
		    (void *)address);
}

/* Any other. An error code names a descriptor. */
static void __noreturn report_exception(const struct trap_frame *frame)
{
	unsigned error = (unsigned)frame->error;
	const char *name = names[frame->vector];

	if (error)
		panic_frame(frame, "%s: %s entry 0x%x", name,
			    error & 2	? "IDT"
			    : error & 4 ? "LDT"
					: "GDT",
			    error >> 3);
	if (frame->vector == TRAP_PROTECTION)
		panic_frame(frame, "%s: address not canonical, or operation not allowed", name);
	panic_frame(frame, "%s", name ? name : "reserved exception");
}

void trap_report(struct trap_frame *frame)
{
	if (frame->vector == TRAP_PAGE_FAULT)
		report_page_fault(frame);
	if (frame->vector == TRAP_DOUBLE_FAULT)
		report_double_fault(frame);
	report_exception(frame);
}

void arch_print_registers(const struct trap_frame *frame)
{
	if (frame) {
		trap_frame_print((struct trap_frame *)frame);
		return;
	}
	/* A breakpoint makes the entry code save all registers as they are here. */
	trap_set_handler(TRAP_BREAKPOINT, trap_frame_print);
	__asm__ volatile("int3");
}

void trap_dispatch(struct trap_frame *frame)
{
	bool unmasked = IS_ENABLED(CONFIG_DEBUG_IRQS_OFF) && (trap_frame_flags(frame) & FLAGS_IF);

	if (unmasked)
		irqs_off_begin((void *)trap_frame_pc(frame));
	if (likely(handlers[frame->vector]))
		handlers[frame->vector](frame);
	else
		trap_report(frame);
	if (unmasked)
		irqs_off_end();
}

static __always_inline void interrupt_handle(unsigned irq)
{
	if (irq < I8259_IRQS) {
		if (i8259_is_spurious(irq))
			irq_spurious();
		else
			irq_dispatch(irq);
	}
}

void interrupt_dispatch(unsigned irq, struct interrupt_frame *frame)
{
	bool unmasked =
		IS_ENABLED(CONFIG_DEBUG_IRQS_OFF) && (interrupt_frame_flags(frame) & FLAGS_IF);

	if (unmasked)
		irqs_off_begin((void *)interrupt_frame_pc(frame));
	interrupt_handle(irq);
	if (unmasked)
		irqs_off_end();
}

void user_interrupt(unsigned irq)
{
	irqs_off_begin(user_interrupt);
	interrupt_handle(irq);
	irqs_off_end();
}

/* SPDX-License-Identifier: MIT */
/* All registers, for panic. */
#include <asm/registers.h>
#include <asm/trap.h>
#include <tessera/arch.h>
#include <tessera/console.h>

static void print_frame(struct trap_frame *frame)
{
	print("rax %016lx  rbx %016lx  rcx %016lx\n", frame->rax, frame->rbx, frame->rcx);
	print("rdx %016lx  rsi %016lx  rdi %016lx\n", frame->rdx, frame->rsi, frame->rdi);
	print("rbp %016lx  rsp %016lx  r8  %016lx\n", frame->rbp, frame->rsp, frame->r8);
	print("r9  %016lx  r10 %016lx  r11 %016lx\n", frame->r9, frame->r10, frame->r11);
	print("r12 %016lx  r13 %016lx  r14 %016lx\n", frame->r12, frame->r13, frame->r14);
	print("r15 %016lx  rip %016lx  flags %08lx\n", frame->r15, frame->rip, frame->rflags);
	print("cs %04lx  ss %04lx  error %04lx  cr0 %08lx  cr4 %08lx\n", frame->cs, frame->ss,
	      frame->error, read_cr0(), read_cr4());
	print("cr2 %016lx  cr3 %016lx\n", read_cr2(), read_cr3());
}

void arch_print_registers(const struct trap_frame *frame)
{
	if (frame) {
		print_frame((struct trap_frame *)frame);
		return;
	}
	/* A breakpoint makes the entry code save all registers as they are here. */
	trap_set_handler(TRAP_BREAKPOINT, print_frame);
	__asm__ volatile("int3");
}

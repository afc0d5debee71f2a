/* SPDX-License-Identifier: MIT */
/* All registers, in words of their own. */
#include <asm/registers.h>
#include <asm/trap.h>
#include <tessera/console.h>

void trap_frame_print(struct trap_frame *frame)
{
	print("eax %08x  ebx %08x  ecx %08x  edx %08x\n", frame->eax, frame->ebx, frame->ecx,
	      frame->edx);
	print("esi %08x  edi %08x  ebp %08x  esp %08lx\n", frame->esi, frame->edi, frame->ebp,
	      (unsigned long)trap_frame_sp(frame));
	print("eip %08x  cs %04x  flags %08x  error %04x\n", frame->eip, frame->cs, frame->eflags,
	      frame->error);
	print("cr0 %08lx  cr2 %08lx  cr3 %08lx  cr4 %08lx\n", read_cr0(), read_cr2(), read_cr3(),
	      read_cr4());
}

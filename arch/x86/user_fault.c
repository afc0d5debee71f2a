/* SPDX-License-Identifier: MIT */
/*
 * Exceptions of programs, and those of the kernel that a program is behind.
 *
 * A program's exception becomes the signal that Linux gives for it, with its si_code; only a page
 * fault may be no error at all, and space_fault decides that. Nothing a program does is the kernel's
 * own fault: what is reported here is broken hardware.
 *
 * The kernel touches what a program chose in few places, and each has an entry in the exception table:
 * the copies to and from user memory (user_copy.S, asm/user_copy.h), the return to user mode, and
 * on i386 the loads of segment registers. A page fault there is mended like the program's own, if
 * space_fault can; otherwise, and after any other fault, the kernel goes on at the entry's other address.
 * A fault anywhere else is a bug and is reported: SMAP makes that true of user memory as well.
 *
 * The table is searched from its beginning, which costs four instructions for each of some 40 entries: it
 * is no sorted array because only copies to memory that has not been touched yet come here.
 *
 * Source: Intel SDM volume 3A, chapter 6; the signals: what Linux 6.1 gives on x86.
 */
#include <asm/registers.h>
#include <asm/user_access.h>
#include <tessera/linker.h>
#include <tessera/process.h>
#include <tessera/signal.h>

extern const struct exception_entry __start_exception_table[], __stop_exception_table[];
extern uint8_t *const __start_user_access_sites[], *const __stop_user_access_sites[];

/* ---- Exceptions of programs ---- */

/* Bits of a page fault's error code (trap.c has them all). */
#define FAULT_WRITE   0x02
#define FAULT_EXECUTE 0x10

static unsigned fault_access(unsigned long error)
{
	if (error & FAULT_WRITE)
		return AREA_WRITE;
	return error & FAULT_EXECUTE ? AREA_EXECUTE : AREA_READ;
}

void user_page_fault_trap(struct trap_frame *frame, uintptr_t address)
{
	user_page_fault(frame, address, fault_access(frame->error));
}

struct exception {
	uint8_t signal, code;
	bool at_instruction; /* si_addr is the instruction; else 0 */
	const char *what;
};

static const struct exception exceptions[TRAPS] = {
	[TRAP_DIVIDE] = { SIGFPE, FPE_INTDIV, true, "divide error" },
	[TRAP_BREAKPOINT] = { SIGTRAP, SI_KERNEL, false, "breakpoint" },
	[TRAP_OVERFLOW] = { SIGSEGV, SI_KERNEL, false, "overflow trap" },
	[TRAP_BOUND] = { SIGSEGV, SI_KERNEL, false, "bound range exceeded" },
	[TRAP_INVALID] = { SIGILL, ILL_ILLOPN, true, "invalid instruction" },
	[TRAP_NO_FPU] = { SIGILL, ILL_COPROC, true, "FPU instruction without FPU" },
	[TRAP_TSS] = { SIGSEGV, SI_KERNEL, false, "invalid task state segment" },
	[TRAP_SEGMENT] = { SIGBUS, SI_KERNEL, false, "segment not present" },
	[TRAP_STACK] = { SIGBUS, SI_KERNEL, false, "stack segment fault" },
	[TRAP_PROTECTION] = { SIGSEGV, SI_KERNEL, false, "general protection fault" },
	[TRAP_ALIGNMENT] = { SIGBUS, BUS_ADRALN, false, "alignment check" },
};

/* Single steps, and `int1`. */
static void debug_exception(struct trap_frame *frame)
{
	unsigned long status = read_dr6();

	write_dr6(0);
	user_exception(frame, SIGTRAP, status & DR6_STEP ? TRAP_TRACE : TRAP_BRKPT,
		       trap_frame_pc(frame), "debug exception");
}

/* The exceptions that have happened and are not masked, lowest bit first: the same order in the FPU's
 * status word and in MXCSR. */
static void fpu_exception(struct trap_frame *frame)
{
	static const uint8_t codes[] = { FPE_FLTINV, FPE_FLTUND, FPE_FLTDIV,
					 FPE_FLTOVF, FPE_FLTUND, FPE_FLTRES };
	unsigned raised = frame->vector == TRAP_FPU ? fpu_raised() : simd_raised();
	int code = 0;

	for (unsigned i = 0; i < ARRAY_SIZE(codes) && !code; i++)
		if (raised & BIT(i))
			code = codes[i];
	user_exception(frame, SIGFPE, code, trap_frame_pc(frame),
		       frame->vector == TRAP_FPU ? "FPU error" : "SIMD error");
}

/* These come at any instruction, on a stack of their own, and are not the program's. */
static bool is_hardware_failure(unsigned long vector)
{
	return vector == TRAP_NMI || vector == TRAP_DOUBLE_FAULT || vector == TRAP_MACHINE_CHECK;
}

void user_trap(struct trap_frame *frame)
{
	const struct exception *exception = &exceptions[frame->vector];

	if (is_hardware_failure(frame->vector))
		trap_report(frame);
	irq_enable();
	if (frame->vector == TRAP_DEBUG)
		debug_exception(frame);
	else if (frame->vector == TRAP_FPU || frame->vector == TRAP_SIMD)
		fpu_exception(frame);
	else if (exception->what)
		user_exception(frame, exception->signal, exception->code,
			       exception->at_instruction ? trap_frame_pc(frame) : 0,
			       exception->what);
	else /* none that today's processors have */
		user_exception(frame, SIGSEGV, SI_KERNEL, 0, "reserved exception");
}

void user_return_fault(struct trap_frame *frame)
{
	irq_enable();
	user_exception(frame, SIGSEGV, SI_KERNEL, 0, "return to an address or stack that is none");
}

/* ---- Exceptions of the kernel ---- */

uintptr_t exception_lookup(uintptr_t address)
{
	registry_for_each(exception_table, struct exception_entry, entry) {
		if (entry->at == address)
			return entry->go;
	}
	return 0;
}

static void go_on(struct trap_frame *frame, uintptr_t go)
{
	trap_frame_set_pc(frame, go);
	trap_frame_set_flags(frame, trap_frame_flags(frame) & ~FLAGS_AC);
}

/* With interrupts masked nothing can be mended: the kernel does not touch user memory so. */
static bool mended(uintptr_t address, unsigned access)
{
	bool mapped;
	int error;

	if (address >= USER_END || !current_thread()->task)
		return false;
	irq_enable();
	error = space_fault(current_process()->space, address, access, &mapped);
	irq_disable();
	return error == 0;
}

static void kernel_page_fault(struct trap_frame *frame)
{
	uintptr_t address = read_cr2();
	uintptr_t go = exception_lookup(trap_frame_pc(frame));

	if (!go)
		trap_report(frame);
	if (!(trap_frame_flags(frame) & FLAGS_IF) || !mended(address, fault_access(frame->error)))
		go_on(frame, go);
}

static void kernel_fault(struct trap_frame *frame)
{
	uintptr_t go = exception_lookup(trap_frame_pc(frame));

	if (!go)
		trap_report(frame);
	go_on(frame, go);
}

void user_fault_init(void)
{
	trap_set_handler(TRAP_PAGE_FAULT, kernel_page_fault);
	trap_set_handler(TRAP_PROTECTION, kernel_fault);
	trap_set_handler(TRAP_SEGMENT, kernel_fault);
	trap_set_handler(TRAP_STACK, kernel_fault);
}

void user_access_init(void)
{
	for (uint8_t *const *site = __start_user_access_sites; site < __stop_user_access_sites;
	     site++)
		(*site)[1] = 0x01;
}

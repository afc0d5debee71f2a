/* SPDX-License-Identifier: MIT */
/*
 * The end of the kernel: panic for a broken invariant, boot_fail for a machine that cannot run it.
 *
 * A report uses no memory but the stack and takes no lock. When it runs into a second fault it
 * says only that, and when even that fails it just ends the machine: so a panic always ends.
 */
#include <asm/irqflags.h>
#include <tessera/arch.h>
#include <tessera/kernel.h>
#include <tessera/log.h>
#include <tessera/test.h>
#include <tessera/thread.h>
#include <tessera/version.h>

#include "console_internal.h"

#define HIDDEN_LINES 16 /* of the log that were not shown are shown now */

static unsigned depth; /* panics begun */

/* Gets a console ready for the report; does not return when a report is under way already. */
static void report_begin(const char *what, const char *format, va_list args)
{
	irq_disable();
	depth++;
	if (depth > 2)
		machine_exit(1);
	if (depth == 1) {
		console_require();
		log_panic_flush();
		console_fresh_line();
	}
	print("\n%s%s: ", depth == 1 ? "" : "in the report of a ", what);
	vprint(format, args);
	print("\n");
	if (depth == 2)
		machine_exit(1);
}

static void __noreturn report(const struct trap_frame *frame, const char *format, va_list args)
{
	report_begin("panic", format, args);
	print("Tessera " TESSERA_VERSION ", configuration " CONFIG_CONFIG_NAME ", " CONFIG_ARCH_NAME
	      "\n");
	if (IS_ENABLED(CONFIG_THREADS) && current_thread())
		print("in thread %d, %s\n", current_thread()->id, current_thread()->name);
	arch_print_registers(frame);
	backtrace_print(frame);
	log_show_hidden(HIDDEN_LINES);
	print("end of panic\n");
	machine_exit(1);
}

void panic(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	test_catch_panic(format, args);
	report(NULL, format, args);
}

void panic_frame(const struct trap_frame *frame, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	report(frame, format, args);
}

void boot_fail(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	test_catch_panic(format, args);
	report_begin("Tessera cannot start", format, args);
	machine_exit(1);
}

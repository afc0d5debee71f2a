/* SPDX-License-Identifier: MIT */
/* Who called whom, in names where the image holds the symbol table. */
#include <tessera/arch.h>
#include <tessera/console.h>
#include <tessera/kernel.h>
#include <tessera/monitor.h>
#include <tessera/symbols.h>

#define DEPTH_MAX 32 /* a broken stack may be endless */

static bool print_entry(uintptr_t address, bool certain, void *arg)
{
	unsigned *left = arg;
	size_t offset;
	const char *name = symbol_lookup(address, &offset);

	print("  %s%p", certain ? "" : "? ", (void *)address);
	if (name)
		print(" %s+0x%zx", name, offset);
	print("\n");
	return --*left > 0;
}

void backtrace_print(const struct trap_frame *frame)
{
	unsigned left = DEPTH_MAX;

	print("backtrace:\n");
	arch_backtrace(frame, print_entry, &left);
}

static void show_backtrace(int argc, char **argv)
{
	backtrace_print(NULL);
}
MONITOR_COMMAND(backtrace, "backtrace", "who called whom, down to this command", show_backtrace);

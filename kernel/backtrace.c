/* SPDX-License-Identifier: MIT */
/* Who called whom, in names where the image holds the symbol table. */
#include <tessera/arch.h>
#include <tessera/console.h>
#include <tessera/kernel.h>
#include <tessera/monitor.h>
#include <tessera/symbols.h>

#define DEPTH_MAX 32 /* a broken stack may be endless */

struct walk {
	unsigned left;
	bool is_return; /* the next address is where a call returns to */
};

static bool print_entry(uintptr_t address, bool certain, void *arg)
{
	struct walk *walk = arg;
	size_t offset;
	/* A call that never returns may be its function's last instruction: look before it. */
	const char *name = symbol_lookup(address - walk->is_return, &offset);

	print("  %s%p", certain ? "" : "? ", (void *)address);
	if (name)
		print(" %s+0x%zx", name, offset + walk->is_return);
	print("\n");
	walk->is_return = true;
	return --walk->left > 0;
}

void backtrace_print(const struct trap_frame *frame)
{
	struct walk walk = { .left = DEPTH_MAX, .is_return = !frame };

	print("backtrace:\n");
	arch_backtrace(frame, print_entry, &walk);
}

static void show_backtrace(int argc, char **argv)
{
	backtrace_print(NULL);
}
MONITOR_COMMAND(backtrace, "backtrace", "who called whom, down to this command", show_backtrace);

/* SPDX-License-Identifier: MIT */
/*
 * Deliberate faults (DEBUG_FAULTS): the monitor's `panic KIND` and the boot parameter
 * `test=fault:KIND` run one, so that a person or the test runner sees what the kernel says. The
 * CPU's own kinds come from arch_fault; a room whose debug checks panic adds its own:
 *	FAULT(page_double_free, "page-double-free", free_twice);
 */
#ifndef TESSERA_FAULT_H
#define TESSERA_FAULT_H

#include <tessera/linker.h>

struct fault {
	const char *kind;
	void (*run)(void); /* does not return if the kernel catches the fault */
};

#ifdef CONFIG_DEBUG_FAULTS
#define FAULT(id, kind_text, function) \
	REGISTRY_ENTRY(faults, struct fault, id) = { .kind = (kind_text), .run = (function) }
#else
#define FAULT(id, kind_text, function) \
	static void (*const __unused_fault_##id)(void) __attribute__((unused)) = (function)
#endif

extern const struct fault __start_faults[], __stop_faults[];

/* Runs the kind. Returns only when nothing was caught (0) or there is no such kind (-ENOENT).
 * Thread context. */
int fault_run(const char *kind);

/* Prints the kinds, separated by spaces, on one line. */
void fault_list(void);

#endif

/* SPDX-License-Identifier: MIT */
/* Deliberate faults: those that rooms registered, and those of the CPU. */
#include <tessera/arch.h>
#include <tessera/console.h>
#include <tessera/errno.h>
#include <tessera/fault.h>
#include <tessera/string.h>

int fault_run(const char *kind)
{
	registry_for_each(faults, struct fault, fault) {
		if (strcmp(fault->kind, kind) == 0) {
			fault->run();
			return 0;
		}
	}
	return arch_fault(kind);
}

void fault_list(void)
{
	for (const char *const *kind = arch_fault_kinds(); *kind; kind++)
		print("%s ", *kind);
	registry_for_each(faults, struct fault, fault)
		print("%s ", fault->kind);
	print("\n");
}

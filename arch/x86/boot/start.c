/* SPDX-License-Identifier: MIT */
/*
 * From the entry code to the portable kernel: exceptions are reported from the first moment, then
 * the loader's information is read, whichever kind it is.
 */
#include <asm/cpu.h>
#include <asm/descriptors.h>
#include <asm/page.h>
#include <tessera/arch.h>
#include <tessera/kernel.h>
#include <tessera/linker.h>
#include <tessera/memory_map.h>
#include <tessera/serial.h>

#include "loader.h"

/* Called by 32/head.S or 64/head.S, on the boot stack. */
void x86_start(uintptr_t who, uintptr_t info) __noreturn;

void x86_start(uintptr_t who, uintptr_t info)
{
	descriptors_init();
	cpu_init();
	boot_alloc_limit = STARTUP_MAP_SIZE;

	if (who == BOOT_PVH)
		pvh_read(info);
	else
		multiboot2_read(info);
	memory_map_reserve(image_to_phys(__image_start), (phys_addr_t)(__image_end - __image_start),
			   "kernel");
	kernel_start();
}

void arch_console_init(void)
{
	serial_init();
}

void arch_init(void)
{
	/* Descriptor tables and the stack for faults need no memory of their own. */
	if (IS_ENABLED(CONFIG_USER_MODE))
		user_init();
}

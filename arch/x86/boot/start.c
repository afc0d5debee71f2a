/* SPDX-License-Identifier: MIT */
/*
 * From the entry code to the portable kernel: exceptions are reported from the first moment, then
 * the loader's information is read, whichever kind it is.
 */
#include <asm/boot.h>
#include <asm/cpu.h>
#include <asm/descriptors.h>
#include <asm/paging.h>
#include <tessera/arch.h>
#include <tessera/boot_info.h>
#include <tessera/kernel.h>
#include <tessera/linker.h>
#include <tessera/log.h>
#include <tessera/memory_map.h>
#include <tessera/serial.h>
#include <tessera/string.h>

#define LOG_TAG "boot"

/* Called by 32/head.S or 64/head.S, on the boot stack. */
void x86_start(uintptr_t who, uintptr_t info) __noreturn;

const void *boot_data(phys_addr_t address, uint64_t size)
{
	if (address == 0 || size > STARTUP_MAP_SIZE || address > STARTUP_MAP_SIZE - size)
		return NULL;
	return phys_to_virt(address);
}

/* ACPI specification 6.4, table 15.4. */
void boot_add_memory(phys_addr_t base, phys_addr_t size, uint32_t type)
{
	enum { RAM = 1, ACPI_TABLES = 3 };

	memory_map_add(base, size,
		       type == RAM	   ? MEMORY_USABLE
		       : type == ACPI_TABLES ? MEMORY_ACPI
					   : MEMORY_RESERVED);
}

void boot_set_command_line(const char *text, size_t max)
{
	size_t length = strnlen(text, max);

	boot_info.command_line_cut = length >= sizeof(boot_info.command_line);
	length = MIN(length, sizeof(boot_info.command_line) - 1);
	memcpy(boot_info.command_line, text, length);
	boot_info.command_line[length] = '\0';
}

void boot_add_module(phys_addr_t address, phys_addr_t size)
{
	if (boot_info.initramfs_size) {
		log_warning("module at 0x%llx ignored: only the first is used, as initramfs",
			    (unsigned long long)address);
		return;
	}
	boot_info.initramfs = address;
	boot_info.initramfs_size = size;
	memory_map_reserve(address, size, "initramfs");
}

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
	cpu_report();
}

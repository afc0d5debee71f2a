/* SPDX-License-Identifier: MIT */
/* What both loader protocols hand on, in one form. */
#include <asm/page.h>
#include <tessera/boot_info.h>
#include <tessera/log.h>
#include <tessera/memory_map.h>
#include <tessera/string.h>

#include "loader.h"

#define LOG_TAG "boot"

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
	enum memory_type ours = MEMORY_RESERVED;

	if (type == RAM)
		ours = MEMORY_USABLE;
	else if (type == ACPI_TABLES)
		ours = MEMORY_ACPI;
	memory_map_add(base, size, ours);
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

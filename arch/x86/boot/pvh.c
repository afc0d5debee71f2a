/* SPDX-License-Identifier: MIT */
/*
 * PVH, QEMU's direct boot (and Xen's): the loader leaves a start_info structure that points to the
 * rest. Source: Xen's public header arch-x86/hvm/start_info.h. The memory map may come in any
 * order and with empty entries: memory_map_add sees to that.
 */
#include <tessera/boot_info.h>
#include <tessera/compiler.h>
#include <tessera/kernel.h>

#include "loader.h"

#define START_INFO_MAGIC 0x336ec578

/* Packed: nobody says how they are aligned. */
struct start_info {
	uint32_t magic;
	uint32_t version; /* 0 has no memory map */
	uint32_t flags;
	uint32_t module_count;
	uint64_t modules;
	uint64_t command_line;
	uint64_t rsdp;
	uint64_t memory_map;
	uint32_t memory_map_count;
	uint32_t reserved;
} __packed;

struct module {
	uint64_t address;
	uint64_t size;
	uint64_t command_line;
	uint64_t reserved;
} __packed;

struct map_entry {
	uint64_t base;
	uint64_t size;
	uint32_t type;
	uint32_t reserved;
} __packed;

_Static_assert(sizeof(struct start_info) == 56, "layout of start_info.h");
_Static_assert(sizeof(struct module) == 32, "layout of start_info.h");
_Static_assert(sizeof(struct map_entry) == 24, "layout of start_info.h");

/* Command lines end by NUL only; longer ones are cut anyway. */
#define COMMAND_LINE_LOOK (COMMAND_LINE_MAX + 1)

void pvh_read(phys_addr_t address)
{
	const struct start_info *info = boot_data(address, sizeof(*info));
	const struct map_entry *map;
	const struct module *modules;
	const char *text;

	boot_info.loader = "PVH";
	if (!info || info->magic != START_INFO_MAGIC)
		boot_fail("PVH loader: no start_info structure at 0x%llx",
			  (unsigned long long)address);
	if (info->version < 1)
		boot_fail("PVH loader: start_info version %u has no memory map; 1 is needed",
			  info->version);
	map = boot_data(info->memory_map, (uint64_t)info->memory_map_count * sizeof(*map));
	if (!map || !info->memory_map_count)
		boot_fail("PVH loader: its memory map (%u entries at 0x%llx) cannot be read",
			  info->memory_map_count, (unsigned long long)info->memory_map);
	for (uint32_t i = 0; i < info->memory_map_count; i++)
		boot_add_memory(map[i].base, map[i].size, map[i].type);

	text = boot_data(info->command_line, COMMAND_LINE_LOOK);
	if (text)
		boot_set_command_line(text, COMMAND_LINE_LOOK);
	modules = boot_data(info->modules, (uint64_t)info->module_count * sizeof(*modules));
	for (uint32_t i = 0; modules && i < info->module_count; i++)
		boot_add_module(modules[i].address, modules[i].size);
	boot_info.acpi_rsdp = info->rsdp;
}

/* SPDX-License-Identifier: MIT */
/*
 * Between the entry code and the readers of what the loader left. Memory protocol: nothing that
 * the loader left is changed or given out before it has been read and copied, so none of it needs
 * to be kept; the modules are reserved. Also read by assembly.
 */
#ifndef BOOT_LOADER_H
#define BOOT_LOADER_H

/* Who started the kernel. */
#define BOOT_MULTIBOOT2 1
#define BOOT_PVH	2

#define MULTIBOOT2_HEADER_MAGIC 0xe85250d6 /* in the image */
#define MULTIBOOT2_LOADER_MAGIC 0x36d76289 /* in EAX at entry */

#ifndef __ASSEMBLY__

#include <tessera/compiler.h>

/* What the start-up page tables map, at 0 and at DIRECT_MAP_BASE: the first GiB. */
#define STARTUP_MAP_SIZE ((phys_addr_t)1 << 30)

/* Reads the information structure at physical address `info` into boot_info and the memory map.
 * boot_fail when it holds no usable memory map. */
void multiboot2_read(phys_addr_t info);
void pvh_read(phys_addr_t info);

/*
 * What the loader left at [address, address + size), or NULL when that is nothing or out of reach of
 * the start-up page tables.
 */
const void *boot_data(phys_addr_t address, uint64_t size);

/* Adds a range of the firmware's memory map; `type` is one of ACPI's address range types. */
void boot_add_memory(phys_addr_t base, phys_addr_t size, uint32_t type);

/* Copies a command line of at most `max` bytes, which may end earlier by NUL. */
void boot_set_command_line(const char *text, size_t max);

/* The first module is the initramfs; others are reported and left alone. */
void boot_add_module(phys_addr_t address, phys_addr_t size);

#endif
#endif

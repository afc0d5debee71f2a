/* SPDX-License-Identifier: MIT */
/*
 * What Malta's firmware says: YAMON, and QEMU in its place.
 *
 * argv[0] is the program's name, argv[1] is the command line in one piece (QEMU), or its words are
 * argv[1] up to argc (YAMON). The environment is pairs of pointers, name and value, up to a NULL.
 * `memsize` is the memory from physical 0 on, 256 MiB at most; `ememsize` is all of it. An initial
 * file system is announced by two words at the front of the command line, which start-up therefore
 * takes as parameters: rd_start=ADDRESS in kseg0, as a sign-extended 64-bit number, rd_size=BYTES.
 *
 * Under QEMU's -semihosting, which a test needs to end with a status (machine.c), argc is -1: the
 * program may ask for its arguments by semihosting calls. It does not need to, because argv and
 * the environment are at their places in memory all the same. QEMU cuts each string, and so the
 * command line, after 255 characters.
 *
 * Nothing of the firmware's is needed after board_setup: all is copied or read there.
 *
 * Source: YAMON Reference Manual (MD00009), "Loading and executing"; QEMU 7.2 hw/mips/malta.c.
 */
#include <asm/malta.h>
#include <asm/page.h>
#include <asm/setup.h>
#include <tessera/boot_info.h>
#include <tessera/boot_parameter.h>
#include <tessera/errno.h>
#include <tessera/memory_map.h>
#include <tessera/string.h>

#include "malta.h"

#define QEMU_STRING_MAX	    255
#define ARGC_BY_SEMIHOSTING (-1)

static uint64_t low_memory, all_memory; /* bytes */
static uint64_t ramdisk_start, ramdisk_size;

/* The firmware's pointers are believed only if they point into memory, aligned if need be. */
static bool in_memory(const void *pointer, uintptr_t align)
{
	uintptr_t address = (uintptr_t)pointer;

	return address >= KSEG0_BASE && address < KSEG0_BASE + MALTA_LOW_MEMORY_MAX &&
	       address % align == 0;
}

static void read_environment(char **environment)
{
	if (!in_memory(environment, sizeof(char *)))
		return;
	for (; in_memory(environment[0], 1) && in_memory(environment[1], 1); environment += 2) {
		if (strcmp(environment[0], "memsize") == 0)
			parse_number(environment[1], 0, &low_memory);
		else if (strcmp(environment[0], "ememsize") == 0)
			parse_number(environment[1], 0, &all_memory);
	}
}

static void read_command_line(int argc, char **argv)
{
	char *line = boot_info.command_line;

	if (!in_memory(argv, sizeof(char *)))
		return;
	for (int i = 1; i < argc && in_memory(argv[i], 1); i++) {
		if (i > 1)
			strlcat(line, " ", COMMAND_LINE_MAX);
		if (strlcat(line, argv[i], COMMAND_LINE_MAX) >= COMMAND_LINE_MAX ||
		    strlen(argv[i]) == QEMU_STRING_MAX)
			boot_info.command_line_cut = true;
	}
}

/* Before the memory map is finished, and so in time to keep the memory. */
static int take_ramdisk(void)
{
	phys_addr_t start = (uint32_t)ramdisk_start - KSEG0_BASE;

	if (!ramdisk_start || !ramdisk_size)
		return 0;
	if (start >= low_memory || ramdisk_size > low_memory - start)
		return -EINVAL;
	boot_info.initramfs = start;
	boot_info.initramfs_size = ramdisk_size;
	return memory_map_reserve(start, ramdisk_size, "initramfs");
}

static int set_ramdisk_start(const char *value)
{
	return parse_number(value, 0, &ramdisk_start) ? -EINVAL : take_ramdisk();
}
BOOT_PARAMETER(rd_start, set_ramdisk_start, "the firmware's: kseg0 address of the initramfs");

static int set_ramdisk_size(const char *value)
{
	return parse_number(value, 0, &ramdisk_size) ? -EINVAL : take_ramdisk();
}
BOOT_PARAMETER(rd_size, set_ramdisk_size, "the firmware's: size of the initramfs in bytes");

void board_setup(int argc, char **argv, char **environment)
{
	semihosting = argc == ARGC_BY_SEMIHOSTING;
	boot_info.loader = "the firmware";
	read_command_line(semihosting ? 2 : argc, argv);
	read_environment(environment);
	low_memory = MIN(low_memory, (uint64_t)MALTA_LOW_MEMORY_MAX);
	memory_map_add(0, low_memory, MEMORY_USABLE);
	if (all_memory > low_memory)
		memory_map_add(MALTA_HIGH_MEMORY + low_memory, all_memory - low_memory,
			       MEMORY_USABLE);
}

/* SPDX-License-Identifier: MIT */
/*
 * What Malta's firmware says: YAMON, and QEMU in its place.
 *
 * argv[0] is the program's name, argv[1] is the command line in one piece (QEMU) or in words up to
 * argc (YAMON). The environment is pairs of pointers, name and value, up to a NULL. Pointers are
 * addresses in kseg0. `memsize` is the memory from physical 0 on, 256 MiB at most; `ememsize` is
 * all of it. An initial file system is announced on the command line: rd_start=ADDRESS in kseg0,
 * as a sign-extended 64-bit number, and rd_size=BYTES; these two words are ours, not the builder's,
 * and are taken out.
 *
 * Under QEMU's -semihosting, which a test needs to end with a status (machine.c), argc is -1: the
 * program may ask for its arguments by semihosting calls. It does not need to, because argv and
 * the environment are at their places in memory all the same. QEMU cuts each string, and so the
 * command line, after 255 characters.
 *
 * Source: YAMON Reference Manual (MD00009), "Loading and executing"; QEMU 7.2 hw/mips/malta.c.
 */
#include <asm/malta.h>
#include <asm/page.h>
#include <asm/setup.h>
#include <tessera/boot_info.h>
#include <tessera/errno.h>
#include <tessera/kernel.h>
#include <tessera/log.h>
#include <tessera/memory_map.h>
#include <tessera/string.h>

#include "malta.h"

#define LOG_TAG "firmware"

#define QEMU_STRING_MAX	    255
#define ARGC_BY_SEMIHOSTING (-1)

/* The firmware's pointers are believed only if they point into memory, aligned if need be. */
static bool in_memory(const void *pointer, uintptr_t align)
{
	uintptr_t address = (uintptr_t)pointer;

	return address >= KSEG0_BASE && address < KSEG0_BASE + MALTA_LOW_MEMORY_MAX &&
	       address % align == 0;
}

static const char *environment_get(char **environment, const char *name)
{
	if (!in_memory(environment, sizeof(char *)))
		return NULL;
	for (; in_memory(environment[0], 1); environment += 2)
		if (strcmp(environment[0], name) == 0)
			return in_memory(environment[1], 1) ? environment[1] : NULL;
	return NULL;
}

/* The number in a variable, or `otherwise` when it is not set or not a number. */
static uint64_t environment_number(char **environment, const char *name, uint64_t otherwise)
{
	const char *text = environment_get(environment, name);
	uint64_t value;

	return text && parse_number(text, 0, &value) == 0 ? value : otherwise;
}

static void add_word(const char *word, size_t length)
{
	char *line = boot_info.command_line;
	size_t end = strlen(line);
	size_t space = end ? 1 : 0;

	if (end + space + length >= COMMAND_LINE_MAX) {
		boot_info.command_line_cut = true;
		return;
	}
	if (space)
		line[end++] = ' ';
	memcpy(line + end, word, length);
	line[end + length] = '\0';
}

/* The number behind "name=" when the word begins so. */
static bool take_number(const char *word, size_t length, const char *name, uint64_t *number)
{
	size_t prefix = strlen(name);
	char text[24];

	if (strncmp(word, name, prefix) != 0 || length - prefix >= sizeof(text))
		return false;
	memcpy(text, word + prefix, length - prefix);
	text[length - prefix] = '\0';
	if (parse_number(text, 0, number))
		log_warning("bad number in %s%s", name, text);
	return true;
}

struct ramdisk {
	uint64_t start, size;
};

static void add_words(const char *text, struct ramdisk *ramdisk)
{
	if (strlen(text) == QEMU_STRING_MAX)
		boot_info.command_line_cut = true;
	for (;;) {
		size_t length = 0;

		while (*text == ' ')
			text++;
		while (text[length] && text[length] != ' ')
			length++;
		if (!length)
			return;
		if (!take_number(text, length, "rd_start=", &ramdisk->start) &&
		    !take_number(text, length, "rd_size=", &ramdisk->size))
			add_word(text, length);
		text += length;
	}
}

static void read_command_line(int argc, char **argv, struct ramdisk *ramdisk)
{
	if (argc == ARGC_BY_SEMIHOSTING)
		argc = 2;
	if (!in_memory(argv, sizeof(char *)))
		return;
	for (int i = 1; i < argc && in_memory(argv[i], 1); i++)
		add_words(argv[i], ramdisk);
}

static void read_ramdisk(const struct ramdisk *ramdisk, phys_addr_t memory_end)
{
	phys_addr_t start = (uint32_t)ramdisk->start - KSEG0_BASE;

	if (!ramdisk->size)
		return;
	if (start >= memory_end || ramdisk->size > memory_end - start) {
		log_warning("rd_start=0x%llx rd_size=%llu is not in memory: ignored",
			    (unsigned long long)ramdisk->start, (unsigned long long)ramdisk->size);
		return;
	}
	boot_info.initramfs = start;
	boot_info.initramfs_size = ramdisk->size;
	memory_map_reserve(start, ramdisk->size, "initramfs");
}

void board_setup(int argc, char **argv, char **environment, uint32_t low_memory)
{
	uint64_t low = environment_number(environment, "memsize", low_memory);
	uint64_t all = environment_number(environment, "ememsize", low);
	struct ramdisk ramdisk = { 0 };

	semihosting = argc == ARGC_BY_SEMIHOSTING;
	boot_info.loader = environment_get(environment, "yamonrev") ? "YAMON" : "QEMU";
	if (low > MALTA_LOW_MEMORY_MAX)
		low = MALTA_LOW_MEMORY_MAX;

	/* All strings are copied or read here: nothing of the firmware's needs to be kept. */
	read_command_line(argc, argv, &ramdisk);
	memory_map_add(0, low, MEMORY_USABLE);
	if (all > low)
		memory_map_add(MALTA_HIGH_MEMORY + low, all - low, MEMORY_USABLE);
	read_ramdisk(&ramdisk, low);
}

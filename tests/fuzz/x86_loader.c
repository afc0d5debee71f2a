/* SPDX-License-Identifier: MIT */
/*
 * Gives the readers of multiboot2 and PVH information whatever the bytes say. As in the kernel the
 * first GiB can be read and nothing behind it, and the information ends close to that end: a reader
 * that believes a wrong size or address is a segmentation fault. A refusal (boot_fail) is fine.
 *
 *	byte 0		bit 0: PVH; the others: distance from the end of the GiB, in 8 bytes
 *	then		the information. Its magic (PVH) or size (multiboot2) is put right; an address
 *			(PVH) with its highest bit clear becomes one inside the information, a size
 *			(multiboot2) with its highest bit clear one of at most 255
 */
#include <asm/page.h>
#include <tessera/boot_info.h>
#include <tessera/kernel.h>
#include <tessera/log.h>
#include <tessera/memory_map.h>
#include <tessera/string.h>

#include "../host/machine.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void *refused[5];

#define boot_fail(...)			   __builtin_longjmp(refused, 1)
#define log_write(level, tag, format, ...) ((void)(tag))

/* What becomes of the memory map is another target's matter. */
#define memory_map_add(base, size, type)     ((void)(base), (void)(size), (void)(type))
#define memory_map_reserve(base, size, name) ((void)(base), (void)(size))

static phys_addr_t image_to_phys(const void *pointer)
{
	return (phys_addr_t)(uintptr_t)pointer;
}

#include "../../arch/x86/boot/loader.c"
#include "../../arch/x86/boot/multiboot2.c"
#include "../../arch/x86/boot/pvh.c"

struct boot_info boot_info;

/* An address inside the information, unless its highest bit is set. */
static uint64_t redirect(uint64_t address, phys_addr_t base, size_t size)
{
	return address >> 63 ? address : base + address % size;
}

static void mend_pvh(void *information, size_t size, phys_addr_t base)
{
	struct start_info *info = information;

	if (size < sizeof(*info))
		return;
	info->magic = START_INFO_MAGIC;
	info->modules = redirect(info->modules, base, size);
	info->command_line = redirect(info->command_line, base, size);
	info->memory_map = redirect(info->memory_map, base, size);
}

static void mend_multiboot2(char *information, size_t size)
{
	if (size < sizeof(struct information))
		return;
	((struct information *)information)->size = (uint32_t)size;
	for (size_t at = sizeof(struct information); at + sizeof(struct tag) <= size;) {
		struct tag *tag = (struct tag *)(information + at);

		tag->type %= TAG_RSDP_2 + 1;
		if (!(tag->size >> 31))
			tag->size &= 255;
		at += ALIGN_UP(MAX(tag->size & 255, 1), 8);
	}
}

static void read(bool pvh, phys_addr_t base)
{
	if (__builtin_setjmp(refused))
		return;
	if (pvh)
		pvh_read(base);
	else
		multiboot2_read(base);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	phys_addr_t base;
	char *information;

	if (size < 1)
		return 0;
	if (!host_memory) {
		host_start(64 << 20);
		host_allow(host_memory, STARTUP_MAP_SIZE);
	}
	memset(&boot_info, 0, sizeof(boot_info));
	have_map = false;

	base = ALIGN_DOWN(STARTUP_MAP_SIZE - (size - 1), 8ull) - (data[0] >> 1) * 8;
	information = phys_to_virt(base);
	memcpy(information, data + 1, size - 1);
	if (data[0] & 1)
		mend_pvh(information, size - 1, base);
	else
		mend_multiboot2(information, size - 1);
	read(data[0] & 1, base);

	if (boot_info.command_line[COMMAND_LINE_MAX - 1] || strlen(loader) >= sizeof(loader))
		host_abort();
	memset(information, 0, size - 1);
	return 0;
}

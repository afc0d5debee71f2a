/* SPDX-License-Identifier: MIT */
/*
 * Multiboot2 (specification 2.0, section 3.6): a list of tags behind one another, each with its type
 * and size. Under UEFI too the memory map is taken from the plain tag, which GRUB makes from the
 * firmware's.
 *
 * GRUB may put the list anywhere, even into gaps of the image. So everything is copied out of it
 * here, the ACPI root pointer too, and nothing of it needs to be kept.
 */
#include <asm/page.h>
#include <tessera/boot_info.h>
#include <tessera/format.h>
#include <tessera/kernel.h>
#include <tessera/log.h>
#include <tessera/string.h>

#include "loader.h"

#define LOG_TAG "boot"

enum tag_type {
	TAG_END = 0,
	TAG_COMMAND_LINE = 1,
	TAG_LOADER = 2,
	TAG_MODULE = 3,
	TAG_MEMORY_MAP = 6,
	TAG_FRAMEBUFFER = 8,
	TAG_EFI32 = 11,
	TAG_EFI64 = 12,
	TAG_RSDP_1 = 14,
	TAG_RSDP_2 = 15,
};

struct information {
	uint32_t size;
	uint32_t reserved;
};

struct tag {
	uint32_t type;
	uint32_t size; /* without the padding to 8 bytes */
	char content[];
};

struct module_tag {
	uint32_t start;
	uint32_t end;
};

struct map_tag {
	uint32_t entry_size;
	uint32_t version;
	char entries[];
};

struct map_tag_entry {
	uint64_t base;
	uint64_t size;
	uint32_t type;
	uint32_t reserved;
};

struct framebuffer_tag {
	uint64_t address;
	uint32_t pitch, width, height;
	uint8_t bits, type;
};

_Static_assert(sizeof(struct tag) == 8, "multiboot2 3.6.1");
_Static_assert(sizeof(struct map_tag) == 8, "multiboot2 3.6.8");
_Static_assert(sizeof(struct map_tag_entry) == 24, "multiboot2 3.6.8");
_Static_assert(offsetof(struct framebuffer_tag, type) == 21, "multiboot2 3.6.12");

#define FRAMEBUFFER_TEXT 2

/* Revision 2 has 36 bytes, the first 20. */
#define RSDP_MAX 36
static char rsdp[RSDP_MAX];

static char loader[64];

static bool have_map;

static void read_memory_map(const struct map_tag *map, uint32_t size)
{
	uint32_t step = map->entry_size;

	if (step < sizeof(struct map_tag_entry) || step % 8) {
		log_warning("multiboot2: memory map with entries of %u bytes ignored", step);
		return;
	}
	for (uint32_t at = sizeof(*map); size - at >= step; at += step) {
		const struct map_tag_entry *entry = (const void *)((const char *)map + at);

		boot_add_memory(entry->base, entry->size, entry->type);
		have_map = true;
	}
}

static void keep_rsdp(const struct tag *tag, uint32_t size)
{
	memcpy(rsdp, tag->content, MIN(size, (uint32_t)RSDP_MAX));
	boot_info.acpi_rsdp = image_to_phys(rsdp);
}

/* The least content that a tag must have for us to read it. */
static uint32_t least_size(uint32_t type)
{
	switch (type) {
	case TAG_MODULE:
		return sizeof(struct module_tag);
	case TAG_MEMORY_MAP:
		return sizeof(struct map_tag);
	case TAG_FRAMEBUFFER:
		return offsetof(struct framebuffer_tag, type) + 1;
	case TAG_RSDP_1:
	case TAG_RSDP_2:
		return 20;
	default:
		return 0;
	}
}

/* size: of the content. */
static void read_tag(const struct tag *tag, uint32_t size)
{
	const struct framebuffer_tag *framebuffer = (const void *)tag->content;
	const struct module_tag *module = (const void *)tag->content;

	switch (tag->type) {
	case TAG_COMMAND_LINE:
		boot_set_command_line(tag->content, size);
		break;
	case TAG_LOADER:
		snprintf(loader, sizeof(loader), "multiboot2 %.*s", (int)size, tag->content);
		boot_info.loader = loader;
		break;
	case TAG_MODULE:
		if (module->end > module->start)
			boot_add_module(module->start, module->end - module->start);
		break;
	case TAG_MEMORY_MAP:
		read_memory_map((const void *)tag->content, size);
		break;
	case TAG_FRAMEBUFFER:
		boot_info.screen =
			framebuffer->type == FRAMEBUFFER_TEXT ? SCREEN_TEXT : SCREEN_GRAPHICS;
		break;
	case TAG_EFI32:
	case TAG_EFI64:
		/* UEFI without a framebuffer: there is no text mode either. */
		if (boot_info.screen == SCREEN_UNKNOWN)
			boot_info.screen = SCREEN_GRAPHICS;
		break;
	case TAG_RSDP_1:
		if (!boot_info.acpi_rsdp)
			keep_rsdp(tag, size);
		break;
	case TAG_RSDP_2:
		keep_rsdp(tag, size);
		break;
	}
}

void multiboot2_read(phys_addr_t address)
{
	const struct information *info = boot_data(address, sizeof(*info));
	uint32_t at;

	boot_info.loader = "multiboot2";
	if (!info || address % 8 || info->size < sizeof(*info) || !boot_data(address, info->size))
		boot_fail("multiboot2 loader: no information structure at 0x%llx",
			  (unsigned long long)address);

	for (at = sizeof(*info); info->size - at >= sizeof(struct tag);) {
		const struct tag *tag = (const void *)((const char *)info + at);

		if (tag->type == TAG_END)
			break;
		if (tag->size > info->size - at ||
		    tag->size < sizeof(*tag) + least_size(tag->type)) {
			log_warning("multiboot2: tag %u at offset %u has a bad size (%u): "
				    "the rest is not read",
				    tag->type, at, tag->size);
			break;
		}
		read_tag(tag, tag->size - sizeof(*tag));
		at = MIN(ALIGN_UP(at + tag->size, 8u), info->size);
	}
	if (!have_map)
		boot_fail("multiboot2 loader: it gave no memory map (tag 6)");
}

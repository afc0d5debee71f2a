/* SPDX-License-Identifier: MIT */
/* What the loader said, in one form for every architecture and loader. */
#ifndef TESSERA_BOOT_INFO_H
#define TESSERA_BOOT_INFO_H

#include <tessera/types.h>

#define COMMAND_LINE_MAX 512

/* What the firmware or loader left the screen in. */
enum boot_screen {
	SCREEN_UNKNOWN,	 /* not told: the driver looks at the device */
	SCREEN_TEXT,	 /* VGA text, 80 x 25 at 0xb8000 (multiboot2 framebuffer type 2) */
	SCREEN_GRAPHICS, /* a picture, or firmware without VGA text (UEFI) */
};

struct boot_info {
	const char *loader;		     /* "multiboot2 GRUB 2.06", "PVH", "YAMON", ... */
	char command_line[COMMAND_LINE_MAX]; /* a copy, always ended by NUL */
	bool command_line_cut;		     /* the loader's was longer */
	phys_addr_t initramfs;		     /* where the loader put it; size 0: there is none */
	phys_addr_t initramfs_size;
	phys_addr_t acpi_rsdp;	 /* 0: not given */
	enum boot_screen screen; /* when the kernel was started */
};

/* Filled by the architecture before kernel_start, constant afterwards. */
extern struct boot_info boot_info;

#endif

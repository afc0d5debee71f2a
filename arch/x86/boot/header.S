/* SPDX-License-Identifier: MIT */
/*
 * What a loader looks for in the image.
 *
 * The multiboot2 header (Multiboot2 specification 2.0, section 3.1) lies at the beginning of the
 * text, within the first 32 KiB of the file. The PVH note (Xen's pvh.h) makes QEMU's -kernel start
 * the image without a loader. A multiboot1 header must not be there: QEMU would prefer it, and then
 * refuse an ELF of 64 bits.
 */
#include <asm/page.h>

#include "loader.h"

#define PHYS(symbol) ((symbol) - IMAGE_BASE)

#define TAG_END	   0
#define TAG_ENTRY  3
#define TAG_MODULE 6

	.section .multiboot2, "a"
	.balign	8
header:
	.long	MULTIBOOT2_HEADER_MAGIC
	.long	0			/* architecture: i386, protected mode */
	.long	header_end - header
	.long	-(MULTIBOOT2_HEADER_MAGIC + (header_end - header))

	/* The entry's physical address: the one in the ELF header is virtual. */
	.balign	8
	.word	TAG_ENTRY, 0
	.long	12
	.long	PHYS(multiboot2_entry)

	/* Modules begin on page boundaries. */
	.balign	8
	.word	TAG_MODULE, 0
	.long	8

	.balign	8
	.word	TAG_END, 0
	.long	8
header_end:

#define XEN_ELFNOTE_PHYS32_ENTRY 18

	.section .note.pvh, "a", @note
	.balign	4
	.long	4			/* length of the name */
	.long	8			/* length of the entry address */
	.long	XEN_ELFNOTE_PHYS32_ENTRY
	.asciz	"Xen"
	.long	PHYS(pvh_entry), 0

/* SPDX-License-Identifier: MIT */
/* The kernel in kseg0, unmapped. asm/page.h says why it lies where it does. */
#include <asm/page.h>
#include <tessera/linker.h>

ENTRY(_start)

PHDRS
{
	text PT_LOAD FLAGS(5);
	rodata PT_LOAD FLAGS(4);
	data PT_LOAD FLAGS(6);
}

SECTIONS
{
	. = IMAGE_BASE;
	__image_start = .;
	__text_start = .;
	.text : {
		KEEP(*(.text.vectors))
		KEEP(*(.text.head))
		*(.text .text.*)
	} :text
	__text_end = .;

	. = ALIGN(PAGE_SIZE);
	__rodata_start = .;
	.rodata : {
		*(.rodata .rodata.*)
		REGISTRIES
		REGISTRY(fixups)
	} :rodata
	__rodata_end = .;

	. = ALIGN(PAGE_SIZE);
	__data_start = .;
	.data : {
		*(.data .data.*)
	} :data
	. = ALIGN(8);
	__data_end = .;

	__bss_start = .;
	.bss : {
		*(.bss .bss.* COMMON)
	} :data
	. = ALIGN(PAGE_SIZE);
	__bss_end = .;
	__image_end = .;

	ASSERT(exception_vectors == IMAGE_BASE && IMAGE_BASE % 0x10000 == 0, "the vectors are not at IMAGE_BASE, or that is no multiple of 64 KiB")

	/DISCARD/ : {
		*(.comment .note.* .eh_frame .MIPS.abiflags .reginfo .pdr .gnu.attributes .mdebug.*)
	}
}

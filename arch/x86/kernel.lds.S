/* SPDX-License-Identifier: MIT */
/*
 * The image: linked at IMAGE_BASE + PHYSICAL_START, loaded at PHYSICAL_START. One ELF segment for each
 * kind of protection; each begins on a page of its own.
 */
#include <asm/page.h>
#include <tessera/linker.h>

#define PAGE		    (1 << PAGE_SHIFT)
#define PHYSICAL(section)   AT(ADDR(section) - IMAGE_BASE)

ENTRY(multiboot2_entry)

PHDRS
{
	text PT_LOAD FLAGS(5);
	rodata PT_LOAD FLAGS(4);
	data PT_LOAD FLAGS(6);
	note PT_NOTE FLAGS(4);
}

SECTIONS
{
	. = IMAGE_BASE + CONFIG_PHYSICAL_START;
	__image_start = .;

	.text : PHYSICAL(.text) {
		__text_start = .;
		KEEP(*(.multiboot2))
		*(.text.entry)
		*(.text.hot .text.hot.*)
		*(.text .text.*)
	} :text =0xcccccccc
	. = ALIGN(PAGE);
	__text_end = .;

	.rodata : PHYSICAL(.rodata) {
		__rodata_start = .;
		*(.rodata .rodata.*)
		REGISTRIES
#ifdef CONFIG_USER_MODE
		REGISTRY(exception_table)
		REGISTRY(user_access_sites)
#endif
	} :rodata
	.note.pvh : PHYSICAL(.note.pvh) {
		KEEP(*(.note.pvh))
	} :rodata :note
	. = ALIGN(PAGE);
	__rodata_end = .;

	.data : PHYSICAL(.data) {
		__data_start = .;
		*(.data .data.*)
		__data_end = .;
	} :data

	.bss ALIGN(PAGE) : PHYSICAL(.bss) {
		__bss_start = .;
		/* The start-up page tables; later the guard of the boot stack above them. */
		__boot_guard_start = .;
		*(.bss.boot_guard)
		. = ALIGN(PAGE);
		__boot_guard_end = .;
		. += BOOT_STACK_SIZE;
		boot_stack_end = .;
		*(.bss .bss.* COMMON)
		. = ALIGN(PAGE);
		__bss_end = .;
	} :data
	__image_end = .;

	/DISCARD/ : {
		*(.note.gnu.* .note.GNU-stack .comment .eh_frame)
	}
}

ASSERT(CONFIG_PHYSICAL_START >= 0x100000 || __image_end - IMAGE_BASE <= 0x9f000,
       "the kernel does not fit below 640 KiB: say n to LOAD_LOW")

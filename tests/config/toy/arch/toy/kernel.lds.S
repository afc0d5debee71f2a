/* SPDX-License-Identifier: MIT */
ENTRY(_start)
SECTIONS
{
	. = 0xffffffff80000000 + CONFIG_BASE;
	.text : {
		__text_start = .;
		KEEP(*(.text.entry))
		*(.text .text.*)
		__text_end = .;
	}
	. = ALIGN(4096);
	.rodata : {
		*(.rodata .rodata.*)
	}
	. = ALIGN(4096);
	.data : {
		*(.data .data.*)
	}
	.bss : {
		*(.bss .bss.*)
	}
	/DISCARD/ : {
		*(.comment .note.* .eh_frame)
	}
}

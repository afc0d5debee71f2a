/* SPDX-License-Identifier: MIT */
/* The archive of our programs and the builder's files (INITRAMFS_IN_IMAGE), as scripts/make-initramfs
 * packed it in the output folder. Pages of it can be mapped as they are: hence the alignment. */
	.section .rodata.initramfs, "a"
	.globl	initramfs_data, initramfs_data_end

	.balign	4096
initramfs_data:
	.incbin	"initramfs.cpio"
initramfs_data_end:

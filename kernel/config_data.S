/* SPDX-License-Identifier: MIT */
/*
 * The .config file of this build, byte for byte, from kernel_config to kernel_config_end
 * (KCONFIG_IN_IMAGE). The marks before and after let scripts/extract-config find it in any
 * image, stripped or not.
 */
	.section .rodata.kernel_config, "a"
	.globl	kernel_config, kernel_config_end

	.ascii	"TESSERA-CONFIG-BEGIN\n"
kernel_config:
	.incbin	".config"
kernel_config_end:
	.ascii	"TESSERA-CONFIG-END\n"

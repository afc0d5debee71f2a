/* SPDX-License-Identifier: MIT */
/*
 * What the linker scripts of all architectures share, and the symbols that they define.
 *
 * A registry is an array that many files add to: each entry goes into a section of its own
 * name, and the linker lays them side by side. C code walks from __start_NAME to __stop_NAME
 * (the names that GNU ld also makes by itself, so the same code links into host programs).
 */
#ifndef TESSERA_LINKER_H
#define TESSERA_LINKER_H

/* The linker's language, not C. clang-format would take it for C. */
/* clang-format off */
#define REGISTRY(name)       \
	. = ALIGN(8);        \
	__start_##name = .;  \
	KEEP(*(name))        \
	__stop_##name = .;
/* clang-format on */

/* Every registry of the kernel, for the read-only data section of a linker script. */
#define REGISTRIES                 \
	REGISTRY(kernel_tests)     \
	REGISTRY(benchmarks)       \
	REGISTRY(monitor_commands) \
	REGISTRY(boot_parameters)  \
	REGISTRY(drivers)          \
	REGISTRY(faults)

#ifndef __LINKER_SCRIPT__

/* Bounds of the kernel image, as virtual addresses; pages are not shared between parts. */
extern char __image_start[], __image_end[];
extern char __text_start[], __text_end[];
extern char __rodata_start[], __rodata_end[];
extern char __data_start[], __data_end[];
extern char __bss_start[], __bss_end[];

/*
 * Adds a constant entry of `type` to the registry `name`:
 *	REGISTRY_ENTRY(monitor_commands, struct monitor_command, help) = { ... };
 */
#define REGISTRY_ENTRY(name, type, id) \
	static const type name##_##id __attribute__((used, section(#name), aligned(sizeof(void *))))

#define registry_for_each(name, type, pos) \
	for (const type *pos = __start_##name; pos < __stop_##name; pos++)

#endif
#endif

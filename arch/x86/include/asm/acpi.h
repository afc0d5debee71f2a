/* SPDX-License-Identifier: MIT */
/* ACPI tables (ACPI option): found through the root pointer that the loader gave. */
#ifndef ASM_ACPI_H
#define ASM_ACPI_H

#include <tessera/compiler.h>

struct acpi_header {
	char signature[4];
	uint32_t length; /* of the whole table */
	uint8_t revision;
	uint8_t checksum; /* all bytes of the table add up to 0 */
	char oem[6];
	char oem_table[8];
	uint32_t oem_revision;
	uint32_t creator;
	uint32_t creator_revision;
} __packed;

_Static_assert(sizeof(struct acpi_header) == 36, "ACPI 6.4, table 5.4");

#ifdef CONFIG_ACPI

/*
 * The table with this signature, mapped, with a good checksum and at least `size` bytes; or NULL.
 * acpi_unmap gives the mapping back. After vmap_init, thread context. O(tables).
 */
const void *acpi_find(const char *signature, size_t size);
void acpi_unmap(const void *table);

/* Switches the machine off through the ACPI registers; returns if it cannot. */
void acpi_poweroff(void);

#else

static inline const void *acpi_find(const char *signature, size_t size)
{
	return NULL;
}

static inline void acpi_unmap(const void *table)
{
}

static inline void acpi_poweroff(void)
{
}

#endif
#endif

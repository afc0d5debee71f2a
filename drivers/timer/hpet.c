/* SPDX-License-Identifier: MIT */
/*
 * The high precision event timer's main counter, as a reference for the clock. (Its comparators
 * are not used.) Its address comes from the ACPI table; without ACPI tables the place where every PC
 * chipset has it is looked at, and believed if what is there can be a HPET.
 *
 * Source: IA-PC HPET Specification 1.0a. One 32-bit reading of the counter: it goes round in 300 s
 * at least, and both measurements are shorter.
 */
#include <asm/acpi.h>
#include <asm/io.h>
#include <tessera/boot_info.h>
#include <tessera/vmap.h>

#include "clock_reference.h"

struct hpet_table {
	struct acpi_header header;
	uint32_t id;
	uint8_t space; /* 0: memory */
	uint8_t width, offset, reserved;
	uint64_t address;
} __packed;

_Static_assert(offsetof(struct hpet_table, address) == 44, "HPET 1.0a, section 3.2.4");

#define USUAL_ADDRESS 0xfed00000

/* Registers, and what has to be in them. */
enum {
	ID = 0x00,     /* revision in bits 0 to 7 */
	PERIOD = 0x04, /* femtoseconds per count */
	CONFIGURATION = 0x10,
	COUNTER = 0xf0,
	REGISTERS_SIZE = 0x400,
	ID_REVISION = 0xff,
	CONFIGURATION_RUN = 0x01,
	PERIOD_MIN = 1000000,	/* 1 ns: none is faster */
	PERIOD_MAX = 100000000, /* 100 ns */
};

#define FEMTOSECONDS 1000000000000000ull

static const char *registers;

static uint32_t hpet_read(void)
{
	return mmio_read32(registers + COUNTER);
}

static phys_addr_t find_address(void)
{
	const struct hpet_table *table;
	phys_addr_t address = 0;

	if (!IS_ENABLED(CONFIG_ACPI) || !boot_info.acpi_rsdp)
		return USUAL_ADDRESS;
	table = acpi_find("HPET", sizeof(*table));
	if (table && table->space == 0)
		address = table->address;
	if (table)
		acpi_unmap(table);
	return address;
}

const struct clock_reference *hpet_reference(void)
{
	static struct clock_reference reference = {
		.name = "hpet",
		.period = 1ull << 32,
		.read = hpet_read,
	};
	phys_addr_t address = find_address();
	char *mapped = address ? vmap_device(address, REGISTERS_SIZE) : NULL;
	uint32_t period;

	if (!mapped)
		return NULL;
	period = mmio_read32(mapped + PERIOD);
	if (!(mmio_read32(mapped + ID) & ID_REVISION) || period < PERIOD_MIN ||
	    period > PERIOD_MAX) {
		vunmap_device(mapped);
		return NULL;
	}
	mmio_write32(mapped + CONFIGURATION,
		     mmio_read32(mapped + CONFIGURATION) | CONFIGURATION_RUN);
	registers = mapped;
	reference.hz = (uint32_t)(FEMTOSECONDS / period);
	return &reference;
}

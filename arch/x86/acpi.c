/* SPDX-License-Identifier: MIT */
/*
 * Just enough ACPI (specification 6.4, sections 4 and 5): tables by signature, and power off.
 *
 * Tables that lie in the direct map are read there; those in memory that the firmware kept for
 * itself are mapped for the time. Nothing in them is believed without the checksum.
 *
 * There is no AML interpreter: what the power-off registers want to see is looked for in the
 * bytes of the definition block, where every firmware has it as a package of plain numbers.
 */
#include <asm/acpi.h>
#include <asm/io.h>
#include <asm/paging.h>
#include <tessera/boot_info.h>
#include <tessera/clock.h>
#include <tessera/string.h>
#include <tessera/vmap.h>

struct root_pointer {
	char signature[8];
	uint8_t checksum; /* of the first 20 bytes */
	char oem[6];
	uint8_t revision; /* 0: the structure ends after rsdt */
	uint32_t rsdt;
	uint32_t length;
	uint64_t xsdt;
	uint8_t extended_checksum;
	uint8_t reserved[3];
} __packed;

struct fixed_description {
	struct acpi_header header;
	uint32_t firmware_control;
	uint32_t dsdt;
	uint8_t reserved0, profile;
	uint16_t interrupt;
	uint32_t command_port; /* writing `enable` there makes the PM1 registers ours */
	uint8_t enable, disable, s4_request, pstate_control;
	uint32_t event1a, event1b;
	uint32_t control1a, control1b; /* ports of the PM1 control registers */
} __packed;

_Static_assert(sizeof(struct root_pointer) == 36, "ACPI 6.4, table 5.3");
_Static_assert(offsetof(struct root_pointer, rsdt) == 16, "ACPI 6.4, table 5.3");
_Static_assert(offsetof(struct fixed_description, dsdt) == 40, "ACPI 6.4, table 5.9");
_Static_assert(offsetof(struct fixed_description, control1a) == 64, "ACPI 6.4, table 5.9");

#define ROOT_POINTER_1	20 /* bytes of revision 0 */
#define TABLE_SIZE_MAX	(1 << 20)
#define CONTROL_ENABLED 0x0001 /* ACPI mode */
#define CONTROL_SLEEP	0x2000 /* go to the state in bits 10 to 12 */
#define SLEEP_TYPE(n)	((uint16_t)((n) << 10))

static bool in_direct_map(phys_addr_t address)
{
	return address < DIRECT_MAP_LIMIT && page_lookup((uintptr_t)phys_to_virt(address), NULL);
}

static const void *map_bytes(phys_addr_t address, size_t size)
{
	phys_addr_t last = address + size - 1;

	if (in_direct_map(address) &&
	    (address >> PAGE_SHIFT == last >> PAGE_SHIFT || in_direct_map(last)))
		return phys_to_virt(address);
	return vmap_device(address, size);
}

void acpi_unmap(const void *table)
{
	uintptr_t address = (uintptr_t)table;

	if (address >= VMAP_START && address < VMAP_END)
		vunmap_device((void *)table);
}

static bool sums_to_zero(const void *table, size_t size)
{
	const uint8_t *byte = table;
	uint8_t sum = 0;

	while (size--)
		sum += *byte++;
	return sum == 0;
}

/* A whole table, or NULL: it has another signature (NULL: any will do) or is damaged. */
static const struct acpi_header *map_table(phys_addr_t address, const char *signature, size_t size)
{
	const struct acpi_header *table = address ? map_bytes(address, sizeof(*table)) : NULL;
	uint32_t length;

	if (!table)
		return NULL;
	length = table->length;
	if ((signature && memcmp(table->signature, signature, sizeof(table->signature)) != 0) ||
	    length < MAX(size, sizeof(*table)) || length > TABLE_SIZE_MAX) {
		acpi_unmap(table);
		return NULL;
	}
	acpi_unmap(table);
	table = map_bytes(address, length);
	if (table && !sums_to_zero(table, length)) {
		acpi_unmap(table);
		return NULL;
	}
	return table;
}

/* The list of tables: entries of 4 bytes each in the RSDT, of 8 in the XSDT. */
static const struct acpi_header *map_root(unsigned *entry_size)
{
	const struct root_pointer *pointer;
	const struct acpi_header *root = NULL;

	if (!boot_info.acpi_rsdp)
		return NULL;
	pointer = map_bytes(boot_info.acpi_rsdp, sizeof(*pointer));
	if (!pointer)
		return NULL;
	if (memcmp(pointer->signature, "RSD PTR ", sizeof(pointer->signature)) == 0 &&
	    sums_to_zero(pointer, ROOT_POINTER_1)) {
		if (pointer->revision >= 2 && sums_to_zero(pointer, sizeof(*pointer))) {
			*entry_size = 8;
			root = map_table(pointer->xsdt, "XSDT", 0);
		}
		if (!root) {
			*entry_size = 4;
			root = map_table(pointer->rsdt, "RSDT", 0);
		}
	}
	acpi_unmap(pointer);
	return root;
}

const void *acpi_find(const char *signature, size_t size)
{
	unsigned entry_size;
	const struct acpi_header *root = map_root(&entry_size), *table = NULL;

	if (!root)
		return NULL;
	for (uint32_t at = sizeof(*root); !table && root->length - at >= entry_size;
	     at += entry_size) {
		uint64_t address = 0;

		memcpy(&address, (const char *)root + at, entry_size);
		table = map_table(address, signature, size);
	}
	acpi_unmap(root);
	return table;
}

/* One number of an AML package: Zero, One, or a byte behind its prefix. -1: neither. */
static int aml_number(const uint8_t **at)
{
	enum { ZERO = 0x00, ONE = 0x01, BYTE_PREFIX = 0x0a };

	if (**at == BYTE_PREFIX) {
		*at += 2;
		return (*at)[-1];
	}
	return **at == ZERO || **at == ONE ? *(*at)++ : -1;
}

/*
 * Name (_S5, Package () { a, b, ... }) in AML: 08 "_S5_" 12 length count a b. The length is 1 to 4
 * bytes long: bits 6 and 7 of the first say how many follow.
 */
static bool find_soft_off(const struct acpi_header *dsdt, uint16_t types[2])
{
	enum { NAME_LENGTH = 4, PACKAGE = 0x12, PACKAGE_MAX = 12 };
	const uint8_t *at = (const uint8_t *)(dsdt + 1);
	const uint8_t *end = (const uint8_t *)dsdt + dsdt->length;

	for (; end - at > NAME_LENGTH + PACKAGE_MAX; at++) {
		const uint8_t *next = at + NAME_LENGTH;
		int a, b;

		if (memcmp(at, "_S5_", NAME_LENGTH) != 0 || *next++ != PACKAGE)
			continue;
		next += 1 + (*next >> 6); /* length */
		next++;			  /* count */
		a = aml_number(&next);
		b = aml_number(&next);
		if (a < 0 || b < 0)
			continue;
		types[0] = (uint16_t)a;
		types[1] = (uint16_t)b;
		return true;
	}
	return false;
}

static void enter_acpi_mode(const struct fixed_description *fixed)
{
	if (inw(fixed->control1a) & CONTROL_ENABLED || !fixed->command_port)
		return;
	outb(fixed->command_port, fixed->enable);
	for (int i = 0; i < 100 && !(inw(fixed->control1a) & CONTROL_ENABLED); i++)
		clock_spin(NSEC_PER_MSEC);
}

void acpi_poweroff(void)
{
	const struct fixed_description *fixed = acpi_find("FACP", sizeof(*fixed));
	const struct acpi_header *dsdt;
	uint16_t types[2];

	if (!fixed || !fixed->control1a)
		return;
	dsdt = map_table(fixed->dsdt, "DSDT", 0);
	if (!dsdt || !find_soft_off(dsdt, types))
		return;
	enter_acpi_mode(fixed);
	outw(fixed->control1a, SLEEP_TYPE(types[0]) | CONTROL_SLEEP);
	if (fixed->control1b)
		outw(fixed->control1b, SLEEP_TYPE(types[1]) | CONTROL_SLEEP);
}

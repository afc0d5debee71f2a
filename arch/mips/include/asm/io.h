/* SPDX-License-Identifier: MIT */
/*
 * Device registers. Malta's south bridge shows the ISA ports in a window of physical memory, which
 * kseg1 reaches uncached; the bridge keeps bytes in place, so a big-endian CPU sees the 16- and
 * 32-bit ports, which are little-endian, with their bytes swapped.
 *
 * Source: MIPS Malta User's Manual (MD00048), "PCI Memory Map"; GT-64120 data sheet, "byte
 * swapping".
 */
#ifndef ASM_IO_H
#define ASM_IO_H

#include <asm/malta.h>
#include <tessera/compiler.h>

/* Registers in memory, in the CPU's byte order; the address is one of kseg1. */
static inline uint8_t mmio_read8(const volatile void *address)
{
	return *(const volatile uint8_t *)address;
}

static inline uint16_t mmio_read16(const volatile void *address)
{
	return *(const volatile uint16_t *)address;
}

static inline uint32_t mmio_read32(const volatile void *address)
{
	return *(const volatile uint32_t *)address;
}

static inline void mmio_write8(volatile void *address, uint8_t value)
{
	*(volatile uint8_t *)address = value;
}

static inline void mmio_write16(volatile void *address, uint16_t value)
{
	*(volatile uint16_t *)address = value;
}

static inline void mmio_write32(volatile void *address, uint32_t value)
{
	*(volatile uint32_t *)address = value;
}

/* Between the CPU's byte order and that of PCI and ISA. */
static inline uint16_t little_endian16(uint16_t value)
{
	return IS_ENABLED(CONFIG_CPU_BIG_ENDIAN) ? __builtin_bswap16(value) : value;
}

static inline uint32_t little_endian32(uint32_t value)
{
	return IS_ENABLED(CONFIG_CPU_BIG_ENDIAN) ? __builtin_bswap32(value) : value;
}

static inline uint8_t inb(unsigned port)
{
	return mmio_read8((const volatile void *)(MALTA_ISA_PORTS + port));
}

static inline uint16_t inw(unsigned port)
{
	return little_endian16(mmio_read16((const volatile void *)(MALTA_ISA_PORTS + port)));
}

static inline uint32_t inl(unsigned port)
{
	return little_endian32(mmio_read32((const volatile void *)(MALTA_ISA_PORTS + port)));
}

static inline void outb(unsigned port, uint8_t value)
{
	mmio_write8((volatile void *)(MALTA_ISA_PORTS + port), value);
}

static inline void outw(unsigned port, uint16_t value)
{
	mmio_write16((volatile void *)(MALTA_ISA_PORTS + port), little_endian16(value));
}

static inline void outl(unsigned port, uint32_t value)
{
	mmio_write32((volatile void *)(MALTA_ISA_PORTS + port), little_endian32(value));
}

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Device registers: ports through in and out, memory through single accesses of the given width.
 * Port accesses are not delayed: devices that need a pause between two accesses are older than
 * any machine that this kernel runs on.
 */
#ifndef ASM_IO_H
#define ASM_IO_H

#include <tessera/compiler.h>

static inline uint8_t inb(unsigned port)
{
	uint8_t value;

	__asm__ volatile("inb %w1, %0" : "=a"(value) : "Nd"(port));
	return value;
}

static inline uint16_t inw(unsigned port)
{
	uint16_t value;

	__asm__ volatile("inw %w1, %0" : "=a"(value) : "Nd"(port));
	return value;
}

static inline uint32_t inl(unsigned port)
{
	uint32_t value;

	__asm__ volatile("inl %w1, %0" : "=a"(value) : "Nd"(port));
	return value;
}

static inline void outb(unsigned port, uint8_t value)
{
	__asm__ volatile("outb %0, %w1" : : "a"(value), "Nd"(port));
}

static inline void outw(unsigned port, uint16_t value)
{
	__asm__ volatile("outw %0, %w1" : : "a"(value), "Nd"(port));
}

static inline void outl(unsigned port, uint32_t value)
{
	__asm__ volatile("outl %0, %w1" : : "a"(value), "Nd"(port));
}

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

#ifdef CONFIG_64BIT

static inline uint64_t mmio_read64(const volatile void *address)
{
	return *(const volatile uint64_t *)address;
}

static inline void mmio_write64(volatile void *address, uint64_t value)
{
	*(volatile uint64_t *)address = value;
}

#endif
#endif

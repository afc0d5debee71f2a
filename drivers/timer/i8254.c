/* SPDX-License-Identifier: MIT */
/*
 * The i8254 programmable interval timer: channel 0 raises irq 0 HZ times a second. Where HZ is below
 * what its 16 bits reach (18.2), several interrupts make a tick.
 *
 * The same counter is the clock's reference on machines without HPET; a reading costs three port
 * accesses. Source: Intel 8254 data sheet (231164-005).
 */
#include <asm/io.h>
#include <tessera/clock.h>
#include <tessera/irq.h>
#include <tessera/kernel.h>

#include "clock_reference.h"

#define INPUT_HZ 1193182
#define IRQ	 0

enum {
	CHANNEL0 = 0x40,
	COMMAND = 0x43,
	COMMAND_RATE = 0x34,  /* channel 0, low byte then high, mode 2: divide by n */
	COMMAND_LATCH = 0x00, /* channel 0: hold the count until it has been read */
};

#define DIVISOR_MAX	    65535
#define INTERRUPTS_PER_TICK ((INPUT_HZ / CONFIG_HZ + DIVISOR_MAX - 1) / DIVISOR_MAX)
#define INTERRUPT_HZ	    (CONFIG_HZ * INTERRUPTS_PER_TICK)
#define DIVISOR		    ((INPUT_HZ + INTERRUPT_HZ / 2) / INTERRUPT_HZ)

_Static_assert(DIVISOR <= DIVISOR_MAX, "the divisor has 16 bits");

static void i8254_interrupt(unsigned irq, void *arg)
{
	static unsigned interrupts;

	if (INTERRUPTS_PER_TICK > 1 && ++interrupts < INTERRUPTS_PER_TICK)
		return;
	interrupts = 0;
	clock_refine();
	tick();
}

/* It counts down from DIVISOR to 1. */
static uint32_t i8254_read(void)
{
	uint32_t count;

	outb(COMMAND, COMMAND_LATCH);
	count = inb(CHANNEL0);
	count |= (uint32_t)inb(CHANNEL0) << 8;
	return DIVISOR - count;
}

const struct clock_reference *i8254_reference(void)
{
	static const struct clock_reference reference = {
		.name = "i8254",
		.hz = INPUT_HZ,
		.period = DIVISOR,
		.read = i8254_read,
	};

	outb(COMMAND, COMMAND_RATE);
	outb(CHANNEL0, DIVISOR & 0xff);
	outb(CHANNEL0, DIVISOR >> 8);
	return &reference;
}

void tick_start(void)
{
	if (irq_request(IRQ, i8254_interrupt, NULL, "tick"))
		panic("the tick's interrupt line is taken");
}

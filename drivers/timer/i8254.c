/* SPDX-License-Identifier: MIT */
/*
 * The i8254 programmable interval timer: channel 0 raises irq 0 HZ times a second. Where HZ is below
 * what its 16 bits reach (18.2), several interrupts make a tick.
 *
 * The same counter is the clock's reference on machines without HPET; a reading costs three port
 * accesses. With NO_HZ_IDLE it serves as that reference for the first ticks, and then
 * i8254_one_shot.c takes over. Source: Intel 8254 data sheet (231164-005).
 */
#include <asm/io.h>
#include <tessera/clock.h>
#include <tessera/irq.h>
#include <tessera/kernel.h>

#include "clock_reference.h"
#include "i8254.h"

#define IRQ 0

#define INTERRUPTS_PER_TICK ((I8254_HZ / CONFIG_HZ + I8254_COUNT_MAX - 1) / I8254_COUNT_MAX)
#define INTERRUPT_HZ	    (CONFIG_HZ * INTERRUPTS_PER_TICK)
#define DIVISOR		    ((I8254_HZ + INTERRUPT_HZ / 2) / INTERRUPT_HZ)

_Static_assert(DIVISOR <= I8254_COUNT_MAX, "the divisor has 16 bits");

static void i8254_interrupt(unsigned irq, void *arg)
{
	static unsigned interrupts;

	if (i8254_one_shot_interrupt())
		return;
	if (INTERRUPTS_PER_TICK > 1 && ++interrupts < INTERRUPTS_PER_TICK)
		return;
	interrupts = 0;
	clock_refine();
	if (IS_ENABLED(CONFIG_NO_HZ_IDLE) && tick_count() >= CLOCK_REFINE_TICKS)
		i8254_one_shot_begin();
	tick();
}

/* It counts down from DIVISOR to 1. */
static uint32_t i8254_read(void)
{
	uint32_t count;

	outb(I8254_COMMAND, I8254_LATCH);
	count = inb(I8254_CHANNEL0);
	count |= (uint32_t)inb(I8254_CHANNEL0) << 8;
	return DIVISOR - count;
}

const struct clock_reference *i8254_reference(void)
{
	static const struct clock_reference reference = {
		.name = "i8254",
		.hz = I8254_HZ,
		.period = DIVISOR,
		.read = i8254_read,
	};

	outb(I8254_COMMAND, I8254_RATE);
	outb(I8254_CHANNEL0, DIVISOR & 0xff);
	outb(I8254_CHANNEL0, DIVISOR >> 8);
	return &reference;
}

void tick_start(void)
{
	if (irq_request(IRQ, i8254_interrupt, NULL, "tick"))
		panic("the tick's interrupt line is taken");
}

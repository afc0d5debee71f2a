/* SPDX-License-Identifier: MIT */
/*
 * Time: a monotonic clock in nanoseconds since start-up, and the periodic tick. kernel/tick.c
 * fulfils the first part, the board's timer driver (drivers/timer/) the second.
 */
#ifndef TESSERA_CLOCK_H
#define TESSERA_CLOCK_H

#include <tessera/compiler.h>

#define NSEC_PER_SEC  1000000000ull
#define NSEC_PER_MSEC 1000000ull
#define NSEC_PER_USEC 1000ull

/* Waits at least this long, spinning; for device protocols only (at most 1 ms). */
void clock_spin(uint64_t nanoseconds);

/* Ticks (CONFIG_HZ per second) since tick_start. */
uint64_t tick_count(void);

/* The timer driver's interrupt handler calls this once per tick. */
void tick(void);

/* What the timer driver provides. */

/* Nanoseconds since clock_init; never goes back. 0 before. Any context, O(1). */
uint64_t clock_now(void);

/* Start-up, once: finds the clock's rate (boot_fail when no source is there), starts the tick. */
void clock_init(void);
void tick_start(void);

/* The clock's source and rate, for people: "tsc 1000.000 MHz (hpet)". */
const char *clock_source_name(void);
uint64_t clock_source_hz(void);

#endif

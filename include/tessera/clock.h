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
#define USEC_PER_SEC  1000000ull

/* Waits at least this long, spinning; for device protocols only (at most 1 ms). */
void clock_spin(uint64_t nanoseconds);

/* Ticks since tick_start; see tick.h. */
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

/*
 * Tickless idle (NO_HZ_IDLE). All of it with interrupts masked. kernel/tick_idle.c has the method:
 *
 * The idle thread, before it halts: stops the tick up to the next timer, if that is more than a
 * tick away. Interrupt entry, when it is stopped (this_cpu()->tick_stopped): makes up for the ticks
 * that have passed and starts it again. O(1) but for the timers that are due.
 */
void tick_idle_enter(void);
void tick_idle_leave(void);

/* Like tick(), for `count` ticks that have passed at once; 0: nothing happens. */
void tick_by(unsigned count);

/*
 * What the timer driver provides for it:
 *
 * Lets no interrupt come before the `ticks`th tick (>= 2) counted from the last one that was reported
 * to tick() or tick_by(), or before the hardware's longest interval is over, and one at that time:
 * late by the hardware's resolution perhaps, never lost. False: the next tick is due, or the tick
 * cannot be stopped yet: nothing has changed.
 */
bool tick_stop(uint64_t ticks);

/* Programs the interrupt for the next tick, in the old beat. Gives how many have passed that were not
 * reported; the caller reports them. */
unsigned tick_restart(void);

#endif

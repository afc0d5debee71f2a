/* SPDX-License-Identifier: MIT */
/*
 * What follows from the rate of ticks (HZ). Apart from clock.h, since whatever includes this is compiled anew
 * for each rate.
 */
#ifndef TESSERA_TICK_H
#define TESSERA_TICK_H

#include <tessera/clock.h>

/* Nanoseconds from tick to tick. */
#define TICK_NS (NSEC_PER_SEC / CONFIG_HZ)

/* How often a thread that waits calls log_flush. Tickless idle is not to be ended each tick for that: there
 * idle wakes the console's reader when lines are due (console_wake_for_log), and this is for a CPU
 * that is never idle, or has no reader. */
#define LOG_FLUSH_NS (IS_ENABLED(CONFIG_NO_HZ_IDLE) ? NSEC_PER_SEC : TICK_NS)

#endif

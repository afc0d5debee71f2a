/* SPDX-License-Identifier: MIT */
/* The board's serial port, as a console (drivers/serial/). */
#ifndef TESSERA_SERIAL_H
#define TESSERA_SERIAL_H

#include <tessera/errno.h>

/*
 * Finds the first serial port, sets it to SERIAL_BAUD, 8 data bits, no parity, and registers it
 * as the console "serial". -ENODEV: nothing answers there (said in the log); -EINVAL: the
 * command line's console= names others only. Start-up, from arch_console_init. O(1).
 */
#ifdef CONFIG_SERIAL_16550
int serial_init(void);
#else
static inline int serial_init(void)
{
	return -ENODEV;
}
#endif

#endif

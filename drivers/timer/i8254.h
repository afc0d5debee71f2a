/* SPDX-License-Identifier: MIT */
/* What the i8254's two ways of making the tick share: all the same interval, or one at a time. */
#ifndef DRIVERS_TIMER_I8254_H
#define DRIVERS_TIMER_I8254_H

#include <tessera/compiler.h>

#define I8254_HZ	1193182
#define I8254_COUNT_MAX 65535

enum {
	I8254_CHANNEL0 = 0x40,
	I8254_COMMAND = 0x43,
	I8254_LATCH = 0x00, /* commands: channel 0: hold the count until it has been read */
	I8254_ONCE = 0x30,  /* channel 0, low byte then high, mode 0: interrupt when counted down */
	I8254_RATE = 0x34,  /* channel 0, low byte then high, mode 2: divide by n */
};

/* NO_HZ_IDLE (i8254_one_shot.c): from _begin on every interrupt is programmed singly, and
 * _interrupt handles it. False: not yet. Masked. */
#ifdef CONFIG_NO_HZ_IDLE
void i8254_one_shot_begin(void);
bool i8254_one_shot_interrupt(void);
#else
static inline void i8254_one_shot_begin(void)
{
}
static inline bool i8254_one_shot_interrupt(void)
{
	return false;
}
#endif

#endif

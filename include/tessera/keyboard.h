/* SPDX-License-Identifier: MIT */
/* The keyboard that belongs to the board's screen (drivers/input/). */
#ifndef TESSERA_KEYBOARD_H
#define TESSERA_KEYBOARD_H

#include <tessera/compiler.h>

/*
 * Finds the keyboard and gives what is typed to console_input, special keys as the escape
 * sequences of a terminal. Without a keyboard it only says so in the log. Start-up, called by the
 * screen's console when input by interrupt is due.
 */
#ifdef CONFIG_KEYBOARD_PS2
void keyboard_start(void);
#else
static inline void keyboard_start(void)
{
}
#endif

#endif

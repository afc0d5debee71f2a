/* SPDX-License-Identifier: MIT */
#ifndef USER_TERMIOS_H
#define USER_TERMIOS_H

#include <tessera/termios.h>

#define TCSANOW	  0
#define TCSADRAIN 1
#define TCSAFLUSH 2

int tcgetattr(int descriptor, struct termios *modes);
int tcsetattr(int descriptor, int when, const struct termios *modes);

#endif

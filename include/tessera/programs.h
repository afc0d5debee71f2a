/* SPDX-License-Identifier: MIT */
/* User programs as start-up sees them. Without USER_MODE there are none. */
#ifndef TESSERA_PROGRAMS_H
#define TESSERA_PROGRAMS_H

#include <tessera/compiler.h>

#ifdef CONFIG_USER_MODE

/* Start-up, once, after object_init and thread_init: address spaces, and the files of the initramfs. */
void programs_init(void);

/* Starts the first program: /init, or what `init=` names. False: there is none, or the command line
 * asks for the monitor (`monitor=1`). */
bool programs_start(void);

#else

static inline void programs_init(void)
{
}

static inline bool programs_start(void)
{
	return false;
}

#endif
#endif

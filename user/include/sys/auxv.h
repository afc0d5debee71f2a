/* SPDX-License-Identifier: MIT */
#ifndef USER_SYS_AUXV_H
#define USER_SYS_AUXV_H

#include <tessera/auxv.h>

/* What the kernel told the program at its start; 0: nothing of that type. */
unsigned long getauxval(unsigned long type);

#endif

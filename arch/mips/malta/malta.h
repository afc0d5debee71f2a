/* SPDX-License-Identifier: MIT */
#ifndef MALTA_H
#define MALTA_H

#include <tessera/compiler.h>

/* QEMU runs with -semihosting: `sdbbp 1` speaks to it. */
extern bool semihosting;

#endif

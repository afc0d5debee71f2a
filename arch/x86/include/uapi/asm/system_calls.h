/* SPDX-License-Identifier: MIT */
/* System calls by number. No include guard: each user says what a line is to become. */
#ifdef __x86_64__
#include <asm/system_calls_64.h>
#else
#include <asm/system_calls_32.h>
#endif

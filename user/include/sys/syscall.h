/* SPDX-License-Identifier: MIT */
/* The numbers of the system calls, from the kernel's own table: SYS_getpid and so on. Where a 32-bit
 * architecture has two calls, SYS_name is the one with 64-bit times. */
#ifndef USER_SYS_SYSCALL_H
#define USER_SYS_SYSCALL_H

enum {
#define SYSTEM_CALL(number, name)	 SYS_##name = (number),
#define SYSTEM_CALL_FULL(number, name)	 SYS_##name = (number),
#define SYSTEM_CALL_MASKED(number, name) SYS_##name = (number),
#include <asm/system_calls.h>
#undef SYSTEM_CALL
#undef SYSTEM_CALL_FULL
#undef SYSTEM_CALL_MASKED
};

/* The order of its last two arguments differs. */
#ifndef __x86_64__
#define SYS_clone SYS_clone_tls_first
#endif

#endif

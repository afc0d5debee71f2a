/* SPDX-License-Identifier: MIT */
#ifndef USER_SYS_REBOOT_H
#define USER_SYS_REBOOT_H

#include <tessera/reboot.h>

/* `status` is for REBOOT_EXIT. Does not come back if the machine can do it. */
int machine_reboot(unsigned command, int status);

#endif

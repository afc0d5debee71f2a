/* SPDX-License-Identifier: MIT */
/* reboot: two magic numbers, and what to do. */
#ifndef UAPI_TESSERA_REBOOT_H
#define UAPI_TESSERA_REBOOT_H

#define REBOOT_MAGIC1  0xfee1deadu
#define REBOOT_MAGIC2  672274793
#define REBOOT_MAGIC2A 85072278
#define REBOOT_MAGIC2B 369367448
#define REBOOT_MAGIC2C 537993216

#define REBOOT_RESTART	 0x01234567
#define REBOOT_HALT	 0xcdef0123u
#define REBOOT_POWER_OFF 0x4321fedc
#define REBOOT_CAD_ON	 0x89abcdefu
#define REBOOT_CAD_OFF	 0

/* Tessera's own: ends the machine with the status in the fourth argument (0 or 1), for tests. */
#define REBOOT_EXIT 0x7e55e12a

#endif

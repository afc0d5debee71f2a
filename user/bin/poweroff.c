// SPDX-License-Identifier: MIT
/* poweroff: ends the machine. */
#include <stdio.h>
#include <sys/reboot.h>

int main(void)
{
	machine_reboot(REBOOT_POWER_OFF, 0);
	perror("poweroff");
	return 1;
}

// SPDX-License-Identifier: MIT
/* reboot: starts the machine anew. */
#include <stdio.h>
#include <sys/reboot.h>

int main(void)
{
	machine_reboot(REBOOT_RESTART, 0);
	perror("reboot");
	return 1;
}

// SPDX-License-Identifier: MIT
/* uptime: since when the system runs, and with how many tasks. */
#include <stdio.h>
#include <sys/sysinfo.h>

int main(void)
{
	struct sysinfo info;

	if (sysinfo(&info) != 0) {
		perror("uptime");
		return 1;
	}
	printf("up %ld:%02ld:%02ld, %u tasks\n", info.uptime / 3600, info.uptime / 60 % 60,
	       info.uptime % 60, info.procs);
	return 0;
}

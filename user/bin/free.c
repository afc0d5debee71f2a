// SPDX-License-Identifier: MIT
/* free: how much memory there is and how much is free, in KiB. */
#include <stdio.h>
#include <sys/sysinfo.h>

int main(void)
{
	struct sysinfo info;
	unsigned long long unit;

	if (sysinfo(&info) != 0) {
		perror("free");
		return 1;
	}
	unit = info.mem_unit;
	printf("%12s %12s %12s\n", "total", "used", "free");
	printf("%12llu %12llu %12llu\n", info.totalram * unit / 1024,
	       (info.totalram - info.freeram) * unit / 1024, info.freeram * unit / 1024);
	return 0;
}

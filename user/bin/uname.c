// SPDX-License-Identifier: MIT
/* uname: which system this is. */
#include <stdio.h>
#include <sys/utsname.h>

int main(void)
{
	struct utsname names;

	if (uname(&names) != 0) {
		perror("uname");
		return 1;
	}
	printf("%s %s %s %s %s\n", names.sysname, names.nodename, names.release, names.version,
	       names.machine);
	return 0;
}

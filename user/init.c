// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	printf("hello from %s, pid %d\n", argv[0], getpid());
	return 0;
}

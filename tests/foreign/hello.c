// SPDX-License-Identifier: MIT
/* A program as anybody would write it, for any C library. */
#include <stdio.h>

int main(int argc, char **argv)
{
	printf("hello from %s, %d argument%s, %.3f\n", argv[0], argc - 1, argc == 2 ? "" : "s",
	       0.125);
	return 0;
}

// SPDX-License-Identifier: MIT
/* echo [-n] [WORD]...: prints the words; -n: without an end of line. */
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
	int first = 1, line = 1;

	if (argc > 1 && strcmp(argv[1], "-n") == 0) {
		first = 2;
		line = 0;
	}
	for (int i = first; i < argc; i++) {
		if (i > first)
			putchar(' ');
		fputs(argv[i], stdout);
	}
	if (line)
		putchar('\n');
	return fflush(stdout) ? 1 : 0;
}

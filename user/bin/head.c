// SPDX-License-Identifier: MIT
/* head [-n LINES]: the first lines (10) of the standard input. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	long left = 10;
	char buffer[512];
	ssize_t n;

	if (argc == 3 && strcmp(argv[1], "-n") == 0) {
		left = atoi(argv[2]);
	} else if (argc != 1) {
		fputs("usage: head [-n LINES]\n", stderr);
		return 2;
	}
	while (left > 0 && (n = read(STDIN_FILENO, buffer, sizeof(buffer))) > 0) {
		ssize_t end = 0;

		while (end < n && left > 0)
			if (buffer[end++] == '\n')
				left--;
		write(STDOUT_FILENO, buffer, (size_t)end);
	}
	return 0;
}

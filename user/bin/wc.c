// SPDX-License-Identifier: MIT
/* wc [-l | -w | -c]: how many lines, words and bytes the standard input has. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	unsigned long lines = 0, words = 0, bytes = 0;
	int in_word = 0;
	char buffer[4096];
	ssize_t n;

	while ((n = read(STDIN_FILENO, buffer, sizeof(buffer))) > 0) {
		for (ssize_t i = 0; i < n; i++) {
			int space = isspace(buffer[i]);

			words += !space && !in_word;
			in_word = !space;
			lines += buffer[i] == '\n';
		}
		bytes += (unsigned long)n;
	}
	if (argc == 1)
		printf("%7lu %7lu %7lu\n", lines, words, bytes);
	else if (strcmp(argv[1], "-l") == 0)
		printf("%lu\n", lines);
	else if (strcmp(argv[1], "-w") == 0)
		printf("%lu\n", words);
	else if (strcmp(argv[1], "-c") == 0)
		printf("%lu\n", bytes);
	else {
		fputs("usage: wc [-l | -w | -c]\n", stderr);
		return 2;
	}
	return 0;
}

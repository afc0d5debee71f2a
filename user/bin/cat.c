// SPDX-License-Identifier: MIT
/* cat [FILE]...: copies files, or the standard input, to the standard output. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static int copy(int from, const char *name)
{
	char buffer[4096];
	ssize_t n;

	while ((n = read(from, buffer, sizeof(buffer))) > 0) {
		for (ssize_t done = 0, part; done < n; done += part) {
			part = write(STDOUT_FILENO, buffer + done, (size_t)(n - done));
			if (part < 0) {
				perror("cat: output");
				return 1;
			}
		}
	}
	if (n < 0)
		perror(name);
	return n < 0;
}

int main(int argc, char **argv)
{
	int bad = 0;

	if (argc == 1)
		return copy(STDIN_FILENO, "cat: input");
	for (int i = 1; i < argc; i++) {
		int file = open(argv[i], O_RDONLY);

		if (file < 0) {
			perror(argv[i]);
			bad = 1;
			continue;
		}
		bad |= copy(file, argv[i]);
		close(file);
	}
	return bad;
}

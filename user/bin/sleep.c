// SPDX-License-Identifier: MIT
/* sleep SECONDS: also with a decimal fraction. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

int main(int argc, char **argv)
{
	struct timespec request = { 0 };
	char *end = argc == 2 ? argv[1] : "";

	request.tv_sec = (time_t)strtoul(end, &end, 10);
	if (*end == '.') {
		end++;
		for (long unit = 100000000; isdigit(*end); end++, unit /= 10)
			request.tv_nsec += (*end - '0') * unit;
	}
	if (argc != 2 || !*argv[1] || *end) {
		fputs("usage: sleep SECONDS\n", stderr);
		return 2;
	}
	if (nanosleep(&request, NULL) != 0) {
		perror("sleep");
		return 1;
	}
	return 0;
}

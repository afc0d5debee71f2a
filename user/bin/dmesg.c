// SPDX-License-Identifier: MIT
/* dmesg: the kernel's log. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/klog.h>
#include <unistd.h>

/* What syslog(2) is asked for. */
enum { READ_ALL = 3, SIZE_OF_BUFFER = 10 };

int main(void)
{
	int size = klogctl(SIZE_OF_BUFFER, NULL, 0), n;
	char *text = size > 0 ? malloc((size_t)size) : NULL;

	if (!text) {
		perror("dmesg");
		return 1;
	}
	n = klogctl(READ_ALL, text, size);
	if (n < 0) {
		perror("dmesg");
		return 1;
	}
	write(STDOUT_FILENO, text, (size_t)n);
	return 0;
}

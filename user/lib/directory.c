// SPDX-License-Identifier: MIT
/* Reading a folder, a buffer at a time. */
#include <arch/system_call.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "internal.h"

struct directory {
	int descriptor;
	size_t at, end; /* in the buffer */
	char buffer[1024] __attribute__((aligned(8)));
};

DIR *opendir(const char *path)
{
	int descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *directory;

	if (descriptor < 0)
		return NULL;
	directory = malloc(sizeof(*directory));
	if (!directory) {
		close(descriptor);
		return NULL;
	}
	directory->descriptor = descriptor;
	directory->at = directory->end = 0;
	return directory;
}

struct dirent *readdir(DIR *directory)
{
	struct dirent *entry;

	if (directory->at == directory->end) {
		long n = system_call_result(system_call3(SYS_getdents64, directory->descriptor,
							 (long)directory->buffer,
							 sizeof(directory->buffer)));

		if (n <= 0)
			return NULL;
		directory->at = 0;
		directory->end = (size_t)n;
	}
	entry = (struct dirent *)(directory->buffer + directory->at);
	directory->at += entry->d_reclen;
	return entry;
}

int closedir(DIR *directory)
{
	int result = close(directory->descriptor);

	free(directory);
	return result;
}

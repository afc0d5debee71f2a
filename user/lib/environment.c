// SPDX-License-Identifier: MIT
/*
 * The environment, and exec with a search in PATH. Memory of values that are replaced is not given back: nobody
 * knows who still holds them.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DEFAULT_PATH "/bin"

/* The entry of a name, or the NULL at the end. */
static char **find(const char *name)
{
	size_t n = strlen(name);
	char **entry = environ;

	while (*entry && !(strncmp(*entry, name, n) == 0 && (*entry)[n] == '='))
		entry++;
	return entry;
}

char *getenv(const char *name)
{
	char **entry = find(name);

	return *entry ? *entry + strlen(name) + 1 : NULL;
}

/* Puts one more entry at the end, of a copy of the list: the first list is on the stack. */
static int append(char *text)
{
	size_t n = 0;
	char **list;

	while (environ[n])
		n++;
	list = malloc((n + 2) * sizeof(*list));
	if (!list)
		return -1;
	memcpy(list, environ, n * sizeof(*list));
	list[n] = text;
	list[n + 1] = NULL;
	environ = list;
	return 0;
}

int setenv(const char *name, const char *value, int overwrite)
{
	char **entry = find(name);
	size_t size = strlen(name) + strlen(value) + 2;
	char *text;

	if (!*name || strchr(name, '=')) {
		errno = EINVAL;
		return -1;
	}
	if (*entry && !overwrite)
		return 0;
	text = malloc(size);
	if (!text)
		return -1;
	snprintf(text, size, "%s=%s", name, value);
	if (!*entry)
		return append(text);
	*entry = text;
	return 0;
}

int unsetenv(const char *name)
{
	for (char **entry = find(name); *entry; entry++)
		entry[0] = entry[1];
	return 0;
}

int execv(const char *path, char *const argv[])
{
	return execve(path, argv, environ);
}

int execvp(const char *name, char *const argv[])
{
	const char *path = getenv("PATH"), *next;
	char file[256];

	if (strchr(name, '/'))
		return execv(name, argv);
	errno = ENOENT;
	for (path = path ? path : DEFAULT_PATH; *path; path = *next ? next + 1 : next) {
		next = strchr(path, ':');
		if (!next)
			next = path + strlen(path);
		if (snprintf(file, sizeof(file), "%.*s/%s", (int)(next - path), path, name) <
		    (int)sizeof(file))
			execv(file, argv);
		if (errno != ENOENT && errno != ENOTDIR)
			break;
	}
	return -1;
}

int execl(const char *path, const char *arg, ...)
{
	const char *argv[32];
	size_t n = 0;
	va_list args;

	va_start(args, arg);
	for (; arg && n < sizeof(argv) / sizeof(argv[0]) - 1; arg = va_arg(args, const char *))
		argv[n++] = arg;
	va_end(args);
	argv[n] = NULL;
	return execv(path, (char *const *)argv);
}

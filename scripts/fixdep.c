/* SPDX-License-Identifier: MIT */
/*
 * fixdep: makes an object depend on the options it mentions instead of on all of them.
 *
 *	fixdep DEPFILE		(in the output folder; the file is rewritten in place)
 *
 * The compiler reads include/generated/autoconf.h before every source file, so its depfile names
 * that header, and one changed number would rebuild everything. kconfig keeps an empty file per
 * option below include/config/ (CONFIG_LOG_LEVEL: include/config/log/level.h) and touches it when
 * the option's value changes. fixdep reads every file the depfile names, collects the CONFIG_*
 * names outside comments, and puts those files in the place of autoconf.h. The idea is that of
 * the Linux kernel's tool of the same name.
 *
 * kconfig has no file for an option that was never set, and Ninja takes an absent input for a
 * changed one; so fixdep makes it, as old as can be.
 *
 * Cost: one read of every header for each object, well below a millisecond. Weakness: an option
 * that a header mentions counts for everyone who includes the header, used or not.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define AUTOCONF "include/generated/autoconf.h"
#define OPTIONS	 "include/config/"
#define PREFIX	 "CONFIG_"

/* Names seen so far, each NUL-terminated, one behind the other. A source mentions a few dozen. */
static char names[1 << 16];
static size_t names_used;

static void fail(const char *format, ...)
{
	va_list args;

	fputs("fixdep: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}

/* The whole file as a NUL-terminated string, which the caller frees. */
static char *read_file(const char *path)
{
	int file = open(path, O_RDONLY);
	struct stat status;
	size_t size, done = 0;
	char *text;

	if (file < 0 || fstat(file, &status) < 0)
		fail("%s: %s", path, strerror(errno));
	size = status.st_size;
	text = malloc(size + 1);
	if (!text)
		fail("out of memory");
	while (done < size) {
		ssize_t got = read(file, text + done, size - done);

		if (got <= 0)
			fail("%s: %s", path, got ? strerror(errno) : "shorter than it was");
		done += got;
	}
	text[size] = '\0';
	close(file);
	return text;
}

static void add_name(const char *name, size_t length)
{
	const char *known = names;

	for (; known < names + names_used; known += strlen(known) + 1)
		if (strlen(known) == length && !memcmp(known, name, length))
			return;
	if (names_used + length + 1 > sizeof(names))
		fail("too many options in one source file");
	memcpy(names + names_used, name, length);
	names[names_used + length] = '\0';
	names_used += length + 1;
}

static bool in_name(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* Collects the options that C or assembly text mentions outside comments. */
static void scan(const char *text)
{
	bool string = false;

	for (const char *p = text; *p;) {
		if (*p == '\\' && p[1]) {
			p += 2;
		} else if (*p == '\n') {
			string = false;
			p++;
		} else if (*p == '"') {
			string = !string;
			p++;
		} else if (!string && !strncmp(p, "'\"'", 3)) {
			p += 3;
		} else if (!string && p[0] == '/' && p[1] == '*') {
			p = strstr(p + 2, "*/");
			if (!p)
				return;
			p += 2;
		} else if (!string && p[0] == '/' && p[1] == '/') {
			p += strcspn(p, "\n");
		} else if (in_name(*p)) {
			size_t length = 1;

			while (in_name(p[length]))
				length++;
			if (length > strlen(PREFIX) && !strncmp(p, PREFIX, strlen(PREFIX)))
				add_name(p + strlen(PREFIX), length - strlen(PREFIX));
			p += length;
		} else {
			p++;
		}
	}
}

/* Makes the file, and the folders above it, unless it is there. */
static void make_option_file(char *path)
{
	static const struct timespec old[2] = { { .tv_sec = 1 }, { .tv_sec = 1 } };
	int file;

	if (!access(path, F_OK))
		return;
	for (char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(path, 0777) < 0 && errno != EEXIST)
			fail("%s: %s", path, strerror(errno));
		*slash = '/';
	}
	file = open(path, O_WRONLY | O_CREAT | O_EXCL, 0666);
	if (file < 0 && errno == EEXIST)
		return; /* somebody who compiles beside us was first */
	if (file < 0 || futimens(file, old) < 0)
		fail("%s: %s", path, strerror(errno));
	close(file);
}

/* Writes the dependency on one option: its name in lower case, '_' turned into '/'. */
static void put_option(FILE *out, const char *name)
{
	char path[512];
	size_t at = strlen(OPTIONS);

	if (at + strlen(name) + sizeof(".h") > sizeof(path))
		fail("CONFIG_%s: name too long", name);
	strcpy(path, OPTIONS);
	for (; *name; name++)
		path[at++] = *name == '_' ? '/' : tolower((unsigned char)*name);
	strcpy(path + at, ".h");
	make_option_file(path);
	fprintf(out, " \\\n %s", path);
}

/* Cuts the next word off a depfile, which folds its lines with a backslash. NULL at the end. */
static char *next_word(char **text)
{
	char *word = *text;

	while (isspace((unsigned char)*word) || (word[0] == '\\' && word[1] == '\n'))
		word++;
	if (!*word)
		return NULL;
	*text = word;
	while (**text && !isspace((unsigned char)**text))
		(*text)++;
	if (**text)
		*(*text)++ = '\0';
	return word;
}

int main(int argc, char **argv)
{
	char *text, *word;
	FILE *out;

	if (argc != 2)
		fail("usage: fixdep DEPFILE");
	text = read_file(argv[1]);
	out = fopen(argv[1], "w");
	if (!out)
		fail("%s: %s", argv[1], strerror(errno));

	word = next_word(&text);
	if (!word || word[strlen(word) - 1] != ':')
		fail("%s: no target", argv[1]);
	fputs(word, out);
	while ((word = next_word(&text))) {
		char *source;

		if (!strcmp(word, AUTOCONF))
			continue;
		fprintf(out, " \\\n %s", word);
		source = read_file(word);
		if (strstr(source, PREFIX)) /* most mention none */
			scan(source);
		free(source);
	}
	for (char *name = names; name < names + names_used; name += strlen(name) + 1)
		put_option(out, name);
	fputc('\n', out);
	if (fclose(out))
		fail("%s: %s", argv[1], strerror(errno));
	return 0;
}

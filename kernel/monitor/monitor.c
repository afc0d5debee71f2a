/* SPDX-License-Identifier: MIT */
/*
 * The kernel monitor: reads a line, cuts it into words, runs the command that the first one names.
 * A name that no command has is compared with all of them by edit distance (Wagner and Fischer,
 * JACM 21, 1974), and the nearest is suggested.
 */
#include <asm/cycles.h>
#include <tessera/console.h>
#include <tessera/kernel.h>
#include <tessera/monitor.h>
#include <tessera/string.h>

#include "monitor.h"

#define WORDS_MAX 16
#define NAME_MAX  16 /* letters of a mistyped name that are looked at */

static size_t name_length(const struct monitor_command *command)
{
	const char *space = strchr(command->usage, ' ');

	return space ? (size_t)(space - command->usage) : strlen(command->usage);
}

static const struct monitor_command *find_command(const char *name)
{
	registry_for_each(monitor_commands, struct monitor_command, command)
		if (strncmp(name, command->usage, name_length(command)) == 0 &&
		    !name[name_length(command)])
			return command;
	return NULL;
}

/* Letters to insert, delete or change to make one name of the other, the first n of b. */
static unsigned edit_distance(const char *a, const char *b, size_t n)
{
	unsigned row[NAME_MAX + 1]; /* distances of the part of `a` so far to each part of `b` */

	n = MIN(n, (size_t)NAME_MAX);
	for (unsigned j = 0; j <= n; j++)
		row[j] = j;
	for (unsigned i = 1; i <= NAME_MAX && a[i - 1]; i++) {
		unsigned diagonal = row[0];

		row[0] = i;
		for (unsigned j = 1; j <= n; j++) {
			unsigned changed = diagonal + (a[i - 1] != b[j - 1]);

			diagonal = row[j];
			row[j] = MIN(MIN(row[j], row[j - 1]) + 1, changed);
		}
	}
	return row[n];
}

static void suggest(const char *name)
{
	const struct monitor_command *nearest = NULL;
	unsigned least = 3; /* farther than two letters is no likeness */

	registry_for_each(monitor_commands, struct monitor_command, command) {
		unsigned distance = edit_distance(name, command->usage, name_length(command));

		if (distance < least) {
			least = distance;
			nearest = command;
		}
	}
	if (nearest)
		print("no command \"%s\": did you mean \"%.*s\"?\n", name,
		      (int)name_length(nearest), nearest->usage);
	else
		print("no command \"%s\": \"help\" lists them\n", name);
}

unsigned command_complete(const char *text, size_t n, char *more, size_t size)
{
	unsigned candidates = 0;

	*more = '\0';
	registry_for_each(monitor_commands, struct monitor_command, command) {
		const char *rest = command->usage + n;
		size_t same = 0;

		if (name_length(command) < n || strncmp(text, command->usage, n) != 0)
			continue;
		if (!candidates++) {
			strlcpy(more, rest, MIN(size, name_length(command) - n + 1));
			continue;
		}
		while (more[same] && more[same] == rest[same])
			same++;
		more[same] = '\0';
	}
	return candidates;
}

void command_list(const char *text, size_t n)
{
	registry_for_each(monitor_commands, struct monitor_command, command)
		if (strncmp(text, command->usage, n) == 0)
			print("%.*s  ", (int)name_length(command), command->usage);
	print("\n");
}

/* Cuts the line at its spaces; gives the number of words, or more than WORDS_MAX. */
static int split(char *line, char *words[WORDS_MAX + 1])
{
	int count = 0;

	for (;;) {
		while (*line == ' ')
			*line++ = '\0';
		if (!*line)
			break;
		if (count == WORDS_MAX)
			return WORDS_MAX + 1;
		words[count++] = line;
		while (*line && *line != ' ')
			line++;
	}
	words[count] = NULL;
	return count;
}

static void run_line(char *line)
{
	char *words[WORDS_MAX + 1];
	int count = split(line, words);
	const struct monitor_command *command;

	if (count == 0)
		return;
	if (count > WORDS_MAX) {
		print("more than %d words\n", WORDS_MAX);
		return;
	}
	command = find_command(words[0]);
	if (command)
		command->run(count, words);
	else
		suggest(words[0]);
}

void monitor_run(void)
{
	char line[LINE_SIZE];

	print(PROMPT);
	boot_cycles_ready = cycle_count();
	for (;;) {
		line_read(line);
		run_line(line);
		print(PROMPT);
	}
}

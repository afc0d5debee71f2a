/* SPDX-License-Identifier: MIT */
/*
 * The command line: words separated by spaces, each `name` or `name=value`. Values are not
 * copied: they stay in the cut-up copy of the line that is kept here.
 */
#include <tessera/boot_info.h>
#include <tessera/boot_parameter.h>
#include <tessera/log.h>
#include <tessera/string.h>

#define LOG_TAG "kernel"

static const struct boot_parameter *find_parameter(const char *name)
{
	registry_for_each(boot_parameters, struct boot_parameter, parameter)
		if (strcmp(parameter->name, name) == 0)
			return parameter;
	return NULL;
}

/* Hands the word to its owner; false when it has none. The word ends up as it was. */
static bool parse_word(char *word)
{
	const struct boot_parameter *parameter;
	char *equals = strchr(word, '=');

	if (equals)
		*equals = '\0';
	parameter = find_parameter(word);
	if (parameter && parameter->parse(equals ? equals + 1 : ""))
		log_error("%s=%s: bad value; %s", word, equals ? equals + 1 : "", parameter->help);
	if (equals)
		*equals = '=';
	return parameter != NULL;
}

void boot_parameters_parse_line(char *line)
{
	char unknown[120] = "";
	char *word = line;
	bool cut = false;

	while (*word) {
		char *end = strchr(word, ' ');
		char *next = end ? end + 1 : word + strlen(word);

		if (end)
			*end = '\0';
		if (*word && !parse_word(word)) {
			strlcat(unknown, " ", sizeof(unknown));
			cut = strlcat(unknown, word, sizeof(unknown)) >= sizeof(unknown);
		}
		word = next;
	}
	if (*unknown)
		log_warning("unknown words on the command line:%s%s", unknown, cut ? "..." : "");
}

void boot_parameters_parse(void)
{
	static char line[COMMAND_LINE_MAX];

	strlcpy(line, boot_info.command_line, sizeof(line));
	boot_parameters_parse_line(line);
}

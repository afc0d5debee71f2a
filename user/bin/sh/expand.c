// SPDX-License-Identifier: MIT
/*
 * From words as typed to words as meant: $NAME ${NAME} $? $$ $! $# $0..$9 are replaced, outside single quotes;
 * quotes and backslashes are taken away. What a variable gives outside quotes is split at blanks.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sh.h"

#define TEXT_MAX  4096
#define WORDS_MAX 256

/* Words as they come into being. */
struct output {
	char text[TEXT_MAX];
	size_t used;
	bool any; /* there is a word, perhaps an empty one */
	bool split;
	char *words[WORDS_MAX + 1];
	size_t count;
};

static void end_word(struct output *out)
{
	if (out->any && out->count < WORDS_MAX)
		out->words[out->count++] = take_text(out->text, out->used);
	out->used = 0;
	out->any = false;
}

static void put(struct output *out, char c)
{
	out->any = true;
	if (out->used < TEXT_MAX - 1)
		out->text[out->used++] = c;
}

static void put_value(struct output *out, const char *value, bool quoted)
{
	for (; value && *value; value++) {
		if (out->split && !quoted && isspace(*value))
			end_word(out);
		else
			put(out, *value);
	}
}

static size_t name_length(const char *text)
{
	size_t n = 0;

	if (isdigit(*text))
		return 0;
	while (isalnum(text[n]) || text[n] == '_')
		n++;
	return n;
}

const char *assignment_value(const char *word)
{
	size_t n = name_length(word);

	return n && word[n] == '=' ? word + n + 1 : NULL;
}

/* Replaces what begins at the `$`; gives the place behind it. */
static const char *put_variable(struct output *out, const char *at, bool quoted)
{
	bool braces = at[1] == '{';
	const char *name = at + 1 + braces;
	size_t length = name_length(name);
	char number[24] = "";
	const char *value = number;

	if (length) {
		value = getenv(take_text(name, length));
	} else {
		length = 1;
		if (*name == '?')
			snprintf(number, sizeof(number), "%d", last_status);
		else if (*name == '$')
			snprintf(number, sizeof(number), "%d", shell_pid);
		else if (*name == '!')
			snprintf(number, sizeof(number), "%d", last_background);
		else if (*name == '#')
			snprintf(number, sizeof(number), "%d", argument_count - 1);
		else if (isdigit(*name))
			value = *name - '0' < argument_count ? arguments[*name - '0'] : "";
		else {
			put(out, '$');
			return at + 1;
		}
	}
	put_value(out, value, quoted);
	at = name + length;
	return braces && *at == '}' ? at + 1 : at;
}

static void expand(struct output *out, const char *word)
{
	char quote = '\0';

	while (*word) {
		if (*word == quote) {
			quote = '\0';
			word++;
		} else if (!quote && (*word == '"' || *word == '\'')) {
			quote = *word++;
			out->any = true;
		} else if (*word == '\\' && quote != '\'' && word[1] &&
			   (!quote || strchr("\"\\$", word[1]))) {
			put(out, word[1]);
			word += 2;
		} else if (*word == '$' && quote != '\'') {
			word = put_variable(out, word, quote);
		} else {
			put(out, *word++);
		}
	}
}

char *expand_word(const char *word)
{
	struct output *out = take(sizeof(*out));

	out->used = out->count = 0;
	out->split = false;
	out->any = true;
	expand(out, word);
	return take_text(out->text, out->used);
}

char **expand_words(const char *const *words, size_t *count)
{
	struct output *out = take(sizeof(*out));

	out->used = out->count = 0;
	out->split = true;
	out->any = false;
	for (; *words; words++) {
		expand(out, *words);
		end_word(out);
	}
	out->words[out->count] = NULL;
	*count = out->count;
	return out->words;
}

// SPDX-License-Identifier: MIT
/*
 * The grammar, by recursive descent, one token ahead:
 *
 *	line		list { ( ; | & ) list }
 *	list		pipeline { ( && | || ) pipeline }
 *	pipeline	[ ! ] command { | command }
 *	command		{ word | redirection }
 *	redirection	[ digit ] ( < | > | >> | >& | <& ) word
 *
 * A `#` at the beginning of a word ends the line.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "sh.h"

#define WORDS_MAX 64

struct parser {
	const char *at;
	const char *token; /* where the current token begins */
	size_t length;
	enum { END, WORD, OPERATOR } kind;
	const char *problem; /* NULL: none so far */
};

/* The length of a word, up to an unquoted blank or sign. */
static size_t word_length(struct parser *parser)
{
	const char *at = parser->at;
	char quote = '\0';

	for (; *at && (quote || (!isspace(*at) && !strchr("|&;<>", *at))); at++) {
		if (*at == '\\' && quote != '\'' && at[1])
			at++;
		else if (*at == quote)
			quote = '\0';
		else if (!quote && (*at == '"' || *at == '\''))
			quote = *at;
	}
	if (quote)
		parser->problem = "a quote is not closed";
	return (size_t)(at - parser->at);
}

static bool begins(const struct parser *parser, const char *text)
{
	return strncmp(parser->at, text, strlen(text)) == 0;
}

static size_t operator_length(const struct parser *parser)
{
	static const char *const operators[] = { "&&", "||", ">>", ">&", "<&",
						 "|",  "&",  ";",  "<",	 ">" };
	/* A digit before an sign of redirection is part of it. */
	size_t digits = isdigit(*parser->at) && strchr("<>", parser->at[1]) && parser->at[1];
	struct parser rest = { .at = parser->at + digits };

	for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++)
		if (begins(&rest, operators[i]))
			return digits + strlen(operators[i]);
	return 0;
}

static void next_token(struct parser *parser)
{
	while (isspace(*parser->at))
		parser->at++;
	parser->token = parser->at;
	if (!*parser->at || *parser->at == '#') {
		parser->kind = END;
		parser->length = 0;
		return;
	}
	parser->length = operator_length(parser);
	parser->kind = parser->length ? OPERATOR : WORD;
	if (!parser->length)
		parser->length = word_length(parser);
	parser->at += parser->length;
}

static bool is(const struct parser *parser, const char *text)
{
	return parser->kind != END && parser->length == strlen(text) &&
	       strncmp(parser->token, text, parser->length) == 0;
}

static bool accept(struct parser *parser, const char *text)
{
	if (!is(parser, text))
		return false;
	next_token(parser);
	return true;
}

static bool is_redirection(const struct parser *parser)
{
	const char *token = parser->token;

	return parser->kind == OPERATOR && (*token == '<' || *token == '>' || isdigit(*token));
}

static struct redirection *parse_redirection(struct parser *parser)
{
	struct redirection *redirection = take(sizeof(*redirection));
	const char *token = parser->token;
	bool given = isdigit(*token);
	const char *sign = token + given;
	size_t length = parser->length - given;

	*redirection = (struct redirection){
		.kind = length == 2 ? (sign[1] == '>' ? APPEND_TO : DUPLICATE)
				    : (*sign == '<' ? READ_FROM : WRITE_TO),
		.descriptor = given ? *token - '0' : *sign == '>',
	};
	next_token(parser);
	if (parser->kind != WORD) {
		parser->problem = "a redirection has no file";
		return redirection;
	}
	redirection->word = take_text(parser->token, parser->length);
	next_token(parser);
	return redirection;
}

static struct command *parse_command(struct parser *parser)
{
	struct command *command = take(sizeof(*command));
	struct redirection **end = &command->redirections;

	*command = (struct command){ .words = take((WORDS_MAX + 1) * sizeof(char *)) };
	while (!parser->problem) {
		if (is_redirection(parser)) {
			*end = parse_redirection(parser);
			end = &(*end)->next;
		} else if (parser->kind == WORD) {
			if (command->count == WORDS_MAX) {
				parser->problem = "a command has too many words";
				break;
			}
			command->words[command->count++] = take_text(parser->token, parser->length);
			next_token(parser);
		} else {
			break;
		}
	}
	command->words[command->count] = NULL;
	if (!command->count && !command->redirections && !parser->problem)
		parser->problem = "a command is missing";
	return command;
}

static struct pipeline *parse_pipeline(struct parser *parser)
{
	struct pipeline *pipeline = take(sizeof(*pipeline));
	struct command **end = &pipeline->commands;

	*pipeline = (struct pipeline){ .inverted = accept(parser, "!") };
	do {
		*end = parse_command(parser);
		end = &(*end)->next;
	} while (!parser->problem && accept(parser, "|"));
	return pipeline;
}

static struct list *parse_list(struct parser *parser)
{
	struct list *list = take(sizeof(*list));
	struct pipeline **end = &list->pipelines;

	*list = (struct list){ .pipelines = parse_pipeline(parser) };
	while (!parser->problem && (is(parser, "&&") || is(parser, "||"))) {
		bool good = is(parser, "&&");

		next_token(parser);
		end = &(*end)->next;
		*end = parse_pipeline(parser);
		(*end)->when = good ? IF_GOOD : IF_BAD;
	}
	return list;
}

struct list *parse(const char *line, bool *bad)
{
	struct parser parser = { .at = line };
	struct list *first = NULL, **end = &first;

	next_token(&parser);
	while (!parser.problem && parser.kind != END) {
		*end = parse_list(&parser);
		if (!parser.problem && accept(&parser, "&"))
			(*end)->background = true;
		else if (!parser.problem && parser.kind != END && !accept(&parser, ";"))
			parser.problem = "not understood";
		end = &(*end)->next;
	}
	*bad = parser.problem != NULL;
	if (!*bad)
		return first;
	fprintf(stderr, "sh: %s: %s\n", parser.problem,
		*parser.token ? parser.token : "end of line");
	return NULL;
}

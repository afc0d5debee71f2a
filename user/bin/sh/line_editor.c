// SPDX-License-Identifier: MIT
/*
 * One line from a person at a terminal: the terminal is asked for single bytes without echo, and the line is
 * shown by us. Keys as in other shells: arrows, Home, End, Delete, and ^A ^E ^B ^F ^P ^N ^K ^U ^W ^L ^D ^C.
 * What is typed at the end of the line costs one byte of output; any other change draws the line anew.
 *
 * A line longer than the terminal is wide is drawn wrongly when it is edited.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "sh.h"

#define HISTORY_MAX 32
#define CONTROL(c)  ((c)&0x1f)

/* Keys that are more than one byte. */
enum { UP = 0x100, DOWN, RIGHT, LEFT, HOME, END, DELETE, UNKNOWN };

static char history[HISTORY_MAX][LINE_MAX];
static unsigned history_count;

struct editor {
	const char *prompt;
	char *line;
	size_t size, length, cursor;
	unsigned recalled; /* which line of the history is shown, from 1 = the last; 0: none */
};

/* A key: a byte, or what an escape sequence stands for. -1: the input has ended. */
static int read_key(void)
{
	static const struct {
		char letter;
		int key;
	} keys[] = { { 'A', UP },  { 'B', DOWN }, { 'C', RIGHT }, { 'D', LEFT },  { 'H', HOME },
		     { 'F', END }, { '1', HOME }, { '4', END },	  { '3', DELETE } };
	unsigned char byte;
	char letter;

	if (read(STDIN_FILENO, &byte, 1) != 1)
		return -1;
	if (byte != CONTROL('['))
		return byte;
	/* ESC [ LETTER or ESC O LETTER, or ESC [ DIGIT ~. */
	if (read(STDIN_FILENO, &byte, 1) != 1 || (byte != '[' && byte != 'O') ||
	    read(STDIN_FILENO, &letter, 1) != 1)
		return UNKNOWN;
	while (isdigit(letter) && read(STDIN_FILENO, &byte, 1) == 1 && byte != '~')
		;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (keys[i].letter == letter)
			return keys[i].key;
	return UNKNOWN;
}

/* Draws the line anew and puts the terminal's cursor where ours is. */
static void draw(const struct editor *editor)
{
	size_t back = editor->length - editor->cursor;

	printf("\r%s%.*s\033[K", editor->prompt, (int)editor->length, editor->line);
	if (back)
		printf("\033[%zuD", back);
	fflush(stdout);
}

static void insert(struct editor *editor, char c)
{
	if (editor->length + 1 >= editor->size)
		return;
	memmove(editor->line + editor->cursor + 1, editor->line + editor->cursor,
		editor->length - editor->cursor);
	editor->line[editor->cursor++] = c;
	editor->length++;
	if (editor->cursor == editor->length)
		write(STDOUT_FILENO, &c, 1);
	else
		draw(editor);
}

/* Takes away what is between two places; the cursor is then at the first. */
static void cut(struct editor *editor, size_t from, size_t to)
{
	memmove(editor->line + from, editor->line + to, editor->length - to);
	editor->length -= to - from;
	editor->cursor = from;
	draw(editor);
}

static size_t word_start(const struct editor *editor)
{
	size_t at = editor->cursor;

	while (at && editor->line[at - 1] == ' ')
		at--;
	while (at && editor->line[at - 1] != ' ')
		at--;
	return at;
}

static void recall(struct editor *editor, unsigned number)
{
	if (number > history_count || number > HISTORY_MAX)
		return;
	editor->recalled = number;
	if (number)
		strlcpy(editor->line, history[(history_count - number) % HISTORY_MAX],
			editor->size);
	else
		editor->line[0] = '\0';
	editor->cursor = editor->length = strlen(editor->line);
	draw(editor);
}

static void move(struct editor *editor, size_t to)
{
	editor->cursor = to;
	draw(editor);
}

/* Does what the key says. */
static void edit(struct editor *editor, int key)
{
	size_t at = editor->cursor;

	switch (key) {
	case LEFT:
	case CONTROL('B'):
		move(editor, at ? at - 1 : 0);
		break;
	case RIGHT:
	case CONTROL('F'):
		move(editor, at < editor->length ? at + 1 : at);
		break;
	case HOME:
	case CONTROL('A'):
		move(editor, 0);
		break;
	case END:
	case CONTROL('E'):
		move(editor, editor->length);
		break;
	case UP:
	case CONTROL('P'):
		recall(editor, editor->recalled + 1);
		break;
	case DOWN:
	case CONTROL('N'):
		if (editor->recalled)
			recall(editor, editor->recalled - 1);
		break;
	case CONTROL('H'):
	case 0x7f:
		if (at)
			cut(editor, at - 1, at);
		break;
	case DELETE:
	case CONTROL('D'):
		if (at < editor->length)
			cut(editor, at, at + 1);
		break;
	case CONTROL('W'):
		cut(editor, word_start(editor), at);
		break;
	case CONTROL('U'):
		cut(editor, 0, at);
		break;
	case CONTROL('K'):
		cut(editor, at, editor->length);
		break;
	case CONTROL('L'):
		fputs("\033[H\033[2J", stdout);
		draw(editor);
		break;
	default:
		if (key < 0x100 && isprint(key))
			insert(editor, (char)key);
	}
}

static void remember(const char *line)
{
	if (*line &&
	    (!history_count || strcmp(line, history[(history_count - 1) % HISTORY_MAX]) != 0))
		strlcpy(history[history_count++ % HISTORY_MAX], line, LINE_MAX);
}

int read_line(const char *prompt, char *line, size_t size)
{
	struct editor editor = { .prompt = prompt, .line = line, .size = size };
	struct termios before, raw;
	int key, result = -1;

	if (tcgetattr(STDIN_FILENO, &before) != 0)
		return -1;
	raw = before;
	raw.c_lflag &= ~(unsigned)(ICANON | ECHO | ISIG);
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
	draw(&editor);
	while ((key = read_key()) >= 0 && !(key == CONTROL('D') && !editor.length)) {
		if (key == '\n' || key == '\r' || key == CONTROL('C')) {
			if (key == CONTROL('C'))
				editor.length = 0;
			result = (int)editor.length;
			break;
		}
		edit(&editor, key);
	}
	write(STDOUT_FILENO, "\n", 1);
	tcsetattr(STDIN_FILENO, TCSADRAIN, &before);
	line[editor.length] = '\0';
	remember(line);
	return result;
}

/* SPDX-License-Identifier: MIT */
/*
 * The line editor: the keys that Emacs, readline and terminals agree on.
 *
 * What is on the screen always equals the line; every change rewrites the part behind it and
 * goes back with backspaces. No terminal description is needed, and the only escape sequence sent
 * is the one that clears the screen (^L).
 */
#include <tessera/console.h>
#include <tessera/string.h>

#include "../console_internal.h"
#include "monitor.h"

#define CONTROL(letter) ((letter)&0x1f)

enum key {
	KEY_BACKSPACE = 0x7f,
	KEY_UP = 0x100, /* these come as escape sequences */
	KEY_DOWN,
	KEY_RIGHT,
	KEY_LEFT,
	KEY_HOME,
	KEY_END,
	KEY_DELETE,
	KEY_UNKNOWN,
};

struct editor {
	char *line;
	unsigned length, cursor;
	unsigned age;	       /* of the history line that is shown; 0: the line being typed */
	char typed[LINE_SIZE]; /* that one, while an older is shown */
};

static void backwards(unsigned n)
{
	while (n--)
		console_write("\b", 1);
}

static void move_to(struct editor *editor, unsigned place)
{
	if (place < editor->cursor)
		backwards(editor->cursor - place);
	else
		console_write(editor->line + editor->cursor, place - editor->cursor);
	editor->cursor = place;
}

/* Shows the line again from the cursor on, and blanks over what was longer before. */
static void refresh(struct editor *editor, unsigned old_length)
{
	unsigned blanks = old_length > editor->length ? old_length - editor->length : 0;

	console_write(editor->line + editor->cursor, editor->length - editor->cursor);
	print("%*s", (int)blanks, "");
	backwards(editor->length - editor->cursor + blanks);
}

static void insert(struct editor *editor, const char *text, unsigned n)
{
	unsigned rest = editor->length - editor->cursor;

	if (editor->length + n >= LINE_SIZE)
		return;
	memmove(editor->line + editor->cursor + n, editor->line + editor->cursor, rest);
	memcpy(editor->line + editor->cursor, text, n);
	editor->length += n;
	console_write(text, n);
	editor->cursor += n;
	refresh(editor, editor->length);
}

/* Takes out the characters from `from` up to `to`; the cursor is then at `from`. */
static void erase(struct editor *editor, unsigned from, unsigned to)
{
	unsigned old_length = editor->length;

	move_to(editor, from);
	memmove(editor->line + from, editor->line + to, old_length - to);
	editor->length -= to - from;
	refresh(editor, old_length);
}

static void replace(struct editor *editor, const char *text)
{
	unsigned old_length = editor->length;

	move_to(editor, 0);
	editor->length = (unsigned)strlcpy(editor->line, text, LINE_SIZE);
	refresh(editor, old_length);
	move_to(editor, editor->length);
}

/* Goes `step` lines back in history (forward: negative). */
static void browse(struct editor *editor, int step)
{
	unsigned age = editor->age + (unsigned)step;
	const char *text = age ? history_get(age) : editor->typed;

	if (!text || (!editor->age && step < 0))
		return;
	if (!editor->age) {
		editor->line[editor->length] = '\0';
		strlcpy(editor->typed, editor->line, LINE_SIZE);
	}
	editor->age = age;
	replace(editor, text);
}

static unsigned word_start(const struct editor *editor)
{
	unsigned place = editor->cursor;

	while (place && editor->line[place - 1] == ' ')
		place--;
	while (place && editor->line[place - 1] != ' ')
		place--;
	return place;
}

static void show_all(struct editor *editor)
{
	unsigned cursor = editor->cursor;

	print(PROMPT);
	editor->cursor = 0;
	move_to(editor, editor->length);
	move_to(editor, cursor);
}

/* Only the first word has anything to complete. */
static void complete(struct editor *editor)
{
	char more[LINE_SIZE];
	unsigned candidates;

	if (memchr(editor->line, ' ', editor->cursor))
		return;
	candidates = command_complete(editor->line, editor->cursor, more, sizeof(more));
	if (candidates == 1)
		strlcat(more, " ", sizeof(more));
	if (candidates > 1 && !*more) {
		print("\n");
		command_list(editor->line, editor->cursor);
		show_all(editor);
	} else if (candidates) {
		insert(editor, more, (unsigned)strlen(more));
	}
}

/* After ESC: `[` or `O`, parameters, and the letter that says which key. */
static int read_escape(void)
{
	char kind = console_read();
	unsigned parameter = 0;
	char c;

	if (kind != '[' && kind != 'O')
		return KEY_UNKNOWN;
	for (c = console_read(); c >= '0' && c <= '?'; c = console_read())
		if (c <= '9')
			parameter = parameter * 10 + (unsigned)(c - '0');

	switch (c) {
	case 'A':
		return KEY_UP;
	case 'B':
		return KEY_DOWN;
	case 'C':
		return KEY_RIGHT;
	case 'D':
		return KEY_LEFT;
	case 'H':
		return KEY_HOME;
	case 'F':
		return KEY_END;
	case '~':
		if (parameter == 1 || parameter == 7)
			return KEY_HOME;
		if (parameter == 4 || parameter == 8)
			return KEY_END;
		return parameter == 3 ? KEY_DELETE : KEY_UNKNOWN;
	default:
		return KEY_UNKNOWN;
	}
}

static int read_key(struct editor *editor)
{
	unsigned char c = (unsigned char)console_read();

	if (console_line_was_cut())
		show_all(editor);
	return c == 0x1b ? read_escape() : c;
}

/* Carries out a key; false when it ended the line. */
static bool edit(struct editor *editor, int key)
{
	switch (key) {
	case '\r':
	case '\n':
		return false;
	case CONTROL('c'):
		editor->length = 0;
		print("^C");
		return false;
	case CONTROL('a'):
	case KEY_HOME:
		move_to(editor, 0);
		break;
	case CONTROL('e'):
	case KEY_END:
		move_to(editor, editor->length);
		break;
	case CONTROL('b'):
	case KEY_LEFT:
		move_to(editor, editor->cursor - (editor->cursor > 0));
		break;
	case CONTROL('f'):
	case KEY_RIGHT:
		move_to(editor, editor->cursor + (editor->cursor < editor->length));
		break;
	case CONTROL('p'):
	case KEY_UP:
		browse(editor, 1);
		break;
	case CONTROL('n'):
	case KEY_DOWN:
		browse(editor, -1);
		break;
	case KEY_BACKSPACE:
	case '\b':
		erase(editor, editor->cursor - (editor->cursor > 0), editor->cursor);
		break;
	case CONTROL('d'):
	case KEY_DELETE:
		erase(editor, editor->cursor, editor->cursor + (editor->cursor < editor->length));
		break;
	case CONTROL('k'):
		erase(editor, editor->cursor, editor->length);
		break;
	case CONTROL('u'):
		erase(editor, 0, editor->cursor);
		break;
	case CONTROL('w'):
		erase(editor, word_start(editor), editor->cursor);
		break;
	case CONTROL('l'):
		print("\033[H\033[2J");
		show_all(editor);
		break;
	case '\t':
		complete(editor);
		break;
	default:
		if (key >= ' ' && key < KEY_BACKSPACE)
			insert(editor, &(char){ (char)key }, 1);
	}
	return true;
}

void line_read(char line[LINE_SIZE])
{
	struct editor editor = { .line = line };

	console_line_was_cut(); /* what was before does not count */
	while (edit(&editor, read_key(&editor)))
		;
	line[editor.length] = '\0';
	print("\n");
	history_add(line);
}

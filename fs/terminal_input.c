// SPDX-License-Identifier: MIT
/*
 * The terminal's line discipline: what becomes of a typed character (POSIX.1-2017, General
 * Terminal Interface). It runs where the character comes from, in the interrupt handler, with
 * interrupts masked: so echo and ^C do not wait for anybody to read. In canonical mode a line is
 * edited in the queue itself, in the part that no reader sees yet.
 */
#include <asm/irqflags.h>
#include <tessera/console.h>
#include <tessera/process.h>
#include <tessera/signal.h>

#include "terminal.h"

#define CONTROL(c) ((c)&0x1f)
#define DELETE	   0x7f

struct terminal terminal = {
	.modes = { .c_iflag = ICRNL | IMAXBEL,
		   .c_oflag = OPOST | ONLCR,
		   .c_cflag = B38400 | CS8 | CREAD | HUPCL,
		   .c_lflag = ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE | IEXTEN,
		   .c_cc = { [VINTR] = CONTROL('C'),
			     [VQUIT] = CONTROL('\\'),
			     [VERASE] = DELETE,
			     [VKILL] = CONTROL('U'),
			     [VEOF] = CONTROL('D'),
			     [VMIN] = 1,
			     [VSUSP] = CONTROL('Z'),
			     [VREPRINT] = CONTROL('R'),
			     [VWERASE] = CONTROL('W'),
			     [VLNEXT] = CONTROL('V') } },
	.size = { .ws_row = 24, .ws_col = 80 },
	.readers = WAIT_QUEUE_INIT(terminal.readers),
	.watchers = { LIST_INIT(terminal.watchers.watchers) },
};

/* ---- What is shown ---- */

static bool is_control(unsigned char c)
{
	return c < ' ' || c == DELETE;
}

static void show(const char *text, size_t n)
{
	console_write(text, n);
}

static void show_character(unsigned char c)
{
	char text[2] = { '^', (char)(c ^ 0x40) };

	if (is_control(c) && c != '\n' && c != '\t' && terminal_has(ECHOCTL))
		show(text, 2);
	else
		show((const char *)&c, 1);
}

static void echo(unsigned char c)
{
	if (terminal_has(ECHO) || (c == '\n' && terminal_has(ECHONL) && terminal_has(ICANON)))
		show_character(c);
}

/* ---- The queue ---- */

static unsigned char last_character(void)
{
	return (unsigned char)terminal.queue[(terminal.end - 1) % TERMINAL_QUEUE];
}

static void wake_readers(void)
{
	while (wait_wake_one(&terminal.readers,
			     0)) /* the first may turn out not to be allowed to read */
		;
	poll_changed(&terminal.watchers);
}

void terminal_commit(void)
{
	terminal.readable = terminal.end;
	if (terminal.readable != terminal.first)
		wake_readers();
}

void terminal_flush(void)
{
	terminal.first = terminal.readable = terminal.end;
	terminal.literal = false;
}

/* Appends a character; the last place is for the end of a line. False: no room. */
static bool append(unsigned entry)
{
	unsigned room = TERMINAL_QUEUE - (terminal.end - terminal.first);

	if (room == 0 || (room == 1 && !(entry & LINE_END) && terminal_has(ICANON))) {
		if (terminal.modes.c_iflag & IMAXBEL)
			show("\a", 1);
		return false;
	}
	terminal.queue[terminal.end++ % TERMINAL_QUEUE] = (uint16_t)entry;
	return true;
}

/* ---- Editing a line ---- */

static bool is_continuation(unsigned char c)
{
	return (c & 0xc0) == 0x80; /* UTF-8: not the first byte of a character */
}

/* Takes the last character off the line, and off the screen. */
static void erase(void)
{
	unsigned char c;

	if (terminal.end == terminal.readable)
		return;
	do {
		c = last_character();
		terminal.end--;
	} while (is_continuation(c) && terminal.end != terminal.readable);
	if (!terminal_has(ECHO) || !terminal_has(ECHOE))
		return;
	show("\b \b", 3);
	if (is_control(c) && terminal_has(ECHOCTL))
		show("\b \b", 3);
}

static void erase_word(void)
{
	while (terminal.end != terminal.readable && last_character() == ' ')
		erase();
	while (terminal.end != terminal.readable && last_character() != ' ')
		erase();
}

static void erase_line(void)
{
	bool rub_out = terminal_has(ECHOKE) && terminal_has(ECHOE);

	while (rub_out && terminal.end != terminal.readable)
		erase();
	terminal.end = terminal.readable;
	if (!rub_out && terminal_has(ECHOK))
		echo('\n');
}

static void show_line_again(void)
{
	show("\n", 1);
	for (unsigned at = terminal.readable; at != terminal.end; at++)
		show_character((unsigned char)terminal.queue[at % TERMINAL_QUEUE]);
}

static bool is(unsigned char c, unsigned control)
{
	return c == terminal.modes.c_cc[control] && c != CONTROL_NONE;
}

/* True: the character was one that edits the line, and that was it. */
static bool edit(unsigned char c)
{
	if (is(c, VERASE)) {
		erase();
	} else if (is(c, VKILL)) {
		erase_line();
	} else if (is(c, VEOF)) {
		append(LINE_END | END_OF_FILE);
		terminal_commit();
	} else if (terminal_has(IEXTEN) && is(c, VWERASE)) {
		erase_word();
	} else if (terminal_has(IEXTEN) && is(c, VREPRINT)) {
		if (terminal_has(ECHO))
			show_line_again();
	} else {
		return false;
	}
	return true;
}

/* The signal that a character sends, or 0. */
static int signal_of(unsigned char c)
{
	if (is(c, VINTR))
		return SIGINT;
	if (is(c, VQUIT))
		return SIGQUIT;
	return is(c, VSUSP) ? SIGTSTP : 0;
}

static void send_signal(unsigned char c, int signal)
{
	if (!terminal_has(NOFLSH))
		terminal_flush();
	echo(c);
	if (terminal.group)
		signal_group(terminal.group, signal);
}

static void take_plain(unsigned char c)
{
	bool ends = !terminal.literal && (c == '\n' || is(c, VEOL) || is(c, VEOL2));

	terminal.literal = false;
	if (!append(c | (ends ? LINE_END : 0)))
		return;
	echo(c);
	if (ends || !terminal_has(ICANON))
		terminal_commit();
}

static void take(unsigned char c)
{
	if (terminal.literal) {
		take_plain(c);
	} else if (terminal_has(ISIG) && signal_of(c)) {
		send_signal(c, signal_of(c));
	} else if (terminal_has(ICANON) && terminal_has(IEXTEN) && is(c, VLNEXT)) {
		terminal.literal = true;
	} else if (!terminal_has(ICANON) || !edit(c)) {
		take_plain(c);
	}
}

void terminal_input(char typed)
{
	unsigned modes = terminal.modes.c_iflag;
	unsigned char c = (unsigned char)typed;
	unsigned long flags = irq_save();

	if (modes & ISTRIP)
		c &= 0x7f;
	if (c == '\r' && (modes & IGNCR) && !terminal.literal)
		goto done;
	if (c == '\r' && (modes & ICRNL) && !terminal.literal)
		c = '\n';
	else if (c == '\n' && (modes & INLCR) && !terminal.literal)
		c = '\r';
	take(c);
done:
	wait_unlock(flags);
}

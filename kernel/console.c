/* SPDX-License-Identifier: MIT */
/*
 * Consoles: every line goes to all of them, and what is typed on any of them goes into one queue.
 *
 * `console=a,b` names the consoles to use, in the drivers' names; without it all are used. A
 * console that is not named is kept aside, and comes in after all if none of the named exists:
 * a kernel that reports its trouble to nobody helps nobody.
 *
 * The list changes during start-up only. The queue is written by interrupt handlers and read by
 * threads, one byte at a time, with interrupts masked.
 */
#include <asm/cpu.h>
#include <asm/irqflags.h>
#include <tessera/arch.h>
#include <tessera/boot_parameter.h>
#include <tessera/clock.h>
#include <tessera/console.h>
#include <tessera/errno.h>
#include <tessera/format.h>
#include <tessera/log.h>
#include <tessera/string.h>
#include <tessera/tick.h>
#include <tessera/wait.h>

#include "console_internal.h"

#define LOG_TAG "console"

static struct list_node consoles = LIST_INIT(consoles);
static struct list_node unused = LIST_INIT(unused);
static bool initialised;
static bool started;   /* interrupts work: input comes by them, and the log waits for them */
static bool printing;  /* print is writing a text: the log waits for its end */
static bool line_open; /* the last character was no newline */
static bool cut_line;  /* a line of the log went in between */

static char input[64];
static unsigned input_head, input_count, input_lost;
static struct wait_queue readers = WAIT_QUEUE_INIT(readers);
static void (*input_receiver)(char c); /* NULL: the queue */

static const char *requested = ""; /* value of console=; "": all */

static int set_consoles(const char *value)
{
	requested = value;
	return *value ? 0 : -EINVAL;
}
BOOT_PARAMETER(console, set_consoles, "names of the consoles to use, as in console=serial,vga");

/* Gives the word's length and moves *list behind it and its comma; 0: no more words. */
static size_t next_word(const char **list, const char **word)
{
	size_t length = 0;

	*word = *list;
	while ((*word)[length] && (*word)[length] != ',')
		length++;
	*list += length + ((*word)[length] == ',');
	return length;
}

static bool is_requested(const char *name)
{
	const char *list = requested, *word;

	while (*list) {
		size_t length = next_word(&list, &word);

		if (strncmp(word, name, length) == 0 && !name[length])
			return true;
	}
	return !*requested;
}

static void use_console(struct console *console)
{
	list_add_tail(&consoles, &console->link);
	log_show_past(console);
	log_flush();
}

int console_register(struct console *console)
{
	if (!is_requested(console->name)) {
		list_add_tail(&unused, &console->link);
		return -EINVAL;
	}
	use_console(console);
	return 0;
}

/* All consoles have had their chance to register: reports the names that none of them has. */
static void check_requested(void)
{
	const char *list = requested, *word;

	while (*list) {
		size_t length = next_word(&list, &word);
		struct console *console;
		bool found = false;

		list_for_each_entry(console, &consoles, link)
			found |=
				strncmp(word, console->name, length) == 0 && !console->name[length];
		if (!found)
			log_warning("there is no console %.*s", (int)length, word);
	}
	if (list_empty(&consoles) && !list_empty(&unused))
		use_console(list_entry(list_pop_head(&unused), struct console, link));
}

void console_init(void)
{
	initialised = true;
	arch_console_init();
}

void console_start(void)
{
	struct console *console;

	check_requested();
	started = true;
	list_for_each_entry(console, &consoles, link)
		if (console->start)
			console->start(console);
}

void console_require(void)
{
	if (!initialised)
		console_init();
	if (list_empty(&consoles) && !list_empty(&unused))
		use_console(list_entry(list_pop_head(&unused), struct console, link));
	printing = started = false; /* whoever printed will not come back, nor will interrupts */
}

bool console_ready(void)
{
	return !list_empty(&consoles) && !printing && (!started || irqs_enabled());
}

void console_write(const char *text, size_t n)
{
	struct console *console;

	if (!n)
		return;
	list_for_each_entry(console, &consoles, link)
		console->write(console, text, n);
	line_open = text[n - 1] != '\n';
}

void console_fresh_line(void)
{
	if (!line_open)
		return;
	console_write("\n", 1);
	cut_line = true;
}

bool console_line_was_cut(void)
{
	bool was = cut_line;

	cut_line = false;
	return was;
}

void vprint(const char *format, va_list args)
{
	printing = true;
	vformat_write(console_write, format, args);
	printing = false;
	log_flush();
}

void print(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vprint(format, args);
	va_end(args);
}

void console_give_to(void (*receiver)(char c))
{
	input_receiver = receiver;
}

static __always_inline void queue_input(char c)
{
	unsigned long flags = irq_save();

	if (input_count < sizeof(input))
		input[(input_head + input_count++) % sizeof(input)] = c;
	else
		input_lost++;
	if (IS_ENABLED(CONFIG_THREADS)) {
		wait_wake_one(&readers, 0);
		wait_unlock(flags);
	} else {
		irq_restore(flags);
	}
}

void console_input(char c)
{
	if (IS_ENABLED(CONFIG_USER_MODE) && input_receiver)
		input_receiver(c);
	else
		queue_input(c);
}

/* Before interrupts work the devices have to be asked. */
static void poll_consoles(void)
{
	struct console *console;
	int c;

	list_for_each_entry(console, &consoles, link)
		while (console->poll && (c = console->poll(console)) >= 0)
			console_input((char)c);
}

int console_try_read(void)
{
	unsigned long flags = irq_save();
	int c = -EAGAIN;

	if (!started)
		poll_consoles();
	if (input_count) {
		c = (unsigned char)input[input_head];
		input_head = (input_head + 1) % sizeof(input);
		input_count--;
	}
	irq_restore(flags);
	return c;
}

/* Masked; returns with interrupts on, when there may be something to do: a character, or now and
 * then something in the log to be shown. */
static void wait_for_input(void)
{
	if (IS_ENABLED(CONFIG_THREADS))
		wait_block(&readers, LOG_FLUSH_NS);
	else
		cpu_wait();
}

bool console_wake_for_log(void)
{
	return !list_empty(&consoles) && log_is_behind() && wait_wake_one(&readers, 0);
}

char console_read(void)
{
	int c;

	/* Masked from the look to the wait, or a character in between would be slept over. */
	for (;;) {
		log_flush();
		irq_disable();
		c = console_try_read();
		if (c >= 0)
			break;
		wait_for_input();
	}
	irq_enable();
	return (char)c;
}

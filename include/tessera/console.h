/* SPDX-License-Identifier: MIT */
/*
 * Consoles: where the log and the monitor write, and where typed characters come from. A driver
 * registers a struct console; all of them show the same text and share one input queue.
 */
#ifndef TESSERA_CONSOLE_H
#define TESSERA_CONSOLE_H

#include <tessera/compiler.h>
#include <tessera/list.h>

struct console {
	const char *name; /* as in console=NAME: "serial", "vga" */
	/* Writes n bytes; '\n' starts a new line. Any context, interrupts masked or not. */
	void (*write)(struct console *console, const char *text, size_t n);
	/* Fetches one typed character without an interrupt, or -EAGAIN. NULL: no input. For
	 * panic, and for start-up before interrupts work. */
	int (*poll)(struct console *console);
	/* Interrupts work: from now on give typed characters to console_input. NULL: no input, or
	 * by poll only. Called once. */
	void (*start)(struct console *console);
	struct list_node link;
};

/* Start-up or thread context. -EINVAL: the command line's console= names others only. */
int console_register(struct console *console);

/* Writes to every console. Any context. O(n). */
void console_write(const char *text, size_t n);

/* A driver's interrupt handler gives a typed character; when the queue is full it is dropped and
 * counted. */
void console_input(char c);

/* From now on typed characters go to `receiver` instead of the queue that the next two read: to
 * the terminal of user programs. Interrupts masked; the receiver too is called with them masked
 * or not. */
void console_give_to(void (*receiver)(char c));

/* The next typed character; waits with the CPU halted. Thread context, interrupts on. */
char console_read(void);

/* The same without waiting: -EAGAIN when nothing was typed. */
int console_try_read(void);

/* The idle thread, with interrupts masked (NO_HZ_IDLE): wakes a thread that waits for input when
 * the log has lines that could not be shown where they were written. False: there is none. O(1). */
bool console_wake_for_log(void);

/* Formatted text straight to the consoles, not into the log: what the monitor and TAP print. */
void print(const char *format, ...) __printf(1, 2);

/* Start-up, once, before the memory map is printed: calls the board's early drivers so that
 * output works from then on. */
void console_init(void);

/* Start-up, once, after irq_init: starts the interrupt-driven input of every console. */
void console_start(void);

#endif

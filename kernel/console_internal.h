/* SPDX-License-Identifier: MIT */
/* What console, log and panic need of one another. */
#ifndef KERNEL_CONSOLE_INTERNAL_H
#define KERNEL_CONSOLE_INTERNAL_H

#include <stdarg.h>
#include <tessera/console.h>

/* For panic and boot_fail: brings in whatever console the machine has, if there is none yet. */
void console_require(void);

/* Whether the log may be shown: there is a console, no print is in the middle of a text, and
 * interrupts are on (or do not work yet). */
bool console_ready(void);

/* The log has lines that are neither shown nor passed over yet. Any context. */
bool log_is_behind(void);

/* Ends the line that somebody left unfinished. That one can ask later whether it happened. */
void console_fresh_line(void);
bool console_line_was_cut(void);

void vprint(const char *format, va_list args) __printf(1, 0);

/* log_replay on one console, which need not be registered (NULL: all). */
void log_replay_on(struct console *console, unsigned lines);

/* Shows a console that comes late the lines that the others have shown already. */
void log_show_past(struct console *console);

/* For panic: shows what is due, whoever was interrupted at that, and then the last `lines` of the
 * lines that were never shown. */
void log_panic_flush(void);
void log_show_hidden(unsigned lines);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * The log: one line per call, with level, tag and time, kept in a ring buffer and shown on the
 * consoles when its level is at most the console level (`loglevel=`, LOG_LEVEL_CONSOLE). Lines
 * above LOG_LEVEL_COMPILED are not even compiled. A source file names itself before the first use:
 *	#define LOG_TAG "memory"
 * The text has no newline at its end; what is longer than 240 characters is cut. Any context; with
 * interrupts masked the line is shown later (log_flush).
 */
#ifndef TESSERA_LOG_H
#define TESSERA_LOG_H

#include <tessera/clock.h>
#include <tessera/compiler.h>

/* The numbers of syslog (RFC 5424), as in Linux. */
enum log_level {
	LOG_EMERGENCY = 0,
	LOG_ALERT,
	LOG_CRITICAL,
	LOG_ERROR,
	LOG_WARNING,
	LOG_NOTICE,
	LOG_INFO,
	LOG_DEBUG,
};

/* Tag and format are read when the line is shown: they are constants. Texts (%s) are copied. */
void log_write(enum log_level level, const char *tag, const char *format, ...) __printf(3, 4);

#define log_at(level, ...)                                           \
	do {                                                         \
		if ((int)(level) <= CONFIG_LOG_LEVEL_COMPILED)       \
			log_write((level), LOG_TAG, "" __VA_ARGS__); \
	} while (0)

#define log_error(...)	 log_at(LOG_ERROR, __VA_ARGS__)
#define log_warning(...) log_at(LOG_WARNING, __VA_ARGS__)
#define log_notice(...)	 log_at(LOG_NOTICE, __VA_ARGS__)
#define log_info(...)	 log_at(LOG_INFO, __VA_ARGS__)
#define log_debug(...)	 log_at(LOG_DEBUG, __VA_ARGS__)

/* Shows the lines that are due; called by whoever is about to idle. Any context; does nothing
 * while interrupts are masked, start-up and panic aside. */
void log_flush(void);

/* Lines above this level are kept but not shown. */
void log_set_console_level(int level);

/* The newest lines of the ring buffer that fit into `size` bytes, oldest first, each with its level in
 * front ("<5>") and a newline behind. Gives the length; there is no NUL. Thread context. */
size_t log_copy(char *to, size_t size);

/* Shows the ring buffer again, oldest line first: at most the last `lines` lines (0: all). */
void log_replay(unsigned lines);

#endif

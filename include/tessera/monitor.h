/* SPDX-License-Identifier: MIT */
/*
 * The kernel monitor: a command line on the console (MONITOR). A room adds a command where the
 * mechanism lives:
 *	MONITOR_COMMAND(pages, "pages", "page allocator statistics", show_pages);
 * Without MONITOR the entries are not compiled in.
 */
#ifndef TESSERA_MONITOR_H
#define TESSERA_MONITOR_H

#include <tessera/linker.h>

struct monitor_command {
	const char *usage; /* the command's name, then its arguments: "log [LINES]" */
	const char *help;  /* one line */
	void (*run)(int argc, char **argv); /* argv[0] is the name; argv[argc] is NULL */
};

#ifdef CONFIG_MONITOR
#define MONITOR_COMMAND(id, usage_text, help_text, function)     \
	REGISTRY_ENTRY(monitor_commands, struct monitor_command, \
		       id) = { .usage = (usage_text), .help = (help_text), .run = (function) }
#else
#define MONITOR_COMMAND(id, usage_text, help_text, function)                               \
	static void (*const __unused_monitor_##id)(int, char **) __attribute__((unused)) = \
		(function)
#endif

extern const struct monitor_command __start_monitor_commands[], __stop_monitor_commands[];

/* Runs the monitor for ever. */
void monitor_run(void) __noreturn;

#endif

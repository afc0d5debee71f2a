/* SPDX-License-Identifier: MIT */
/*
 * Words of the command line. A room that reads one registers it; unknown words are reported in
 * one line and kept (boot_info.command_line is never changed).
 *	BOOT_PARAMETER(loglevel, set_loglevel, "0 to 7: show log lines up to this level");
 */
#ifndef TESSERA_BOOT_PARAMETER_H
#define TESSERA_BOOT_PARAMETER_H

#include <tessera/linker.h>

struct boot_parameter {
	const char *name;
	/* value: the text after '=', "" without one; it stays there for good. 0, or -EINVAL:
	 * reported with `help`. */
	int (*parse)(const char *value);
	const char *help; /* NULL: no value is bad */
};

#define BOOT_PARAMETER(id, function, text)                     \
	REGISTRY_ENTRY(boot_parameters, struct boot_parameter, \
		       id) = { .name = #id, .parse = (function), .help = (text) }

extern const struct boot_parameter __start_boot_parameters[], __stop_boot_parameters[];

/* Start-up, first of all (the words say which consoles and how much log): gives every word to
 * its owner. A bad value is logged with the parameter's help; the default then holds. */
void boot_parameters_parse(void);

/* The same with a line of the caller's, which is cut up and must stay (for tests). */
void boot_parameters_parse_line(char *line);

#endif

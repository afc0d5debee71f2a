// SPDX-License-Identifier: MIT
/* User programs at start-up (programs.h): what the command line says, and the first process. */
#include <tessera/boot_parameter.h>
#include <tessera/errno.h>
#include <tessera/log.h>
#include <tessera/process.h>
#include <tessera/programs.h>
#include <tessera/string.h>

#include "futex.h"

#define LOG_TAG "process"

static const char *init_path = "/init";
static const char *run_word;
static bool monitor_wanted;

static int set_init(const char *value)
{
	if (*value != '/')
		return -EINVAL;
	init_path = value;
	return 0;
}
BOOT_PARAMETER(init, set_init, "/PATH: the first program, instead of /init");

/* The first program is given the whole word. */
static int set_run(const char *value)
{
	run_word = value - strlen("run=");
	return 0;
}
BOOT_PARAMETER(
	run, set_run,
	"PROGRAM,ARGUMENT,...: /init runs this instead of a shell, and then ends the machine");

static int set_monitor(const char *value)
{
	if (strcmp(value, "0") && strcmp(value, "1"))
		return -EINVAL;
	monitor_wanted = *value == '1';
	return 0;
}
BOOT_PARAMETER(monitor, set_monitor, "1: the kernel monitor instead of the first program");

void programs_init(void)
{
	futex_init();
	space_init();
	initramfs_init();
}

/* Whether the file is there at all; everything else is said by whoever starts it. */
static bool init_exists(void)
{
	struct executable file;
	int error = executable_find(init_path, &file);

	if (!error)
		source_put(file.source);
	return error != -ENOENT;
}

bool programs_start(void)
{
	if (monitor_wanted)
		return false;
	if (!init_exists()) {
		log_warning("there is no %s: the initramfs is missing, or has none", init_path);
		return false;
	}
	return process_start_init(init_path, run_word) == 0;
}

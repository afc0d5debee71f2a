/* SPDX-License-Identifier: MIT */
/* The kernel monitor: reads a line, finds the command, runs it. */
#include <tessera/console.h>
#include <tessera/monitor.h>
#include <tessera/string.h>

void monitor_run(void)
{
	for (;;) {
		print("tessera> ");
		console_read();
	}
}

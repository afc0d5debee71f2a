/* SPDX-License-Identifier: MIT */
/* The last lines typed, in a ring. */
#include <tessera/string.h>

#include "monitor.h"

static char lines[CONFIG_MONITOR_HISTORY][LINE_SIZE];
static unsigned next, count;

void history_add(const char *line)
{
	const char *last = history_get(1);

	if (!*line || (last && strcmp(last, line) == 0))
		return;
	strlcpy(lines[next], line, LINE_SIZE);
	next = (next + 1) % CONFIG_MONITOR_HISTORY;
	count = MIN(count + 1, (unsigned)CONFIG_MONITOR_HISTORY);
}

const char *history_get(unsigned age)
{
	if (age == 0 || age > count)
		return NULL;
	return lines[(next + CONFIG_MONITOR_HISTORY - age) % CONFIG_MONITOR_HISTORY];
}

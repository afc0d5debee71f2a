/* SPDX-License-Identifier: MIT */
/* What `test=` and `bench=` select. */
#ifndef TESTS_FILTER_H
#define TESTS_FILTER_H

#include <tessera/string.h>

/*
 * True when `name` begins with one of the comma-separated words of `filter`; "all" and the empty
 * filter select everything, an empty word nothing. O(length of both).
 */
static inline bool filter_selects(const char *filter, const char *name)
{
	if (!*filter || strcmp(filter, "all") == 0)
		return true;
	while (*filter) {
		const char *comma = strchr(filter, ',');
		size_t length = comma ? (size_t)(comma - filter) : strlen(filter);

		if (length > 0 && strncmp(filter, name, length) == 0)
			return true;
		filter += length + (comma != NULL);
	}
	return false;
}

#endif

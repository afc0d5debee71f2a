/* SPDX-License-Identifier: MIT */
/* What `test=` and `bench=` select. */
#ifndef TESTS_FILTER_H
#define TESTS_FILTER_H

#include <tessera/string.h>

/*
 * The filter is a list of words with commas in between. It selects a name that begins with one of
 * them ("all" stands for every name), unless the name also begins with one behind a minus sign:
 * "all,-kernel.tick". The empty filter selects everything. O(length of both).
 */
static inline bool filter_selects(const char *filter, const char *name)
{
	bool selected = !*filter;

	while (*filter) {
		const char *comma = strchr(filter, ',');
		size_t length = comma ? (size_t)(comma - filter) : strlen(filter);
		bool minus = *filter == '-';
		const char *word = filter + minus;
		size_t n = length - minus;

		if ((n == 3 && strncmp(word, "all", 3) == 0) ||
		    (n > 0 && strncmp(word, name, n) == 0)) {
			if (minus)
				return false;
			selected = true;
		}
		filter += length + (comma != NULL);
	}
	return selected;
}

#endif

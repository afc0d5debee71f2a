/* SPDX-License-Identifier: MIT */
/* Devices that programs see, by number, as Linux numbers them
 * (Documentation/admin-guide/devices.txt). */
#ifndef FS_DEVICE_H
#define FS_DEVICE_H

#include <tessera/file.h>

struct device {
	const char *name; /* in /dev */
	uint32_t major, minor;
	const struct file_operations *operations; /* an opening's data is its node */
	void (*opened)(unsigned flags);		  /* NULL: nothing to do */
};

extern const struct device devices[];
extern const unsigned device_count;

/* NULL: there is none. */
const struct device *device_find(uint32_t major, uint32_t minor);

/* fs/terminal.c: the console, for all of its openings. */
extern const struct file_operations terminal_operations;
void terminal_opened(unsigned flags);

#endif

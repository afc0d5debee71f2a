// SPDX-License-Identifier: MIT
/* Devices that programs see: the console under its two names, nothing at all, and zeros without
 * end. */
#include <tessera/compiler.h>
#include <tessera/errno.h>
#include <tessera/user_copy.h>

#include "device.h"
#include "tree.h"

static ssize_t null_read(struct file *file, uintptr_t user, size_t n, uint64_t *offset)
{
	return 0;
}

static ssize_t null_write(struct file *file, uintptr_t user, size_t n, uint64_t *offset)
{
	return (ssize_t)n;
}

static ssize_t null_send(struct file *file, const char *bytes, size_t n)
{
	return (ssize_t)n;
}

static ssize_t zero_read(struct file *file, uintptr_t user, size_t n, uint64_t *offset)
{
	return clear_user(user, n) ? -EFAULT : (ssize_t)n;
}

/* Any offset will do, and none matters. */
static int64_t null_size(struct file *file)
{
	return 0;
}

static const struct file_operations null_operations = {
	.kind = "null",
	.read = null_read,
	.write = null_write,
	.send = null_send,
	.size = null_size,
	.stat = node_file_stat,
};

static const struct file_operations zero_operations = {
	.kind = "zero",
	.read = zero_read,
	.write = null_write,
	.send = null_send,
	.size = null_size,
	.stat = node_file_stat,
};

const struct device devices[] = {
	{ "null", 1, 3, &null_operations, NULL },
	{ "zero", 1, 5, &zero_operations, NULL },
	{ "tty", 5, 0, &terminal_operations, terminal_opened },
	{ "console", 5, 1, &terminal_operations, terminal_opened },
};
const unsigned device_count = ARRAY_SIZE(devices);

const struct device *device_find(uint32_t major, uint32_t minor)
{
	for (unsigned i = 0; i < device_count; i++)
		if (devices[i].major == major && devices[i].minor == minor)
			return &devices[i];
	return NULL;
}

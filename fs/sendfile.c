// SPDX-License-Identifier: MIT
/*
 * sendfile: from a file whose bytes are in kernel memory, which those of the initramfs are,
 * straight into whatever takes them. From anything else it is -EINVAL, upon which programs read
 * and write themselves.
 */
#include <tessera/errno.h>
#include <tessera/fcntl.h>
#include <tessera/system_calls.h>
#include <tessera/user_copy.h>

#include "descriptor.h"

static long send(struct file *out, struct file *in, uint64_t *offset, size_t n)
{
	const char *bytes;
	size_t size;
	long sent;

	if (!in->operations->bytes || !out->operations->send || (out->flags & O_APPEND))
		return -EINVAL;
	size = in->operations->bytes(in, &bytes);
	if (*offset >= size)
		return 0;
	n = MIN(n, size - (size_t)*offset);
	sent = out->operations->send(out, bytes + *offset, n);
	if (sent > 0)
		*offset += (size_t)sent;
	return sent;
}

static long send_descriptors(unsigned out_descriptor, unsigned in_descriptor, uint64_t *offset,
			     size_t n)
{
	struct file *out = descriptor_get_for(out_descriptor, FILE_WRITE);
	struct file *in = descriptor_get_for(in_descriptor, FILE_READ);
	long result = -EBADF;

	if (out && in)
		result = send(out, in, offset ? offset : &in->offset, n);
	if (in)
		file_put(in);
	if (out)
		file_put(out);
	return result;
}

long sys_sendfile64(unsigned long out, unsigned long in, unsigned long user_offset, unsigned long n)
{
	int64_t offset;
	long result;

	if (!user_offset)
		return send_descriptors((unsigned)out, (unsigned)in, NULL, n);
	if (copy_from_user(&offset, user_offset, sizeof(offset)))
		return -EFAULT;
	if (offset < 0)
		return -EINVAL;
	result = send_descriptors((unsigned)out, (unsigned)in, (uint64_t *)&offset, n);
	if (result > 0 && copy_to_user(user_offset, &offset, sizeof(offset)))
		return -EFAULT;
	return result;
}

/* The offset is a long. */
long sys_sendfile(unsigned long out, unsigned long in, unsigned long user_offset, unsigned long n)
{
	unsigned long word;
	uint64_t offset;
	long result;

	if (!user_offset)
		return send_descriptors((unsigned)out, (unsigned)in, NULL, n);
	if (user_load_word(user_offset, &word))
		return -EFAULT;
	if ((long)word < 0)
		return -EINVAL;
	offset = word;
	result = send_descriptors((unsigned)out, (unsigned)in, &offset, n);
	if (result > 0 && user_store_word(user_offset, (unsigned long)offset))
		return -EFAULT;
	return result;
}

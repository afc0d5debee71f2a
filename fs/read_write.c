// SPDX-License-Identifier: MIT
/*
 * Reading and writing, which the kinds of files do themselves. read and write are the paths that
 * count: in a table of one's own (descriptor.h) they are a look-up and a jump.
 */
#include <tessera/errno.h>
#include <tessera/fcntl.h>
#include <tessera/kmalloc.h>
#include <tessera/poll.h>
#include <tessera/system_calls.h>
#include <tessera/uio.h>
#include <tessera/user_copy.h>

#include "descriptor.h"

/* More than this at once is cut, so that no result looks like an error. */
#define COUNT_MAX 0x7ffff000ul

static noinline long read_counted(unsigned long descriptor, unsigned long buffer, unsigned long n)
{
	struct file *file = descriptor_get_for((unsigned)descriptor, FILE_READ);
	long result;

	if (!file)
		return -EBADF;
	result = file->operations->read(file, buffer, MIN(n, COUNT_MAX), &file->offset);
	file_put(file);
	return result;
}

long sys_read(unsigned long descriptor, unsigned long buffer, unsigned long n)
{
	struct file *file = descriptor_quick(current_thread(), descriptor);

	if (unlikely(!(file->access & FILE_READ) || n > COUNT_MAX))
		return read_counted(descriptor, buffer, n);
	return file->operations->read(file, buffer, n, &file->offset);
}

static noinline long write_counted(unsigned long descriptor, unsigned long buffer, unsigned long n)
{
	struct file *file = descriptor_get_for((unsigned)descriptor, FILE_WRITE);
	long result;

	if (!file)
		return -EBADF;
	result = file->operations->write(file, buffer, MIN(n, COUNT_MAX), &file->offset);
	file_put(file);
	return result;
}

long sys_write(unsigned long descriptor, unsigned long buffer, unsigned long n)
{
	struct file *file = descriptor_quick(current_thread(), descriptor);

	if (unlikely(!(file->access & FILE_WRITE) || n > COUNT_MAX))
		return write_counted(descriptor, buffer, n);
	return file->operations->write(file, buffer, n, &file->offset);
}

/* ---- At a place of one's own ---- */

static long read_at(unsigned descriptor, uintptr_t buffer, size_t n, int64_t offset)
{
	struct file *file = descriptor_get_for(descriptor, FILE_READ);
	uint64_t at = (uint64_t)offset;
	long result;

	if (!file)
		return -EBADF;
	if (!file->operations->size)
		result = -ESPIPE;
	else if (offset < 0)
		result = -EINVAL;
	else
		result = file->operations->read(file, buffer, MIN(n, COUNT_MAX), &at);
	file_put(file);
	return result;
}

long sys_pread64(unsigned long descriptor, unsigned long buffer, unsigned long n,
		 unsigned long offset)
{
	return read_at((unsigned)descriptor, buffer, n, (long)offset);
}

long sys_pread64_halves(unsigned long descriptor, unsigned long buffer, unsigned long n,
			unsigned long low, unsigned long high)
{
	return read_at((unsigned)descriptor, buffer, n,
		       (int64_t)((uint64_t)high << 32 | (uint32_t)low));
}

long sys_pread64_pair(unsigned long descriptor, unsigned long buffer, unsigned long n,
		      unsigned long unused, unsigned long first, unsigned long second)
{
	bool big = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;

	return sys_pread64_halves(descriptor, buffer, n, big ? second : first,
				  big ? first : second);
}

static int64_t seek(struct file *file, int64_t offset, unsigned whence)
{
	int64_t from;

	if (!file->operations->size)
		return -ESPIPE;
	switch (whence) {
	case SEEK_SET:
		from = 0;
		break;
	case SEEK_CUR:
		from = (int64_t)file->offset;
		break;
	case SEEK_END:
		from = file->operations->size(file);
		break;
	default:
		return -EINVAL;
	}
	if (__builtin_add_overflow(from, offset, &from))
		return -EOVERFLOW;
	if (from < 0)
		return -EINVAL;
	file->offset = (uint64_t)from;
	return from;
}

static int64_t seek_descriptor(unsigned descriptor, int64_t offset, unsigned whence)
{
	struct file *file = descriptor_get((int)descriptor);
	int64_t result;

	if (!file)
		return -EBADF;
	result = seek(file, offset, whence);
	file_put(file);
	return result;
}

long sys_lseek(unsigned long descriptor, unsigned long offset, unsigned long whence)
{
	int64_t result = seek_descriptor((unsigned)descriptor, (long)offset, (unsigned)whence);

	return result > __LONG_MAX__ ? -EOVERFLOW : (long)result;
}

long sys_llseek(unsigned long descriptor, unsigned long high, unsigned long low,
		unsigned long result, unsigned long whence)
{
	int64_t offset = (int64_t)((uint64_t)high << 32 | (uint32_t)low);

	offset = seek_descriptor((unsigned)descriptor, offset, (unsigned)whence);
	return offset < 0 ? (long)offset : copy_to_user(result, &offset, sizeof(offset));
}

/*
 * ---- In pieces ----
 *
 * A short vector is gathered first and written in one, where the file takes kernel memory: so what
 * goes into a pipe stays together, and a line on the terminal too. Otherwise the pieces are moved
 * one after the other.
 */

#define GATHERED_MAX 4096u /* PIPE_BUF */

/* Fetches one piece of the user's vector. */
static int get_piece(struct iovec *piece, uintptr_t vector, unsigned long index)
{
	return copy_from_user(piece, vector + index * sizeof(*piece), sizeof(*piece));
}

/* Looks at all pieces before the first is moved. Their length together; -EFAULT; -EINVAL: too
 * long. */
static long measure(uintptr_t vector, unsigned long count)
{
	size_t total = 0;
	struct iovec piece;

	if (count > IOV_MAX)
		return -EINVAL;
	for (unsigned long i = 0; i < count; i++) {
		if (get_piece(&piece, vector, i))
			return -EFAULT;
		if (piece.iov_len > __LONG_MAX__ - total)
			return -EINVAL;
		total += piece.iov_len;
	}
	return (long)total;
}

/* Copies a vector, which was measured but may have changed since, into `size` bytes. */
static int gather(char *to, size_t size, uintptr_t vector, unsigned long count)
{
	struct iovec piece;

	for (unsigned long i = 0; i < count; i++) {
		if (get_piece(&piece, vector, i) || piece.iov_len > size ||
		    copy_from_user(to, (uintptr_t)piece.iov_base, piece.iov_len))
			return -EFAULT;
		to += piece.iov_len;
		size -= piece.iov_len;
	}
	return size ? -EFAULT : 0;
}

static long write_gathered(struct file *file, uintptr_t vector, unsigned long count, size_t size)
{
	char *bytes = kmalloc(size);
	long result;

	if (!bytes)
		return -ENOMEM;
	result = gather(bytes, size, vector, count);
	if (!result)
		result = file->operations->send(file, bytes, size);
	kfree(bytes);
	return result;
}

/* Having moved something, a call must not wait for more. */
static bool would_wait(struct file *file, unsigned events)
{
	struct poll_source *source;

	return file->operations->poll && !(file->operations->poll(file, &source) & events);
}

static long move_pieces(struct file *file, uintptr_t vector, unsigned long count, unsigned access)
{
	unsigned events = access == FILE_READ ? POLLIN : POLLOUT;
	long total = 0, result = 0;
	struct iovec piece;

	for (unsigned long i = 0; i < count; i++) {
		if (get_piece(&piece, vector, i))
			return total ? total : -EFAULT;
		piece.iov_len = MIN(piece.iov_len, COUNT_MAX - (size_t)total);
		if (!piece.iov_len)
			continue;
		if (total && would_wait(file, events))
			break;
		result = (access == FILE_READ ? file->operations->read : file->operations->write)(
			file, (uintptr_t)piece.iov_base, piece.iov_len, &file->offset);
		if (result > 0)
			total += result;
		if (result < 0 || (size_t)result < piece.iov_len)
			break;
	}
	return total ? total : MIN(result, 0l);
}

static long move_vector(unsigned descriptor, uintptr_t vector, unsigned long count, unsigned access)
{
	struct file *file = descriptor_get_for(descriptor, access);
	long result;

	if (!file)
		return -EBADF;
	result = measure(vector, count);
	if (result > 0 && result <= (long)GATHERED_MAX && access == FILE_WRITE &&
	    file->operations->send)
		result = write_gathered(file, vector, count, (size_t)result);
	else if (result > 0)
		result = move_pieces(file, vector, count, access);
	file_put(file);
	return result;
}

long sys_readv(unsigned long descriptor, unsigned long vector, unsigned long count)
{
	return move_vector((unsigned)descriptor, vector, count, FILE_READ);
}

long sys_writev(unsigned long descriptor, unsigned long vector, unsigned long count)
{
	return move_vector((unsigned)descriptor, vector, count, FILE_WRITE);
}

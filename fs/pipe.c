// SPDX-License-Identifier: MIT
/*
 * Pipes: a ring of one page between two files. What is written in one call of at most PIPE_BUF
 * bytes goes in as a whole or waits as a whole; more is written piece by piece.
 *
 * A reader is woken when there is something, one at a time: if it leaves something, it wakes the
 * next. A writer is woken when there is room for as much as it needs (it says so in its handover),
 * so nobody wakes up in vain, and none that needs much is overtaken for ever by those that need
 * little: whoever finds others waiting stands behind them.
 *
 * pipe_lock keeps others out while bytes are copied between the ring and the user, which may fault
 * but not block; it costs nothing without PREEMPT_KERNEL.
 */
#include <asm/irqflags.h>
#include <tessera/errno.h>
#include <tessera/fcntl.h>
#include <tessera/kmalloc.h>
#include <tessera/page.h>
#include <tessera/poll.h>
#include <tessera/process.h>
#include <tessera/sched.h>
#include <tessera/signal.h>
#include <tessera/stat.h>
#include <tessera/string.h>
#include <tessera/system_calls.h>
#include <tessera/termios.h>
#include <tessera/user_copy.h>

#include "descriptor.h"

#define RING	 PAGE_SIZE
#define PIPE_BUF RING /* at least 4096, says Linux: it is never more here */

struct pipe {
	struct file reader, writer;
	char *ring;
	size_t head, tail; /* bytes ever read, ever written: tail - head are in the ring */
	struct wait_queue readers, writers;
	struct poll_source watchers;
	unsigned sides; /* files that are not released yet */
	uint32_t number;
};

static struct spinlock pipe_lock = SPINLOCK_INIT(LOCK_PIPE);
static uint32_t last_number;

static size_t pipe_used(const struct pipe *pipe)
{
	return pipe->tail - pipe->head;
}

static size_t pipe_room(const struct pipe *pipe)
{
	return RING - pipe_used(pipe);
}

/* ---- Waking. The lock is free ---- */

/* Lets the first waiting writer go on, if there is room for it. */
static void wake_writer(struct pipe *pipe)
{
	irq_disable();
	if (!wait_queue_empty(&pipe->writers) &&
	    wait_first(&pipe->writers)->handover.message.size <= pipe_room(pipe))
		wait_wake_one(&pipe->writers, 0);
	sched_unlock_enable();
}

static __always_inline void wake_reader(struct pipe *pipe)
{
	struct thread *reader;

	if (wait_queue_empty(&pipe->readers))
		return;
	irq_disable();
	reader = wait_first(&pipe->readers);
	if (likely(!wait_queue_empty(&pipe->readers) && wait_end_is_short(reader))) {
		wait_end_short(reader, 0, true);
		irq_enable();
	} else {
		wait_wake_one(&pipe->readers, 0);
		sched_unlock_enable();
	}
}

/* What a read leaves to be done when it was not the only thing that happened to the pipe. */
static noinline void after_read(struct pipe *pipe)
{
	wake_writer(pipe);
	poll_changed(&pipe->watchers);
	if (pipe_used(pipe))
		wake_reader(pipe);
}

/* Waits. The lock is held, and so it is afterwards. */
static __always_inline long wait_on(struct wait_queue *queue)
{
	long result;

	irq_disable();
	spin_unlock(&pipe_lock);
	result = wait_block_forever(queue);
	spin_lock(&pipe_lock);
	return unlikely(result == -EINTR) ? -ERESTART : result;
}

/* ---- Copying. One byte, which is what many a pipe carries, goes the short way ---- */

/* Moves n bytes, all of which are there, to the user. 0 or -EFAULT. */
static noinline int take_many(struct pipe *pipe, uintptr_t user, size_t n)
{
	size_t at = pipe->head % RING, first = MIN(n, RING - at);

	if (copy_to_user(user, pipe->ring + at, first) ||
	    (first < n && copy_to_user(user + first, pipe->ring, n - first)))
		return -EFAULT;
	return 0;
}

static __always_inline int take(struct pipe *pipe, uintptr_t user, size_t n)
{
	int error = n == 1 ? user_store_u8(user, (uint8_t)pipe->ring[pipe->head % RING])
			   : take_many(pipe, user, n);

	if (unlikely(error))
		return error;
	pipe->head += n;
	if (pipe->head == pipe->tail)
		pipe->head = pipe->tail = 0; /* what comes next is aligned, and in one part */
	return 0;
}

/* Where bytes come from: the user's memory, or (sendfile) the kernel's. */
struct origin {
	uintptr_t address;
	bool kernel;
};

static int copy_in(char *to, const struct origin *from, size_t offset, size_t n)
{
	if (!from->kernel)
		return copy_from_user(to, from->address + offset, n);
	memcpy(to, (const char *)from->address + offset, n);
	return 0;
}

/* Moves n bytes, for which there is room, into the ring. */
static noinline int put_many(struct pipe *pipe, const struct origin *from, size_t offset, size_t n)
{
	size_t at = pipe->tail % RING, first = MIN(n, RING - at);

	if (copy_in(pipe->ring + at, from, offset, first) ||
	    copy_in(pipe->ring, from, offset + first, n - first))
		return -EFAULT;
	pipe->tail += n;
	return 0;
}

/* ---- Reading ---- */

static ssize_t pipe_read(struct file *file, uintptr_t user, size_t n, uint64_t *offset)
{
	struct pipe *pipe = container_of(file, struct pipe, reader);
	long result = 0;

	if (!n)
		return 0;
	spin_lock(&pipe_lock);
	while (!pipe_used(pipe)) {
		if (unlikely(!pipe->writer.descriptors))
			goto done; /* the end */
		result = -EAGAIN;
		if (unlikely(file->flags & O_NONBLOCK))
			goto done;
		result = wait_on(&pipe->readers);
		if (unlikely(result))
			goto done;
	}
	n = MIN(n, pipe_used(pipe));
	result = take(pipe, user, n) ? -EFAULT : (long)n;
done:
	spin_unlock(&pipe_lock);
	if (unlikely(pipe_used(pipe) || !wait_queue_empty(&pipe->writers) ||
		     poll_watched(&pipe->watchers)))
		after_read(pipe);
	return result;
}

/* ---- Writing ---- */

/* Waits until there is room for `need` bytes. 0; -EPIPE: nobody will ever read them; -errno. */
static int await_room(struct pipe *pipe, size_t need)
{
	bool woken = false;

	while (pipe_room(pipe) < need || (!woken && !wait_queue_empty(&pipe->writers))) {
		int error;

		if (!pipe->reader.descriptors)
			return -EPIPE;
		if (pipe->writer.flags & O_NONBLOCK)
			return -EAGAIN;
		current_thread()->handover.message.size = need;
		error = (int)wait_on(&pipe->writers);
		if (error)
			return error;
		woken = true;
	}
	return pipe->reader.descriptors ? 0 : -EPIPE;
}

static noinline ssize_t write_from(struct pipe *pipe, const struct origin *from, size_t n)
{
	size_t need = n <= PIPE_BUF ? n : 1, done = 0;
	ssize_t result = 0;

	while (done < n) {
		size_t part = 0;

		spin_lock(&pipe_lock);
		result = await_room(pipe, need);
		if (!result) {
			part = MIN(n - done, pipe_room(pipe));
			result = put_many(pipe, from, done, part);
		}
		spin_unlock(&pipe_lock);
		if (result)
			break;
		done += part;
		wake_reader(pipe);
		poll_changed(&pipe->watchers);
	}
	wake_writer(pipe);
	if (result == -EPIPE)
		signal_task(current_task(), SIGPIPE);
	return done ? (ssize_t)done : result;
}

static noinline ssize_t write_many(struct pipe *pipe, uintptr_t user, size_t n)
{
	return write_from(pipe, &(struct origin){ .address = user }, n);
}

static ssize_t pipe_send(struct file *file, const char *bytes, size_t n)
{
	struct pipe *pipe = container_of(file, struct pipe, writer);

	return write_from(pipe, &(struct origin){ .address = (uintptr_t)bytes, .kernel = true }, n);
}

static ssize_t pipe_write(struct file *file, uintptr_t user, size_t n, uint64_t *offset)
{
	struct pipe *pipe = container_of(file, struct pipe, writer);
	int error;

	spin_lock(&pipe_lock);
	if (n != 1 || unlikely(!pipe_room(pipe) || !pipe->reader.descriptors ||
			       !wait_queue_empty(&pipe->writers))) {
		spin_unlock(&pipe_lock);
		return write_many(pipe, user, n);
	}
	error = user_load_u8(user, (uint8_t *)&pipe->ring[pipe->tail % RING]);
	if (likely(!error))
		pipe->tail++;
	spin_unlock(&pipe_lock);
	if (unlikely(error))
		return error;
	wake_reader(pipe);
	if (unlikely(poll_watched(&pipe->watchers)))
		poll_changed(&pipe->watchers);
	return 1;
}

/* ---- The rest ---- */

static unsigned reader_poll(struct file *file, struct poll_source **source)
{
	struct pipe *pipe = container_of(file, struct pipe, reader);

	*source = &pipe->watchers;
	return (pipe_used(pipe) ? POLLIN | POLLRDNORM : 0u) |
	       (pipe->writer.descriptors ? 0u : POLLHUP);
}

static unsigned writer_poll(struct file *file, struct poll_source **source)
{
	struct pipe *pipe = container_of(file, struct pipe, writer);

	*source = &pipe->watchers;
	if (!pipe->reader.descriptors)
		return POLLERR | POLLOUT | POLLWRNORM;
	return pipe_room(pipe) ? POLLOUT | POLLWRNORM : 0u;
}

static void pipe_stat(const struct pipe *pipe, struct file_stat *stat)
{
	stat->mode = S_IFIFO | S_IRUSR | S_IWUSR;
	stat->number = pipe->number;
}

static void reader_stat(struct file *file, struct file_stat *stat)
{
	pipe_stat(container_of(file, struct pipe, reader), stat);
}

static void writer_stat(struct file *file, struct file_stat *stat)
{
	pipe_stat(container_of(file, struct pipe, writer), stat);
}

/* One side is closed: the other is not to wait for it. */
static void wake_all(struct pipe *pipe, struct wait_queue *queue)
{
	unsigned long flags = irq_save();

	wait_wake_all(queue, 0, flags);
	wait_unlock(flags);
	poll_changed(&pipe->watchers);
}

static void reader_close(struct file *file)
{
	struct pipe *pipe = container_of(file, struct pipe, reader);

	wake_all(pipe, &pipe->writers);
}

static void writer_close(struct file *file)
{
	struct pipe *pipe = container_of(file, struct pipe, writer);

	wake_all(pipe, &pipe->readers);
}

static void side_release(struct pipe *pipe)
{
	bool last;

	spin_lock(&pipe_lock);
	last = !--pipe->sides;
	spin_unlock(&pipe_lock);
	if (!last)
		return;
	page_free(virt_to_page(pipe->ring), 1);
	kfree(pipe);
}

static void reader_release(struct file *file)
{
	side_release(container_of(file, struct pipe, reader));
}

static void writer_release(struct file *file)
{
	side_release(container_of(file, struct pipe, writer));
}

static long pipe_control(const struct pipe *pipe, unsigned request, uintptr_t user)
{
	return request == FIONREAD ? user_store_u32(user, (uint32_t)pipe_used(pipe)) : -ENOTTY;
}

static long reader_control(struct file *file, unsigned request, uintptr_t user)
{
	return pipe_control(container_of(file, struct pipe, reader), request, user);
}

static long writer_control(struct file *file, unsigned request, uintptr_t user)
{
	return pipe_control(container_of(file, struct pipe, writer), request, user);
}

static const struct file_operations reader_operations = {
	.kind = "pipe",
	.read = pipe_read,
	.stat = reader_stat,
	.control = reader_control,
	.poll = reader_poll,
	.close = reader_close,
	.release = reader_release,
};

static const struct file_operations writer_operations = {
	.kind = "pipe",
	.write = pipe_write,
	.send = pipe_send,
	.stat = writer_stat,
	.control = writer_control,
	.poll = writer_poll,
	.close = writer_close,
	.release = writer_release,
};

/* A pipe whose two files have a count each. */
static int pipe_create(struct pipe **result, unsigned flags)
{
	struct pipe *pipe = kmalloc(sizeof(*pipe));
	struct page *page = page_alloc(1, 1, 0);
	int error = pipe && page ? 0 : -ENOMEM;

	if (!error)
		error = file_init(&pipe->reader, &reader_operations, O_RDONLY | flags, NULL);
	if (!error) {
		error = file_init(&pipe->writer, &writer_operations, O_WRONLY | flags, NULL);
		if (error)
			file_forget(&pipe->reader);
	}
	if (error) {
		if (page)
			page_free(page, 1);
		kfree(pipe);
		return error;
	}
	pipe->ring = page_address(page);
	pipe->head = pipe->tail = 0;
	wait_queue_init(&pipe->readers);
	wait_queue_init(&pipe->writers);
	poll_source_init(&pipe->watchers);
	pipe->sides = 2;
	pipe->number = ++last_number;
	*result = pipe;
	return 0;
}

int pipe_open(int pair[2], unsigned flags)
{
	struct pipe *pipe;
	int error = pipe_create(&pipe, flags);

	if (error)
		return error;
	pair[0] = descriptor_open(&pipe->reader, flags);
	if (pair[0] < 0) {
		file_put(&pipe->writer);
		return pair[0];
	}
	pair[1] = descriptor_open(&pipe->writer, flags);
	if (pair[1] < 0) {
		sys_close((unsigned long)pair[0]);
		return pair[1];
	}
	return 0;
}

long sys_pipe2(unsigned long descriptors, unsigned long flags)
{
	int pair[2], error;

	if (flags & ~(unsigned long)(O_CLOEXEC | O_NONBLOCK))
		return -EINVAL;
	error = pipe_open(pair, (unsigned)flags);
	if (error)
		return error;
	if (copy_to_user(descriptors, pair, sizeof(pair))) {
		sys_close((unsigned long)pair[0]);
		sys_close((unsigned long)pair[1]);
		return -EFAULT;
	}
	return 0;
}

long sys_pipe(unsigned long descriptors)
{
	return sys_pipe2(descriptors, 0);
}

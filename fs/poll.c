// SPDX-License-Identifier: MIT
/*
 * poll and ppoll. A thread can stand on one wait queue only, but many objects must be able to wake
 * a poller. So each of them has a list of watchers (struct poll_source), small notes that name the
 * poller; the poller itself sleeps on a queue of its own. A change marks every watching poller and
 * wakes it; it then looks at all of its files again. The mark is cleared before the look, and the
 * poller sleeps only if it is still clear with interrupts masked: no change is slept over.
 *
 * Cost: a look at every file per wake-up. An object that nobody polls pays for one comparison.
 */
#include <asm/irqflags.h>
#include <tessera/clock.h>
#include <tessera/errno.h>
#include <tessera/kmalloc.h>
#include <tessera/poll.h>
#include <tessera/process.h>
#include <tessera/sched.h>
#include <tessera/system_calls.h>
#include <tessera/time.h>
#include <tessera/user_copy.h>
#include <tessera/user_timeout.h>

#include "descriptor.h"

#define FEW 4 /* files for which no memory has to be asked for */

/* What is asked for or not: poll always tells these. */
#define ALWAYS (POLLERR | POLLHUP | POLLNVAL)
/* What a file says that cannot make anybody wait. */
#define ALWAYS_READY (POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM)

struct poller {
	struct wait_queue sleeper;
	bool changed;
};

struct watcher {
	struct list_node link; /* in source->watchers */
	struct poller *poller;
};

struct polled {
	struct file *file; /* NULL: nothing to look at */
	struct poll_source *source;
	struct watcher watcher;
	struct pollfd request;
};

void poll_changed(struct poll_source *source)
{
	struct watcher *watcher;
	unsigned long flags;

	if (likely(!poll_watched(source)))
		return;
	flags = irq_save();
	list_for_each_entry(watcher, &source->watchers, link) {
		watcher->poller->changed = true;
		wait_wake_one(&watcher->poller->sleeper, 0);
	}
	wait_unlock(flags);
}

/* Looks at one file; true: there is something to tell. */
static bool look(struct polled *polled)
{
	unsigned wanted = (unsigned short)polled->request.events | ALWAYS, now;
	struct file *file = polled->file;

	if (!file)
		return polled->request.revents;
	now = file->operations->poll ? file->operations->poll(file, &polled->source) : ALWAYS_READY;
	polled->request.revents = (short)(now & wanted);
	return polled->request.revents;
}

static long look_at_all(struct polled *polled, unsigned count)
{
	long ready = 0;

	for (unsigned i = 0; i < count; i++)
		ready += look(&polled[i]);
	return ready;
}

static void watch_all(struct polled *polled, unsigned count, struct poller *poller)
{
	for (unsigned i = 0; i < count; i++) {
		if (!polled[i].source)
			continue;
		polled[i].watcher.poller = poller;
		irq_disable();
		list_add_tail(&polled[i].source->watchers, &polled[i].watcher.link);
		file_watched(polled[i].file);
		irq_enable();
	}
}

static void unwatch_all(struct polled *polled, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		if (!polled[i].source)
			continue;
		irq_disable();
		list_remove(&polled[i].watcher.link);
		if (!poll_watched(polled[i].source))
			file_unwatched(polled[i].file);
		irq_enable();
	}
}

/* Waits until something changes that is watched. 0 or -errno. */
static int sleep(struct poller *poller, uint64_t deadline)
{
	uint64_t now = deadline == FOREVER ? 0 : clock_now();

	if (deadline != FOREVER && now >= deadline)
		return -ETIMEDOUT;
	irq_disable();
	if (poller->changed) {
		irq_enable();
		return 0;
	}
	return wait_block(&poller->sleeper, deadline == FOREVER ? FOREVER : deadline - now);
}

static long wait_for_any(struct polled *polled, unsigned count, uint64_t timeout)
{
	uint64_t deadline = timeout == FOREVER ? FOREVER : clock_now() + timeout;
	struct poller poller = { .changed = false };
	long ready = 0;
	int error = 0;

	wait_queue_init(&poller.sleeper);
	watch_all(polled, count, &poller);
	for (;;) {
		poller.changed = false;
		barrier();
		ready = look_at_all(polled, count);
		if (ready || error)
			break;
		error = sleep(&poller, deadline);
	}
	unwatch_all(polled, count);
	if (ready || error == -ETIMEDOUT)
		return ready;
	return error == -EINTR ? -ERESTART_NO_HANDLER : error;
}

/* Fetches what is asked for, and the files. 0; -EFAULT. */
static int open_all(struct polled *polled, unsigned count, uintptr_t user)
{
	int error = 0;

	for (unsigned i = 0; i < count; i++) {
		struct pollfd *request = &polled[i].request;

		polled[i].file = NULL;
		polled[i].source = NULL;
		if (error ||
		    copy_from_user(request, user + i * sizeof(*request), sizeof(*request))) {
			error = -EFAULT;
			continue;
		}
		request->revents = 0;
		if (request->fd < 0)
			continue;
		polled[i].file = descriptor_get(request->fd);
		if (!polled[i].file)
			request->revents = POLLNVAL;
	}
	return error;
}

static void close_all(struct polled *polled, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		if (polled[i].file)
			file_put(polled[i].file);
}

/* Tells the results. 0; -EFAULT. */
static int tell_all(const struct polled *polled, unsigned count, uintptr_t user)
{
	for (unsigned i = 0; i < count; i++)
		if (copy_to_user(user + i * sizeof(struct pollfd) +
					 offsetof(struct pollfd, revents),
				 &polled[i].request.revents, sizeof(short)))
			return -EFAULT;
	return 0;
}

static long poll(uintptr_t user, unsigned long count, uint64_t timeout)
{
	struct polled few[FEW], *polled = few;
	long ready;

	if (count > CONFIG_FILE_DESCRIPTORS_MAX)
		return -EINVAL;
	if (count > FEW) {
		polled = kmalloc(count * sizeof(*polled));
		if (!polled)
			return -ENOMEM;
	}
	ready = open_all(polled, (unsigned)count, user);
	if (!ready) {
		ready = look_at_all(polled, (unsigned)count);
		if (!ready && timeout)
			ready = wait_for_any(polled, (unsigned)count, timeout);
	}
	close_all(polled, (unsigned)count);
	if (ready >= 0 && tell_all(polled, (unsigned)count, user))
		ready = -EFAULT;
	if (polled != few)
		kfree(polled);
	return ready;
}

long sys_poll(unsigned long descriptors, unsigned long count, unsigned long timeout_ms)
{
	int milliseconds = (int)timeout_ms;

	return poll(descriptors, count,
		    milliseconds < 0 ? FOREVER : (uint64_t)milliseconds * NSEC_PER_MSEC);
}

static long poll_blocking_signals(uintptr_t descriptors, unsigned long count, uint64_t timeout,
				  uintptr_t mask, size_t size)
{
	int error = mask ? signal_block_during_call(mask, size) : 0;

	return error ? error : poll(descriptors, count, timeout);
}

long sys_ppoll(unsigned long descriptors, unsigned long count, unsigned long timeout,
	       unsigned long mask, unsigned long size)
{
	uint64_t nanoseconds;
	int error = timeout_from_user(timeout, &nanoseconds);

	return error ? error : poll_blocking_signals(descriptors, count, nanoseconds, mask, size);
}

long sys_ppoll_time32(unsigned long descriptors, unsigned long count, unsigned long timeout,
		      unsigned long mask, unsigned long size)
{
	uint64_t nanoseconds;
	int error = timeout_from_user32(timeout, &nanoseconds);

	return error ? error : poll_blocking_signals(descriptors, count, nanoseconds, mask, size);
}

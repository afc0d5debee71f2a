// SPDX-License-Identifier: MIT
/*
 * The console as a terminal: reading, writing, modes and job control. There is one, and every
 * opening of /dev/console and /dev/tty is it. Output goes straight to the kernel's consoles, whose
 * drivers begin a new line at its start (ONLCR is always on, so to speak); nothing is kept back,
 * so draining has nothing to wait for.
 *
 * Job control is POSIX's: the terminal belongs to one session, one of its process groups is in
 * the foreground and gets the signals of the keyboard, the others are stopped when they read.
 */
#include <asm/irqflags.h>
#include <tessera/console.h>
#include <tessera/errno.h>
#include <tessera/fcntl.h>
#include <tessera/poll.h>
#include <tessera/process.h>
#include <tessera/sched.h>
#include <tessera/signal.h>
#include <tessera/user_copy.h>

#include "descriptor.h"
#include "device.h"
#include "terminal.h"
#include "tree.h"

#define CHUNK	 128u  /* bytes between user and terminal at once, on the stack */
#define SEND_MAX 4096u /* bytes sent at once, so that a signal does not wait for long */
#define TENTH	 (NSEC_PER_SEC / 10)

/* A background group that wants to use its terminal gets a signal instead. 0: go on. */
static int check_foreground(int signal)
{
	struct process *self = current_process();

	if (self->session != terminal.session || self->group == terminal.group || !terminal.group)
		return 0;
	if (signal_is_unwanted(signal))
		return signal == SIGTTIN ? -EIO : 0;
	signal_group(self->group, signal);
	return -ERESTART;
}

/* ---- Reading ---- */

/* Takes at most n characters off the queue; in canonical mode at most the rest of a line, whose
 * end is told in *ended. Masked. */
static size_t take(char *text, size_t n, bool *ended)
{
	size_t taken = 0;

	while (taken < n && terminal.first != terminal.readable && !*ended) {
		unsigned entry = terminal.queue[terminal.first++ % TERMINAL_QUEUE];

		if (!(entry & END_OF_FILE))
			text[taken++] = (char)entry;
		*ended = (entry & LINE_END) && terminal_has(ICANON);
	}
	/* A ^D right behind what was asked for is not to be the end of file for the next read. */
	if (taken && !*ended && terminal.first != terminal.readable && terminal_has(ICANON) &&
	    terminal.queue[terminal.first % TERMINAL_QUEUE] & END_OF_FILE) {
		terminal.first++;
		*ended = true;
	}
	return taken;
}

/* Moves what is there to the user, in chunks. The number of characters, or -EFAULT. */
static ssize_t take_to_user(uintptr_t user, size_t n, bool *ended)
{
	size_t total = 0, taken;
	char chunk[CHUNK];

	do {
		irq_disable();
		taken = take(chunk, MIN(n - total, sizeof(chunk)), ended);
		irq_enable();
		if (copy_to_user(user + total, chunk, taken))
			return -EFAULT;
		total += taken;
	} while (taken == sizeof(chunk) && total < n && !*ended);
	return (ssize_t)total;
}

/*
 * How long a read that has `got` characters may wait for more; 0: it is complete. Canonical: until
 * there is a line. Otherwise VMIN and VTIME have their four meanings.
 */
static uint64_t patience(size_t got, size_t n)
{
	uint64_t time = terminal.modes.c_cc[VTIME] * TENTH;
	size_t min = terminal.modes.c_cc[VMIN];

	if (terminal_has(ICANON))
		return got ? 0 : FOREVER;
	if (got >= MIN(MAX(min, 1u), n))
		return 0;
	return !min || (time && got) ? time : FOREVER;
}

static ssize_t terminal_read(struct file *file, uintptr_t user, size_t n, uint64_t *offset)
{
	size_t total = 0;
	bool ended = false;
	int error = check_foreground(SIGTTIN);

	while (!error && total < n) {
		ssize_t got = take_to_user(user + total, n - total, &ended);
		uint64_t time;

		if (got < 0)
			return got;
		total += (size_t)got;
		if (ended || !(time = patience(total, n)))
			break;
		if (file->flags & O_NONBLOCK) {
			error = -EAGAIN;
			break;
		}
		irq_disable();
		if (terminal.first != terminal.readable) {
			irq_enable();
			continue;
		}
		error = wait_block(&terminal.readers, time);
		if (!error)
			error = check_foreground(SIGTTIN);
	}
	if (total || ended || !error || error == -ETIMEDOUT)
		return (ssize_t)total;
	return error == -EINTR ? -ERESTART : error;
}

/* ---- Writing ---- */

static ssize_t terminal_write(struct file *file, uintptr_t user, size_t n, uint64_t *offset)
{
	char chunk[CHUNK];
	size_t done = 0;
	int error = (terminal.modes.c_lflag & TOSTOP) ? check_foreground(SIGTTOU) : 0;

	if (error)
		return error;
	while (done < n && !(done && signal_is_pending())) {
		size_t part = MIN(n - done, sizeof(chunk));

		if (copy_from_user(chunk, user + done, part))
			return done ? (ssize_t)done : -EFAULT;
		console_write(chunk, part);
		done += part;
	}
	return (ssize_t)done;
}

static ssize_t terminal_send(struct file *file, const char *bytes, size_t n)
{
	int error = (terminal.modes.c_lflag & TOSTOP) ? check_foreground(SIGTTOU) : 0;

	n = MIN(n, SEND_MAX);
	if (!error)
		console_write(bytes, n);
	return error ? error : (ssize_t)n;
}

static unsigned terminal_poll(struct file *file, struct poll_source **source)
{
	*source = &terminal.watchers;
	return POLLOUT | POLLWRNORM |
	       (terminal.first != terminal.readable ? POLLIN | POLLRDNORM : 0u);
}

/* ---- Modes ---- */

static long set_modes(uintptr_t user, bool flush)
{
	struct termios modes;
	int error = check_foreground(SIGTTOU);

	if (error)
		return error;
	if (copy_from_user(&modes, user, sizeof(modes)))
		return -EFAULT;
	irq_disable();
	terminal.modes = modes;
	if (flush)
		terminal_flush();
	if (!terminal_has(ICANON))
		terminal_commit();
	return sched_unlock_enable();
}

static long set_size(uintptr_t user)
{
	struct winsize size;

	if (copy_from_user(&size, user, sizeof(size)))
		return -EFAULT;
	terminal.size = size;
	if (terminal.group)
		signal_group(terminal.group, SIGWINCH);
	return 0;
}

static long flush(unsigned long which)
{
	if (which > TCIOFLUSH)
		return -EINVAL;
	irq_disable();
	if (which != TCOFLUSH)
		terminal_flush();
	irq_enable();
	return 0;
}

/* Characters that a read would give now. */
static unsigned readable_count(void)
{
	unsigned count = 0;

	irq_disable();
	for (unsigned at = terminal.first; at != terminal.readable; at++)
		count += !(terminal.queue[at % TERMINAL_QUEUE] & END_OF_FILE);
	irq_enable();
	return count;
}

/* ---- Job control ---- */

static bool is_ours(void)
{
	return terminal.session && current_process()->session == terminal.session;
}

static bool session_lives(int session)
{
	struct process *leader;
	bool lives;

	sched_hold();
	leader = process_by_pid(session);
	lives = leader && !leader->ended;
	sched_release();
	return lives;
}

/* Makes the terminal that of the caller's session, which the caller leads. */
static long take_terminal(bool steal)
{
	struct process *self = current_process();

	if (is_ours())
		return 0;
	if (self->session != self->pid)
		return -EPERM;
	if (terminal.session && !steal && session_lives(terminal.session))
		return -EPERM;
	terminal.session = self->session;
	terminal.group = self->group;
	return 0;
}

static long leave_terminal(void)
{
	if (!is_ours())
		return -ENOTTY;
	if (current_process()->session == current_process()->pid) {
		signal_group(terminal.group, SIGHUP);
		signal_group(terminal.group, SIGCONT);
		terminal.session = terminal.group = 0;
	}
	return 0;
}

struct group_search {
	int group, session; /* session 0: not found */
};

static bool look_at(struct process *process, void *arg)
{
	struct group_search *search = arg;

	if (process->group == search->group)
		search->session = process->session;
	return !search->session;
}

static long set_foreground(uintptr_t user)
{
	struct group_search search = { .session = 0 };
	uint32_t group;
	int error;

	if (!is_ours())
		return -ENOTTY;
	error = check_foreground(SIGTTOU);
	if (error)
		return error;
	if (user_load_u32(user, &group))
		return -EFAULT;
	if ((int)group <= 0)
		return -EINVAL;
	search.group = (int)group;
	process_each(look_at, &search);
	if (!search.session)
		return -ESRCH;
	if (search.session != terminal.session)
		return -EPERM;
	terminal.group = (int)group;
	return 0;
}

static long terminal_control(struct file *file, unsigned request, uintptr_t user)
{
	switch (request) {
	case TCGETS:
		return copy_to_user(user, &terminal.modes, sizeof(terminal.modes));
	case TCSETS:
	case TCSETSW:
	case TCSETSF:
		return set_modes(user, request == TCSETSF);
	case TIOCGWINSZ:
		return copy_to_user(user, &terminal.size, sizeof(terminal.size));
	case TIOCSWINSZ:
		return set_size(user);
	case TIOCGPGRP:
		return is_ours() ? user_store_u32(user, (uint32_t)terminal.group) : -ENOTTY;
	case TIOCSPGRP:
		return set_foreground(user);
	case TIOCGSID:
		return is_ours() ? user_store_u32(user, (uint32_t)terminal.session) : -ENOTTY;
	case TIOCSCTTY:
		return take_terminal(user == 1);
	case TIOCNOTTY:
		return leave_terminal();
	case FIONREAD:
		return user_store_u32(user, readable_count());
	case TIOCOUTQ:
		return user_store_u32(user, 0);
	case TCFLSH:
		return flush(user);
	case TCSBRK: /* tcdrain, tcsendbreak */
		return 0;
	}
	return -ENOTTY;
}

const struct file_operations terminal_operations = {
	.kind = "terminal",
	.read = terminal_read,
	.write = terminal_write,
	.send = terminal_send,
	.stat = node_file_stat,
	.control = terminal_control,
	.poll = terminal_poll,
};

/* A leader of a session that has no terminal gets this one by opening it. */
void terminal_opened(unsigned flags)
{
	struct process *self = current_process();

	if (!(flags & O_NOCTTY) && self->session == self->pid && self->pid)
		take_terminal(false);
}

/* ---- Start-up ---- */

/* From now on what is typed is the programs', also what was typed before. */
static void terminal_start(void)
{
	int c;

	irq_disable();
	console_give_to(terminal_input);
	while ((c = console_try_read()) >= 0)
		terminal_input((char)c);
	irq_enable();
}

int console_open_standard(struct file_table *table)
{
	struct file *file;
	struct node *dev = node_find(tree_root, "dev", 3);
	struct node *node = dev ? node_find(dev, "console", 7) : NULL;
	int error = node ? file_create(&file, &terminal_operations, O_RDWR, node) : -ENOENT;

	if (error)
		return error;
	terminal_start();
	for (int i = 0; i < 3; i++) {
		error = descriptor_add(table, i ? file_get(file) : file, 0, false);
		if (error < 0) {
			file_put(file);
			return error;
		}
	}
	return 0;
}

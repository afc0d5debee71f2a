// SPDX-License-Identifier: MIT
/*
 * The terminal as far as nobody types: modes, size, whose it is. A case runs in a background group of the session
 * that has the terminal. What is typed is tested by tests/boot/terminal.dialog.
 */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "test.h"

#define NEED_TERMINAL                       \
	do {                                \
		if (!isatty(0))             \
			SKIP("a terminal"); \
	} while (0)

/* Makes the caller's group the one in the foreground; gives the one that was. */
static int come_to_the_front(void)
{
	int group = -1;

	signal(SIGTTOU, SIG_IGN);
	EXPECT_EQ(ioctl(0, TIOCGPGRP, &group), 0);
	EXPECT_EQ(tcsetpgrp(0, getpgrp()), 0);
	return group;
}

TEST(modes)
{
	struct termios modes, changed;
	int group;

	NEED_TERMINAL;
	group = come_to_the_front();
	ASSERT(tcgetattr(0, &modes) == 0);
	changed = modes;
	changed.c_lflag &= ~(unsigned)(ICANON | ECHO);
	changed.c_cc[VMIN] = 0;
	changed.c_cc[VTIME] = 1;
	for (int when = TCSANOW; when <= TCSAFLUSH; when++) {
		EXPECT_EQ(tcsetattr(0, when, &changed), 0);
		EXPECT(tcgetattr(0, &changed) == 0 && !(changed.c_lflag & ICANON));
	}
	EXPECT_EQ(tcsetattr(0, TCSANOW, &modes), 0);
	EXPECT_ERROR(tcgetattr(0, unmapped()), EFAULT);
	EXPECT_ERROR(tcsetattr(0, TCSANOW, unmapped()), EFAULT);
	EXPECT_ERROR(ioctl(0, 0x12345, NULL), ENOTTY);
	tcsetpgrp(0, group);
}

TEST(reads_that_get_nothing)
{
	struct termios modes, raw;
	struct pollfd entry = { .fd = 0, .events = POLLIN | POLLOUT };
	int64_t start;
	int group, count = -1;
	char byte;

	NEED_TERMINAL;
	group = come_to_the_front();
	ASSERT(tcgetattr(0, &modes) == 0);
	EXPECT_EQ(ioctl(0, TCFLSH, TCIOFLUSH), 0);
	EXPECT_EQ(ioctl(0, TCFLSH, TCOFLUSH), 0);
	EXPECT_ERROR(ioctl(0, TCFLSH, 77), EINVAL);
	EXPECT_EQ(ioctl(0, TCSBRK, 1), 0);
	EXPECT(ioctl(0, FIONREAD, &count) == 0 && count == 0);
	count = -1;
	EXPECT(ioctl(0, TIOCOUTQ, &count) == 0 && count == 0);
	EXPECT_EQ(poll(&entry, 1, 0), 1);
	EXPECT_EQ(entry.revents, POLLOUT);

	EXPECT_EQ(read(0, &byte, 0), 0);
	EXPECT_EQ(fcntl(0, F_SETFL, O_RDWR | O_NONBLOCK), 0);
	EXPECT_ERROR(read(0, &byte, 1), EAGAIN);
	EXPECT_EQ(fcntl(0, F_SETFL, O_RDWR), 0);
	raw = modes;
	raw.c_lflag &= ~(unsigned)ICANON;
	raw.c_cc[VMIN] = 0;
	raw.c_cc[VTIME] = 0;
	EXPECT_EQ(tcsetattr(0, TCSANOW, &raw), 0);
	EXPECT_EQ(read(0, &byte, 1), 0); /* at once */
	raw.c_cc[VTIME] = 2;
	EXPECT_EQ(tcsetattr(0, TCSANOW, &raw), 0);
	start = now_ns();
	EXPECT_EQ(read(0, &byte, 1), 0);
	EXPECT(now_ns() - start >= 200000000);
	EXPECT_EQ(tcsetattr(0, TCSANOW, &modes), 0);
	/* One that waits for ever can be killed. */
	EXPECT_EXIT(0, {
		pid_t reader = fork();

		if (reader == 0)
			_exit(read(0, &byte, 1) < 0);
		sleep_ms(20);
		kill(reader, SIGTERM);
		EXPECT_EQ(WTERMSIG(status_of(reader)), SIGTERM);
	});
	tcsetpgrp(0, group);
}

static volatile int resized;

static void resize(int signal)
{
	resized += signal == SIGWINCH;
}

TEST(size)
{
	struct winsize size, other = { .ws_row = 50, .ws_col = 132 };
	int group;

	NEED_TERMINAL;
	group = come_to_the_front();
	signal(SIGWINCH, resize);
	ASSERT(ioctl(0, TIOCGWINSZ, &size) == 0);
	EXPECT_EQ(ioctl(0, TIOCSWINSZ, &other), 0);
	memset(&other, 0, sizeof(other));
	EXPECT(ioctl(0, TIOCGWINSZ, &other) == 0 && other.ws_row == 50 && other.ws_col == 132);
	EXPECT_EQ(resized, 1);
	EXPECT_EQ(ioctl(0, TIOCSWINSZ, &size), 0);
	EXPECT_ERROR(ioctl(0, TIOCSWINSZ, unmapped()), EFAULT);
	EXPECT_ERROR(ioctl(0, TIOCGWINSZ, unmapped()), EFAULT);
	tcsetpgrp(0, group);
}

/* What a child in the background does must stop it by this signal. */
#define EXPECT_STOP(number, ...)                                            \
	do {                                                                \
		pid_t child = fork();                                       \
		int status = 0;                                             \
		if (child == 0) {                                           \
			__VA_ARGS__;                                        \
			_exit(0);                                           \
		}                                                           \
		EXPECT_EQ(waitpid(child, &status, WUNTRACED), child);       \
		EXPECT(WIFSTOPPED(status) && WSTOPSIG(status) == (number)); \
		kill(child, SIGKILL);                                       \
		waitpid(child, NULL, 0);                                    \
	} while (0)

TEST(background)
{
	struct termios modes;
	char byte;
	int group = 0;

	NEED_TERMINAL;
	ASSERT(tcgetattr(0, &modes) == 0);
	EXPECT_EQ(ioctl(0, TIOCGPGRP, &group), 0);
	ASSERT(group != getpgrp());
	EXPECT_STOP(SIGTTIN, setpgid(0, 0); read(0, &byte, 1));
	EXPECT_STOP(SIGTTOU, setpgid(0, 0); tcsetattr(0, TCSANOW, &modes));
	EXPECT_STOP(SIGTTOU, setpgid(0, 0); tcsetpgrp(0, getpgrp()));
	/* Who does not want the signal goes on, but has nothing to read. */
	signal(SIGTTIN, SIG_IGN);
	signal(SIGTTOU, SIG_IGN);
	EXPECT_ERROR(read(0, &byte, 1), EIO);
	EXPECT_EQ(tcsetattr(0, TCSANOW, &modes), 0);
	/* Writing is free, unless the terminal is told to stop that, too. */
	modes.c_lflag |= TOSTOP;
	EXPECT_EQ(tcsetattr(0, TCSANOW, &modes), 0);
	EXPECT_STOP(SIGTTOU, setpgid(0, 0); signal(SIGTTOU, SIG_DFL); write(1, "x", 1));
	modes.c_lflag &= ~(unsigned)TOSTOP;
	EXPECT_EQ(tcsetattr(0, TCSANOW, &modes), 0);
}

TEST(foreground_groups)
{
	int group = 0, session = 0;
	pid_t child;

	NEED_TERMINAL;
	signal(SIGTTOU, SIG_IGN);
	EXPECT_EQ(ioctl(0, TIOCGPGRP, &group), 0);
	EXPECT_EQ(ioctl(0, TIOCGSID, &session), 0);
	EXPECT_EQ(session, syscall(SYS_getsid, 0));
	EXPECT_ERROR(ioctl(0, TIOCGPGRP, unmapped()), EFAULT);
	EXPECT_ERROR(ioctl(0, TIOCSPGRP, unmapped()), EFAULT);
	EXPECT_ERROR(tcsetpgrp(0, -5), EINVAL);
	EXPECT_ERROR(tcsetpgrp(0, 99999), ESRCH);
	child = fork();
	if (child == 0) {
		setsid();
		pause();
	}
	sleep_ms(20);
	EXPECT_ERROR(tcsetpgrp(0, child), EPERM); /* of another session */
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	EXPECT_EQ(ioctl(0, TIOCSCTTY, 0), 0); /* has it */
}

/* A session without a terminal, and one that wants ours. */
TEST(sessions)
{
	int group = 0;

	NEED_TERMINAL;
	EXPECT_EXIT(0, {
		setsid();
		EXPECT_ERROR(ioctl(0, TIOCGPGRP, &group), ENOTTY);
		EXPECT_ERROR(ioctl(0, TIOCGSID, &group), ENOTTY);
		EXPECT_ERROR(tcsetpgrp(0, getpgrp()), ENOTTY);
		EXPECT_ERROR(ioctl(0, TIOCNOTTY), ENOTTY);
		EXPECT_ERROR(ioctl(0, TIOCSCTTY, 0), EPERM);
		EXPECT_EXIT(0, EXPECT_ERROR(ioctl(0, TIOCSCTTY, 1), EPERM)); /* leads none */
		EXPECT(open("/dev/tty", O_RDWR | O_NOCTTY) >= 0 || errno == ENXIO);
		EXPECT(open("/dev/console", O_RDWR) >= 0);
		EXPECT_ERROR(ioctl(0, TIOCGPGRP, &group), ENOTTY);
	});
	EXPECT_EQ(ioctl(0, TIOCNOTTY), 0); /* no leader: it leaves it alone */
	EXPECT_EQ(ioctl(0, TIOCGPGRP, &group), 0);
}

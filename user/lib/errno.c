// SPDX-License-Identifier: MIT
/* Errors of system calls, and the words for them. */
#include <errno.h>
#include <signal.h>
#include <string.h>

#include "internal.h"

__thread int errno;

long system_call_failed(long result)
{
	errno = (int)-result;
	return -1;
}

const char *strerror(int error)
{
	static const struct {
		int number;
		const char *words;
	} errors[] = {
		{ 0, "no error" },
		{ EPERM, "not permitted" },
		{ ENOENT, "no such file or folder" },
		{ ESRCH, "no such process" },
		{ EINTR, "interrupted" },
		{ EIO, "input or output error" },
		{ ENXIO, "no such device" },
		{ E2BIG, "too many or too long arguments" },
		{ ENOEXEC, "not a program for this machine" },
		{ EBADF, "bad descriptor" },
		{ ECHILD, "no such child" },
		{ EAGAIN, "not now" },
		{ ENOMEM, "out of memory" },
		{ EACCES, "access denied" },
		{ EFAULT, "bad address" },
		{ EBUSY, "in use" },
		{ EEXIST, "exists already" },
		{ ENODEV, "not possible for this file" },
		{ ENOTDIR, "not a folder" },
		{ EISDIR, "a folder" },
		{ EINVAL, "bad argument" },
		{ ENFILE, "too many open files in the system" },
		{ EMFILE, "too many open files" },
		{ ENOTTY, "not a terminal" },
		{ EFBIG, "file too large" },
		{ ENOSPC, "no space left" },
		{ ESPIPE, "has no position" },
		{ EROFS, "cannot be written to" },
		{ EPIPE, "nobody reads the pipe" },
		{ ERANGE, "result too large" },
		{ EDEADLK, "would wait for itself" },
		{ ENAMETOOLONG, "name too long" },
		{ ENOSYS, "the kernel has no such call" },
		{ ELOOP, "too many links in the path" },
		{ EOVERFLOW, "does not fit" },
		{ EMSGSIZE, "message too long" },
		{ ENOTSUP, "not supported" },
		{ ETIMEDOUT, "timed out" },
		{ ECANCELED, "cancelled" },
	};

	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		if (errors[i].number == error)
			return errors[i].words;
	return "unknown error";
}

const char *strsignal(int signal)
{
	static const struct {
		int number;
		const char *words;
	} signals[] = {
		{ SIGHUP, "hung up" },
		{ SIGINT, "interrupted" },
		{ SIGQUIT, "quit" },
		{ SIGILL, "illegal instruction" },
		{ SIGTRAP, "trap" },
		{ SIGABRT, "aborted" },
		{ SIGBUS, "bus error" },
		{ SIGFPE, "arithmetic error" },
		{ SIGKILL, "killed" },
		{ SIGUSR1, "user signal 1" },
		{ SIGSEGV, "bad memory access" },
		{ SIGUSR2, "user signal 2" },
		{ SIGPIPE, "broken pipe" },
		{ SIGALRM, "alarm" },
		{ SIGTERM, "terminated" },
		{ SIGCHLD, "child ended" },
		{ SIGCONT, "continued" },
		{ SIGSTOP, "stopped" },
		{ SIGTSTP, "stopped from the terminal" },
		{ SIGSYS, "bad system call" },
	};

	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		if (signals[i].number == signal)
			return signals[i].words;
	return "unknown signal";
}

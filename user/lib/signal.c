// SPDX-License-Identifier: MIT
/*
 * Signal handlers and sets. Every handler is installed with SA_SIGINFO, so that there is one kind of frame
 * and one way back; a handler that takes only the number does not see the rest.
 */
#include <arch/signal.h>
#include <arch/system_call.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "internal.h"

#define WORD_BITS (8 * sizeof(long))

int sigaction(int signal, const struct sigaction *action, struct sigaction *old)
{
	struct kernel_sigaction wanted = { 0 }, had = { 0 };
	long result;

	if (action) {
		wanted.handler = (unsigned long)action->sa_handler;
		wanted.flags = action->sa_flags | SA_SIGINFO;
#ifdef SIGNAL_RESTORER
		wanted.flags |= SA_RESTORER;
		wanted.restorer = (unsigned long)SIGNAL_RESTORER;
#endif
		memcpy(wanted.mask, &action->sa_mask, sizeof(wanted.mask));
	}
	result = system_call_result(system_call4(SYS_rt_sigaction, signal,
						 action ? (long)&wanted : 0, old ? (long)&had : 0,
						 SIGNAL_SET_SIZE));
	if (result == 0 && old) {
		old->sa_handler = (sighandler_t)had.handler;
		old->sa_flags = had.flags;
		memcpy(&old->sa_mask, had.mask, sizeof(had.mask));
	}
	return (int)result;
}

sighandler_t signal(int signal, sighandler_t handler)
{
	struct sigaction action = { .sa_handler = handler, .sa_flags = SA_RESTART }, old;

	return sigaction(signal, &action, &old) == 0 ? old.sa_handler : SIG_ERR;
}

/* Waits with the mask as it is: not every architecture has the call `pause`. */
int pause(void)
{
	sigset_t mask;

	sigprocmask(SIG_BLOCK, NULL, &mask);
	return sigsuspend(&mask);
}

void abort(void)
{
	raise(SIGABRT);
	signal(SIGABRT, SIG_DFL);
	raise(SIGABRT);
	_exit(127);
}

int sigemptyset(sigset_t *set)
{
	memset(set, 0, sizeof(*set));
	return 0;
}

int sigfillset(sigset_t *set)
{
	memset(set, 0xff, sizeof(*set));
	return 0;
}

static int valid(int signal)
{
	if (signal >= 1 && signal <= (int)(8 * SIGNAL_SET_SIZE))
		return 1;
	errno = EINVAL;
	return 0;
}

int sigaddset(sigset_t *set, int signal)
{
	if (!valid(signal))
		return -1;
	set->words[(signal - 1) / WORD_BITS] |= 1ul << (signal - 1) % WORD_BITS;
	return 0;
}

int sigdelset(sigset_t *set, int signal)
{
	if (!valid(signal))
		return -1;
	set->words[(signal - 1) / WORD_BITS] &= ~(1ul << (signal - 1) % WORD_BITS);
	return 0;
}

int sigismember(const sigset_t *set, int signal)
{
	if (!valid(signal))
		return -1;
	return set->words[(signal - 1) / WORD_BITS] >> (signal - 1) % WORD_BITS & 1;
}

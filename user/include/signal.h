/* SPDX-License-Identifier: MIT */
#ifndef USER_SIGNAL_H
#define USER_SIGNAL_H

#include <sys/types.h>
#include <tessera/signal.h>
#include <tessera/time.h>

typedef struct signal_set sigset_t;
typedef struct siginfo siginfo_t;
typedef struct sigaltstack stack_t;
typedef void (*sighandler_t)(int signal);

#undef SIG_DFL
#undef SIG_IGN
#define SIG_DFL ((sighandler_t)0)
#define SIG_IGN ((sighandler_t)1)
#define SIG_ERR ((sighandler_t)-1)

struct sigaction {
	union {
		sighandler_t sa_handler;
		void (*sa_sigaction)(int signal, siginfo_t *info, void *context);
	};
	unsigned long sa_flags;
	sigset_t sa_mask;
};

int sigaction(int signal, const struct sigaction *action, struct sigaction *old);
/* sigaction with SA_RESTART. */
sighandler_t signal(int signal, sighandler_t handler);
int sigprocmask(int how, const sigset_t *set, sigset_t *old);
int sigpending(sigset_t *set);
int sigsuspend(const sigset_t *mask);
int sigtimedwait(const sigset_t *set, siginfo_t *info, const struct timespec *timeout);
int sigaltstack(const stack_t *stack, stack_t *old);
int kill(pid_t pid, int signal);
int tgkill(pid_t process, pid_t thread, int signal);
int raise(int signal);

int sigemptyset(sigset_t *set);
int sigfillset(sigset_t *set);
int sigaddset(sigset_t *set, int signal);
int sigdelset(sigset_t *set, int signal);
int sigismember(const sigset_t *set, int signal);

#endif

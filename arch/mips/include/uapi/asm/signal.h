/* SPDX-License-Identifier: MIT */
/* Signals as Linux numbers them on MIPS (o32), after System V. */
#ifndef UAPI_ASM_SIGNAL_H
#define UAPI_ASM_SIGNAL_H

#define SIGEMT	  7
#define SIGBUS	  10
#define SIGSYS	  12
#define SIGUSR1	  16
#define SIGUSR2	  17
#define SIGCHLD	  18
#define SIGPWR	  19
#define SIGWINCH  20
#define SIGURG	  21
#define SIGIO	  22
#define SIGSTOP	  23
#define SIGTSTP	  24
#define SIGCONT	  25
#define SIGTTIN	  26
#define SIGTTOU	  27
#define SIGVTALRM 28
#define SIGPROF	  29
#define SIGXCPU	  30
#define SIGXFSZ	  31

#define SIG_BLOCK   1
#define SIG_UNBLOCK 2
#define SIG_SETMASK 3

#define SA_NOCLDSTOP 0x00000001ul
#define SA_NOCLDWAIT 0x00010000ul
#define SA_SIGINFO   0x00000008ul
#define SA_ONSTACK   0x08000000ul
#define SA_RESTART   0x10000000ul
#define SA_NODEFER   0x40000000ul
#define SA_RESETHAND 0x80000000ul
/* No SA_RESTORER: the kernel has the trampoline. */

#define SIGNAL_SET_SIZE 16 /* bytes: room for 128 signals, of which Tessera has 64 */
#define MINSIGSTKSZ	2048

/* What rt_sigaction takes; `mask` is a struct signal_set. */
struct kernel_sigaction {
	unsigned int flags;
	unsigned long handler;
	unsigned long mask[SIGNAL_SET_SIZE / sizeof(long)];
};

struct sigaltstack {
	void *ss_sp;
	unsigned long ss_size;
	int ss_flags;
};

#define SIGINFO_CODE_FIRST /* si_code stands before si_errno */

#endif

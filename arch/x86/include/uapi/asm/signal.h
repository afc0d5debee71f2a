/* SPDX-License-Identifier: MIT */
/* Signals as Linux numbers them on x86. */
#ifndef UAPI_ASM_SIGNAL_H
#define UAPI_ASM_SIGNAL_H

#define SIGBUS	  7
#define SIGUSR1	  10
#define SIGUSR2	  12
#define SIGSTKFLT 16
#define SIGCHLD	  17
#define SIGCONT	  18
#define SIGSTOP	  19
#define SIGTSTP	  20
#define SIGTTIN	  21
#define SIGTTOU	  22
#define SIGURG	  23
#define SIGXCPU	  24
#define SIGXFSZ	  25
#define SIGVTALRM 26
#define SIGPROF	  27
#define SIGWINCH  28
#define SIGIO	  29
#define SIGPWR	  30
#define SIGSYS	  31

#define SIG_BLOCK   0
#define SIG_UNBLOCK 1
#define SIG_SETMASK 2

#define SA_NOCLDSTOP 0x00000001ul
#define SA_NOCLDWAIT 0x00000002ul
#define SA_SIGINFO   0x00000004ul
#define SA_RESTORER  0x04000000ul
#define SA_ONSTACK   0x08000000ul
#define SA_RESTART   0x10000000ul
#define SA_NODEFER   0x40000000ul
#define SA_RESETHAND 0x80000000ul

#define SIGNAL_SET_SIZE 8 /* bytes */
#define MINSIGSTKSZ	2048

/* What rt_sigaction takes; `mask` is a struct signal_set. */
struct kernel_sigaction {
	unsigned long handler;
	unsigned long flags;
	unsigned long restorer;
	unsigned long mask[SIGNAL_SET_SIZE / sizeof(long)];
};
#define KERNEL_SIGACTION_RESTORER

struct sigaltstack {
	void *ss_sp;
	int ss_flags;
	unsigned long ss_size;
};

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Signals: what is the same on every architecture. Numbers, flags and the order of fields that
 * differ are in asm/signal.h.
 */
#ifndef UAPI_TESSERA_SIGNAL_H
#define UAPI_TESSERA_SIGNAL_H

#include <asm/signal.h>
#include <stdint.h>

#define SIGHUP	 1
#define SIGINT	 2
#define SIGQUIT	 3
#define SIGILL	 4
#define SIGTRAP	 5
#define SIGABRT	 6
#define SIGFPE	 8
#define SIGKILL	 9
#define SIGSEGV	 11
#define SIGPIPE	 13
#define SIGALRM	 14
#define SIGTERM	 15
#define SIGRTMIN 32
#define SIGRTMAX 64 /* MIPS programs may name more; those are -EINVAL */

/* Bit n-1 of a set is signal n; a set is SIGNAL_SET_SIZE bytes in words of a long. */
#define SIGNAL_SET_WORDS (SIGNAL_SET_SIZE / sizeof(long))

struct signal_set {
	unsigned long words[SIGNAL_SET_WORDS];
};

/* Handlers that are none. */
#define SIG_DFL 0
#define SIG_IGN 1

/* The alternate stack. */
#define SS_ONSTACK    1
#define SS_DISABLE    2
#define SS_AUTODISARM 0x80000000u

/* si_code: why. */
#define SI_USER	      0 /* kill */
#define SI_KERNEL     0x80
#define SI_QUEUE      (-1)
#define SI_TKILL      (-6)
#define ILL_ILLOPC    1
#define ILL_ILLOPN    2
#define ILL_ILLTRP    4
#define ILL_PRVOPC    5
#define ILL_COPROC    7
#define FPE_INTDIV    1
#define FPE_INTOVF    2
#define FPE_FLTDIV    3
#define FPE_FLTOVF    4
#define FPE_FLTUND    5
#define FPE_FLTRES    6
#define FPE_FLTINV    7
#define FPE_FLTSUB    8
#define SEGV_MAPERR   1 /* nothing is mapped there */
#define SEGV_ACCERR   2 /* something is, but it does not allow that */
#define BUS_ADRALN    1
#define BUS_ADRERR    2
#define TRAP_BRKPT    1
#define TRAP_TRACE    2
#define CLD_EXITED    1
#define CLD_KILLED    2
#define CLD_DUMPED    3
#define CLD_STOPPED   5
#define CLD_CONTINUED 6

union signal_value {
	int number;
	void *pointer;
};

/* What a handler with SA_SIGINFO sees, and rt_sigtimedwait gives. */
struct siginfo {
	int si_signo;
#ifdef SIGINFO_CODE_FIRST
	int si_code;
	int si_errno;
#else
	int si_errno;
	int si_code;
#endif
	union {
		long alignment; /* the rest begins at a multiple of a long */
		int padding[(sizeof(long) == 8 ? 112 : 116) / sizeof(int)];
		struct {
			int pid;
			int uid;
			union {
				union signal_value value;
				int status; /* SIGCHLD */
			};
		} from;
		struct {
			void *address;
		} fault;
	} fields;
} __attribute__((aligned(sizeof(long))));

#define si_pid	  fields.from.pid
#define si_uid	  fields.from.uid
#define si_value  fields.from.value
#define si_status fields.from.status
#define si_addr	  fields.fault.address

#endif

/* SPDX-License-Identifier: MIT */
/* How a signal handler returns: through code of ours, which calls rt_sigreturn (start.S). */
#ifndef USER_ARCH_SIGNAL_H
#define USER_ARCH_SIGNAL_H

void signal_restorer(void);

#define SIGNAL_RESTORER signal_restorer

#endif

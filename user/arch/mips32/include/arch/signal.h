/* SPDX-License-Identifier: MIT */
/* How a signal handler returns: through code of the kernel's. */
#ifndef USER_ARCH_SIGNAL_H
#define USER_ARCH_SIGNAL_H

#endif

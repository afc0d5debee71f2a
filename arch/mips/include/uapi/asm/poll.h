/* SPDX-License-Identifier: MIT */
#ifndef UAPI_ASM_POLL_H
#define UAPI_ASM_POLL_H

#define POLLWRNORM POLLOUT
#define POLLWRBAND 0x0100

#endif

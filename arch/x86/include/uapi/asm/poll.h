/* SPDX-License-Identifier: MIT */
#ifndef UAPI_ASM_POLL_H
#define UAPI_ASM_POLL_H

#define POLLWRNORM 0x0100
#define POLLWRBAND 0x0200

#endif

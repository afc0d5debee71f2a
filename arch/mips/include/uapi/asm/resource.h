/* SPDX-License-Identifier: MIT */
/* Limits whose numbers differ between architectures. */
#ifndef UAPI_ASM_RESOURCE_H
#define UAPI_ASM_RESOURCE_H

#define RLIMIT_NOFILE  5
#define RLIMIT_AS      6
#define RLIMIT_RSS     7
#define RLIMIT_NPROC   8
#define RLIMIT_MEMLOCK 9

#define RLIM_INFINITY 0x7ffffffful

#endif

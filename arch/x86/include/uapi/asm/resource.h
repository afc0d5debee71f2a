/* SPDX-License-Identifier: MIT */
/* Limits whose numbers differ between architectures. */
#ifndef UAPI_ASM_RESOURCE_H
#define UAPI_ASM_RESOURCE_H

#define RLIMIT_RSS     5
#define RLIMIT_NPROC   6
#define RLIMIT_NOFILE  7
#define RLIMIT_MEMLOCK 8
#define RLIMIT_AS      9

#define RLIM_INFINITY (~0ul)

#endif

/* SPDX-License-Identifier: MIT */
#ifndef USER_SYS_RESOURCE_H
#define USER_SYS_RESOURCE_H

#include <tessera/resource.h>

int getrlimit(int resource, struct rlimit *limit);
int setrlimit(int resource, const struct rlimit *limit);
int getrusage(int who, struct rusage *usage);
int getpriority(int which, unsigned who); /* -20 .. 19, or -1 with errno */
int setpriority(int which, unsigned who, int nice);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef PROCESS_USAGE_H
#define PROCESS_USAGE_H

#include <tessera/resource.h>

/* A struct rusage with this much processor time; everything else is 0. */
void usage_fill(struct rusage *usage, uint64_t run_time);

#endif

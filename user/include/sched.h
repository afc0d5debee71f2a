/* SPDX-License-Identifier: MIT */
#ifndef USER_SCHED_H
#define USER_SCHED_H

#include <sys/types.h>
#include <tessera/clone.h>
#include <tessera/scheduling.h>

int sched_yield(void);
int sched_setscheduler(pid_t pid, int policy, const struct sched_param *param);
int sched_getscheduler(pid_t pid);
int sched_getparam(pid_t pid, struct sched_param *param);
int sched_get_priority_max(int policy);
int sched_get_priority_min(int policy);

#endif

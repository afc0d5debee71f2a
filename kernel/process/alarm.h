/* SPDX-License-Identifier: MIT */
#ifndef PROCESS_ALARM_H
#define PROCESS_ALARM_H

#include <tessera/process.h>

/* Of a new process; of one that ends. */
void alarm_init(struct process *process);
void alarm_cancel(struct process *process);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef PROCESS_FUTEX_H
#define PROCESS_FUTEX_H

#include <tessera/process.h>

/* Wakes one of those who wait for the word at this address of the running process. */
void futex_wake_one(uintptr_t address);

/* Start-up. */
void futex_init(void);

/* The running task ends: the robust locks that it holds are marked, and one waiter of each woken. */
void robust_list_release(struct task *self);

#endif

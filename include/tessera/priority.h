/* SPDX-License-Identifier: MIT */
/*
 * The range of priorities. Apart from thread.h, since whatever includes this is compiled anew for each number
 * of levels.
 */
#ifndef TESSERA_PRIORITY_H
#define TESSERA_PRIORITY_H

#ifdef CONFIG_SCHED_PRIORITY
#define THREAD_PRIORITY_MAX (CONFIG_SCHED_PRIORITY_LEVELS - 1)
#else
#define THREAD_PRIORITY_MAX 31
#endif
#define THREAD_PRIORITY_DEFAULT (THREAD_PRIORITY_MAX / 2)

#endif

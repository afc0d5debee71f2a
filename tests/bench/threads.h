/* SPDX-License-Identifier: MIT */
#ifndef TESTS_BENCH_THREADS_H
#define TESTS_BENCH_THREADS_H

/* Returns just after a tick, interrupts enabled: a while without interrupts begins. */
void bench_after_tick(void);

#endif

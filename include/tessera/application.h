/* SPDX-License-Identifier: MIT */
/*
 * An application: a folder of the builder's own, linked into the kernel with `make APP=folder`
 * (Documentation/applications.md). It may call whatever the headers of include/tessera offer.
 */
#ifndef TESSERA_APPLICATION_H
#define TESSERA_APPLICATION_H

/*
 * What the application defines: the entry of its first thread, called "application", with the
 * priority THREAD_PRIORITY_DEFAULT (priority.h). It runs once, after start-up: interrupts are on, everything that
 * the configuration holds may be used, and the call may block, make threads, and never return. With
 * MONITOR the monitor runs beside it, at the same priority: an application that neither blocks nor
 * yields keeps it away unless PREEMPT_KERNEL is on. A kernel that was started with test= or
 * bench= ends without it.
 *
 * The result is logged (0 as a notice, anything else as an error; thread_exit logs nothing), and the
 * thread's memory and id return. The kernel, and other threads that the application made, go on.
 */
int application_main(void);

/* Start-up, once: starts that thread. Without memory for it this is logged, and the kernel goes on. */
void application_start(void);

#endif

/* SPDX-License-Identifier: MIT */
/* Traces of system calls (USER_TRACE, boot argument `trace`). */
#ifndef PROCESS_TRACE_H
#define PROCESS_TRACE_H

#include <tessera/process.h>

#ifdef CONFIG_USER_TRACE

/* The running task runs another program: traced from now on, or no more. */
void trace_begin(struct task *self);

/* The running call is over: logs it. */
void trace_result(struct trap_frame *frame);

#else

static inline void trace_begin(struct task *self)
{
	(void)self;
}

static inline void trace_result(struct trap_frame *frame)
{
	(void)frame;
}

#endif
#endif

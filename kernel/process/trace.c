// SPDX-License-Identifier: MIT
/*
 * Traces of system calls. A task that is traced has WORK_TRACE set, so the entry code takes the long
 * way out of every call; there the number, the arguments and the result are all in the frame, and make one
 * line of the log. So tasks that are not traced pay nothing. A call that does not come back (exit, or
 * execve when it succeeds) is not shown.
 */
#include <asm/irqflags.h>
#include <tessera/boot_parameter.h>
#include <tessera/format.h>
#include <tessera/log.h>
#include <tessera/string.h>

#include "trace.h"

#define LOG_TAG "trace"

#define SYSTEM_CALL(number, name)	 { number, #name },
#define SYSTEM_CALL_FULL(number, name)	 SYSTEM_CALL(number, name)
#define SYSTEM_CALL_MASKED(number, name) SYSTEM_CALL(number, name)

static const struct {
	int number;
	const char *name;
} names[] = {
#include <asm/system_calls.h>
};

static const char *traced_name; /* NULL: nobody; "": everybody */

static int set_trace(const char *value)
{
	traced_name = value;
	return 0;
}
BOOT_PARAMETER(trace, set_trace, "NAME: log the system calls of programs of that name, or of all");

void trace_begin(struct task *self)
{
	bool traced = traced_name && (!*traced_name || !strcmp(traced_name, self->process->name));

	irq_disable(); /* interrupts set other bits of it */
	self->thread->work &= (uint8_t)~WORK_TRACE;
	if (traced)
		self->thread->work |= WORK_TRACE;
	irq_enable();
}

static const char *name_of(int number)
{
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (names[i].number == number)
			return names[i].name;
	return NULL;
}

void trace_result(struct trap_frame *frame)
{
	struct task *self = current_task();
	int number = user_frame_system_call(frame);
	const char *name = name_of(number);
	unsigned long a[6];
	char unknown[16];

	if (number < 0)
		return;
	for (unsigned i = 0; i < ARRAY_SIZE(a); i++)
		a[i] = user_frame_argument(frame, i);
	if (!name) {
		snprintf(unknown, sizeof(unknown), "call %d", number);
		name = unknown;
	}
	log_info("%s[%d]: %s(%lx, %lx, %lx, %lx, %lx, %lx) = %ld", self->process->name, self->tid,
		 name, a[0], a[1], a[2], a[3], a[4], a[5], user_frame_result(frame));
}

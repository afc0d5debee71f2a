// SPDX-License-Identifier: MIT
/* Tessera's own calls. */
#include <arch/system_call.h>
#include <ipc.h>
#include <sys/syscall.h>

#include "internal.h"

int semaphore_create(unsigned initial, int flags)
{
	return (int)system_call_result(system_call2(SYS_semaphore_create, (long)initial, flags));
}

int semaphore_wait(int semaphore, const struct timespec *timeout)
{
	return (int)system_call_result(system_call2(SYS_semaphore_wait, semaphore, (long)timeout));
}

int semaphore_post(int semaphore)
{
	return (int)system_call_result(system_call1(SYS_semaphore_post, semaphore));
}

int semaphore_exchange(int post, int wait, const struct timespec *timeout)
{
	return (int)system_call_result(
		system_call3(SYS_semaphore_exchange, post, wait, (long)timeout));
}

int semaphore_value(int semaphore, int *value)
{
	return (int)system_call_result(system_call2(SYS_semaphore_value, semaphore, (long)value));
}

int message_box_create(unsigned slots, size_t size, int flags)
{
	return (int)system_call_result(
		system_call3(SYS_message_box_create, (long)slots, (long)size, flags));
}

int message_box_send(int box, const void *bytes, size_t n, const struct timespec *timeout)
{
	return (int)system_call_result(
		system_call4(SYS_message_box_send, box, (long)bytes, (long)n, (long)timeout));
}

ssize_t message_box_receive(int box, void *bytes, size_t n, struct message_request *request)
{
	return system_call_result(
		system_call4(SYS_message_box_receive, box, (long)bytes, (long)n, (long)request));
}

int message_box_info(int box, struct message_box_state *state)
{
	return (int)system_call_result(system_call2(SYS_message_box_info, box, (long)state));
}

int event_send(pid_t pid, unsigned long word, const struct timespec *timeout)
{
	return (int)system_call_result(
		system_call3(SYS_event_send, pid, (long)word, (long)timeout));
}

int event_receive(struct event_message *event, const struct timespec *timeout)
{
	return (int)system_call_result(system_call2(SYS_event_receive, (long)event, (long)timeout));
}

int event_exchange(pid_t pid, unsigned long word, struct event_message *event,
		   const struct timespec *timeout)
{
	return (int)system_call_result(
		system_call4(SYS_event_exchange, pid, (long)word, (long)event, (long)timeout));
}

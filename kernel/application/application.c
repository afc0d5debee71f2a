/* SPDX-License-Identifier: MIT */
/* The application's thread. Nobody joins it: what it leaves is its status, in the log. */
#include <tessera/application.h>
#include <tessera/log.h>
#include <tessera/priority.h>
#include <tessera/thread.h>

#define LOG_TAG "application"

static int run(void *unused)
{
	int status = application_main();

	if (status)
		log_error("ended with status %d", status);
	else
		log_notice("ended with status 0");
	return status;
}

void application_start(void)
{
	struct thread *thread = thread_create(run, NULL, "application", THREAD_PRIORITY_DEFAULT);

	if (!thread) {
		log_error("no memory for its thread: it does not run");
		return;
	}
	thread_detach(thread);
}

/* SPDX-License-Identifier: MIT */
/* What a storm finds on a real machine: the tick comes by itself, and nobody keeps records. */
#include "storm.h"

void interrupts_often(bool often)
{
}

void record_semaphore(const struct actor *self, const char *operation, const struct semaphore *all,
		      unsigned first, unsigned second, uint64_t timeout)
{
}

void record_message_box(const struct actor *self, const char *operation,
			struct message_box *const *all, unsigned which, unsigned number,
			uint64_t timeout)
{
}

void record_event(const struct actor *self, const char *operation, const struct actor *other,
		  unsigned long word, uint64_t timeout)
{
}

void record_priority(const struct actor *actor, unsigned priority)
{
}

void record_result(const struct actor *self, int result, unsigned from, unsigned long what)
{
}

/* SPDX-License-Identifier: MIT */
/*
 * The record of the storms (tests/suites/storm.h), for tests/models/replay. A line for each begin of an
 * operation, by which thread, with the state of its objects just before, and one for its result:
 *
 *	7 wait 2 timed / 0 4+ 9-	count 0; thread 4 waits with a timer, 9 without
 *	7 exchange 0 2 forever / 5 / 0 4+ 9- 7+
 *	7 result 0 0 0
 *	5 send 1 17 poll / 2 / 3- / 	message 17 to box 1; 2 held; senders; receivers
 *	5 send 3 99 forever / 4+ 6- / 3 8+	word 99 to thread 3; 4 and 6 receive; 8 sends to 3
 *	5 exit / 4+ 6-
 *	5 priority 17		thread 5 has this priority from now on (only where the class goes by it)
 *
 * From the record to the effect of the operation nothing happens on the simulated machine: ticks are
 * held until the operation blocks or is over.
 */
#include <asm/irqflags.h>
#include <tessera/errno.h>
#include <tessera/format.h>
#include <tessera/message_box.h>
#include <tessera/semaphore.h>
#include <tessera/test.h>

#include "../suites/storm.h"
#include "machine.h"
#include "record.h"

static bool recording;

/* The operation that each actor is in, if it is one on a box. */
static struct {
	const struct message_box *box;
	bool sends;
} current[STORM_THREADS];

bool record_storms(const char *path)
{
	recording = host_record_open(path);
	return recording;
}

static void write(const char *format, ...) __printf(1, 2);

static void write(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vformat_write(host_record, format, args);
	va_end(args);
}

static const char *timeout_name(uint64_t timeout)
{
	return timeout == 0 ? "poll" : timeout == FOREVER ? "forever" : "timed";
}

static void write_waiter(const struct thread *thread)
{
	write(" %u%c", actor_of(thread)->number, timer_pending(&thread->timeout) ? '+' : '-');
}

/* Gives their number. */
static unsigned write_waiters(const struct wait_queue *queue)
{
	unsigned count = 0;

	list_for_each(node, &queue->waiters) {
		write_waiter(list_entry(node, struct thread, link));
		count++;
	}
	return count;
}

void record_result(const struct actor *self, int result, unsigned from, unsigned long what)
{
	if (!recording)
		return;
	host_let_ticks();
	current[self->number].box = NULL;
	write("%u result %d %u %lu\n", self->number, result, from, what);
}

void record_priority(const struct actor *actor, unsigned priority)
{
	if (recording && IS_ENABLED(CONFIG_SCHED_PRIORITY))
		write("%u priority %u\n", actor->number, priority);
}

#ifdef CONFIG_IPC_SEMAPHORE

static void write_semaphore(const struct semaphore *semaphore)
{
	write(" / %d", semaphore->count);
	write_waiters(&semaphore->waiters);
}

void record_semaphore(const struct actor *self, const char *operation, const struct semaphore *all,
		      unsigned first, unsigned second, uint64_t timeout)
{
	if (!recording)
		return;
	host_hold_ticks();
	write("%u %s %u %u %s", self->number, operation, first, second, timeout_name(timeout));
	write_semaphore(&all[first]);
	write_semaphore(&all[second]);
	write("\n");
}

#endif

#ifdef CONFIG_IPC_MESSAGE_BOX

/* A box shows its queues to nobody, but each thread that waits knows where it does. */
static unsigned write_box_waiters(const struct message_box *box, bool senders)
{
	write(" /");
	for (unsigned i = 0; i < STORM_THREADS; i++)
		if (current[i].box == box && current[i].sends == senders &&
		    wait_is_queue(actors[i].thread->waiting_on))
			return write_waiters(actors[i].thread->waiting_on);
	return 0;
}

void record_message_box(const struct actor *self, const char *operation,
			struct message_box *const *all, unsigned which, unsigned number,
			uint64_t timeout)
{
	struct message_box *box = all[which];
	struct message_box_info info;
	unsigned long flags;

	if (!recording)
		return;
	host_hold_ticks();
	flags = irq_save();
	message_box_info(box, &info);
	write("%u %s %u %u %s / %u", self->number, operation, which, number, timeout_name(timeout),
	      info.messages);
	EXPECT_EQ(write_box_waiters(box, true), info.senders);
	EXPECT_EQ(write_box_waiters(box, false), info.receivers);
	write("\n");
	irq_restore(flags);
	current[self->number].box = box;
	current[self->number].sends = operation[0] == 's';
}

#endif

#ifdef CONFIG_IPC_EVENT

void record_event(const struct actor *self, const char *operation, const struct actor *other,
		  unsigned long word, uint64_t timeout)
{
	if (!recording)
		return;
	host_hold_ticks();
	write("%u %s %u %lu %s /", self->number, operation, other->number, word,
	      timeout_name(timeout));
	for (unsigned i = 0; i < STORM_THREADS; i++)
		if (actors[i].thread->waiting_on == WAIT_EVENT)
			write_waiter(actors[i].thread);
	for (unsigned i = 0; i < STORM_THREADS; i++) {
		if (wait_queue_empty(&actors[i].thread->event_senders))
			continue;
		write(" / %u", i);
		write_waiters(&actors[i].thread->event_senders);
	}
	write("\n");
}

#endif

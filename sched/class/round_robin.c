// SPDX-License-Identifier: MIT
/*
 * Round-robin: one FIFO of ready threads, each of which runs for at most a time slice and then goes to
 * the tail (HOS's RR_scheduler). Every thread has the same level, so no wake-up ever preempts.
 *
 * Cost: O(1), two words in all. Weakness: no thread is more urgent than another, so the time from a
 * wake-up to running grows with the number of ready threads.
 */
#include <tessera/sched.h>

const char sched_class_name[] = "round-robin";

#define THE_LEVEL 1ul

static struct list_node fifo;

void sched_class_init(void)
{
	list_init(&fifo);
}

void sched_class_set_level(struct thread *thread)
{
	thread->level = THE_LEVEL;
}

void sched_class_enqueue_tail(struct thread *thread)
{
	list_add_tail(&fifo, &thread->link);
	this_cpu()->ready = THE_LEVEL;
}

void sched_class_enqueue_head(struct thread *thread)
{
	list_add_head(&fifo, &thread->link);
	this_cpu()->ready = THE_LEVEL;
}

void sched_class_dequeue(struct thread *thread)
{
	list_remove(&thread->link);
	this_cpu()->ready = !list_empty(&fifo);
}

struct thread *sched_class_pick(void)
{
	struct list_node *node = list_pop_head(&fifo);

	if (!node)
		return NULL;
	this_cpu()->ready = !list_empty(&fifo);
	return list_entry(node, struct thread, link);
}

// SPDX-License-Identifier: MIT
/*
 * Fixed priorities: one list of ready threads per level, and a word with one bit per level that is
 * not empty, so the highest ready thread is found with one bit scan (the method of the O(1)
 * schedulers since VAX/VMS; here in the form of HOS's run queue with a bitmap in front). Threads of
 * one level share the CPU round-robin by the time slice.
 *
 * Cost: O(1) everywhere; two words per level. Weakness: a thread that never blocks starves all
 * levels below it. That is what a builder of this class asks for.
 */
#include <tessera/bitops.h>
#include <tessera/sched.h>

const char sched_class_name[] = "priority";

static struct list_node levels[CONFIG_SCHED_PRIORITY_LEVELS];

static struct list_node *level_list(const struct thread *thread)
{
	return &levels[bit_last(thread->level)];
}

void sched_class_init(void)
{
	for (unsigned i = 0; i < ARRAY_SIZE(levels); i++)
		list_init(&levels[i]);
}

void sched_class_set_level(struct thread *thread)
{
	thread->level = BIT(thread->priority);
}

void sched_class_enqueue_tail(struct thread *thread)
{
	list_add_tail(level_list(thread), &thread->link);
	this_cpu()->ready |= thread->level;
}

void sched_class_enqueue_head(struct thread *thread)
{
	list_add_head(level_list(thread), &thread->link);
	this_cpu()->ready |= thread->level;
}

void sched_class_dequeue(struct thread *thread)
{
	list_remove(&thread->link);
	if (list_empty(level_list(thread)))
		this_cpu()->ready &= ~thread->level;
}

struct thread *sched_class_pick(void)
{
	unsigned long ready = this_cpu()->ready;
	struct list_node *list;
	struct thread *thread;

	if (!ready)
		return NULL;
	list = &levels[bit_last(ready)];
	thread = list_first_entry(list, struct thread, link);
	list_remove(&thread->link);
	if (list_empty(list))
		this_cpu()->ready = ready & ~thread->level;
	return thread;
}
